"""Units: a tree, and codes where there are none."""

from folkmoot.exchange.tests.importing import UNITS, outcomes, rejections, why
from folkmoot.people.models import Person, Unit

HEADER = "code,name,parent,kind\n"


def tree() -> dict[str, tuple[str, str]]:
    """{code: (code of the parent, kind)}."""
    return {
        unit.code: (unit.parent.code if unit.parent else "", unit.kind)
        for unit in Unit.objects.select_related("parent")
    }


def test_kinds_are_inherited_where_they_are_not_stated(desk):
    desk.imports(units=UNITS + "AI,Intelligence Lab,CS,\nAI2,Robots,AI,other\n")
    assert tree() == {
        "UNI": ("", "other"), "HR": ("UNI", "central"), "CS": ("UNI", "academic"), "AI": ("CS", "academic"),
        "AI2": ("AI", "other"),
    }  # fmt: skip


def test_children_may_stand_before_their_parents(desk):
    assert desk.imports(units=HEADER + "B,Below,A,\nA,Above,,central\n").committed
    assert tree() == {"A": ("", "central"), "B": ("A", "central")}


def test_a_parent_may_be_given_by_its_name(desk):
    assert desk.imports(units=HEADER + "B,Below,the ABOVE,\nA,The Above,,academic\n").committed
    assert tree()["B"] == ("A", "academic")


def test_a_name_that_two_units_have_is_no_parent(desk):
    report = desk.imports(units=HEADER + "A1,Above,,\nA2,Above,,\nB,Below,Above,\n")
    assert rejections(report) == [("units.csv", 4, "parent")]
    assert "A1, A2" in why(report)


def test_an_unknown_parent_is_refused_with_the_nearest(desk):
    report = desk.imports(
        units=UNITS + "X,Something,hr ,\nY,Other,COMPUTER-SCIENCE,\nZ,Else,Comptuer Science,\n"
    )
    assert rejections(report) == [
        ("units.csv", 5, "parent"),
        ("units.csv", 6, "parent"),
        ("units.csv", 7, "parent"),
    ]
    assert "nearest is “HR”" in why(report)


def test_a_ring_is_refused_and_named(desk):
    report = desk.imports(
        units=HEADER + "A,One,C,\nB,Two,A,\nC,Three,B,\nD,Four,C,\nE,Five,E,\n", skip_bad_rows=True
    )
    assert {(line, column) for _file, line, column in rejections(report)} == {
        (2, "parent"), (3, "parent"), (4, "parent"), (5, "parent"), (6, "parent"),
    }  # fmt: skip
    assert "A → C → B → A" in why(report)
    assert "E → E" in why(report)
    assert "“C” was itself rejected (line 4)" in why(report)
    assert not report.committed


def test_a_ring_through_units_that_are_here_is_refused(desk):
    desk.imports(units=UNITS)
    report = desk.imports(units=HEADER + "UNI,The University,CS,\nNEW,New,UNI,\n", skip_bad_rows=True)
    assert "UNI → CS → UNI" in why(report)
    assert rejections(report) == [("units.csv", 2, "parent")]
    assert tree()["NEW"] == ("UNI", "other")
    assert tree()["UNI"] == ("", "other")


def test_a_unit_moves_and_its_kind_follows(desk):
    desk.imports(units=UNITS + "T,Team,HR,\n")
    report = desk.imports(units=UNITS + "T,Team,CS,\n")
    assert outcomes(report, "units") == {"updated": 1, "unchanged": 3}
    assert tree()["T"] == ("CS", "academic")


def test_a_unit_without_a_code_gets_one_and_is_known_by_name_and_parent(desk):
    content = UNITS + ",Staff Learning & Growth,HR,\n,Staff Learning & Growth,CS,\n"
    report = desk.imports(units=content)
    assert report.committed
    assert {"staff-learning-growth", "staff-learning-growth-2"} < set(tree())
    assert len(report.warnings) == 2
    again = desk.imports(units=content)
    assert outcomes(again, "units") == {"unchanged": 5}
    Unit.objects.filter(code="staff-learning-growth").update(name="Growth")
    assert outcomes(desk.imports(units=content), "units") == {"unchanged": 4, "kept": 1}
    assert Unit.objects.count() == 5


def test_one_code_for_two_units_is_refused_and_a_repeated_row_is_not(desk):
    report = desk.imports(units=UNITS + "HR,Human Resources,UNI,central\nHR,Hot Rods,,\n", skip_bad_rows=True)
    assert rejections(report) == [("units.csv", 6, "code")]
    assert outcomes(report, "units") == {"created": 3, "unchanged": 1}


def test_an_unknown_kind_is_refused_with_the_nearest(desk):
    report = desk.imports(units=HEADER + "A,One,,academical\nB,Two,,Central Services\n")
    assert rejections(report) == [("units.csv", 2, "kind")]
    assert "“academic”" in why(report)


def test_the_people_of_a_renamed_unit_are_found_by_its_new_name(desk):
    desk.imports_all()
    desk.imports(units=UNITS.replace("Human Resources", "People & Culture"))
    assert [person.ref for person in Person.objects.matching("culture")] == ["000001"]
    assert not Person.objects.matching("human")


def test_people_in_a_rejected_unit_are_told_so(desk):
    report = desk.imports(units=HEADER + "X,X,nowhere,\n", people="id,name,unit\n1,Ada,X\n")
    assert rejections(report) == [("units.csv", 2, "parent"), ("people.csv", 2, "unit")]
    assert "was itself rejected" in why(report)
