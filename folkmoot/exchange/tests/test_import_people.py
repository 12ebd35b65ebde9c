"""People: ids are text, one address a person, and what people changed here stays."""

from datetime import date, timedelta

import time_machine

from folkmoot.calendar.days import today
from folkmoot.exchange.importing import people as importing
from folkmoot.exchange.tests.importing import PEOPLE, UNITS, outcomes, rejections, why
from folkmoot.people.actions import invite
from folkmoot.people.actions.profiles import edit_profile
from folkmoot.people.models import Person, SignInLink

HEADER = "staff_id,display_name,email\n"


def refs():
    return sorted(Person.objects.values_list("ref", flat=True))


def test_ids_stay_text(desk):
    desk.imports(people=HEADER + "000123,Ana,\n 7 ,Bo,\nA/b c?#é,Cy,\n")
    assert refs() == ["000123", "7", "A/b c?#é"]


def test_one_person_twice_is_one_person(desk):
    twice = "1,José Peña,jose.pena@example.org\n1,Jose\u0301  Pen\u0303a,Jose.Pena@Example.org\n"
    report = desk.imports(people=HEADER + twice)
    assert report.committed
    assert outcomes(report, "people") == {"created": 1, "unchanged": 1}
    assert Person.objects.get().email == "jose.pena@example.org"


def test_two_people_under_one_id_are_refused(desk):
    report = desk.imports(people=HEADER + "1,Ana,\n1,Bo,\n2,Cy,cy@x.org\n2,Cy,other@x.org\n")
    assert rejections(report) == [("people.csv", 3, "staff_id"), ("people.csv", 5, "staff_id")]
    assert "another person in line 2" in why(report)


def test_ids_that_a_spreadsheet_has_mangled_are_reported(desk):
    rows = "123,Ana,a@x.org\n000123,Bo,b@x.org\nab1,Cy,\nAB1,Di,\n1.23457E+11,Ed,\n1-Mar,Fay,\n"
    report = desk.imports(people=HEADER + rows, skip_bad_rows=True)
    assert [line for _file, line, _column in rejections(report)] == [3, 5, 6]
    assert "“000123” and “123” (line 2) may be one person" in why(report)
    assert "leading zeros" in why(report)
    assert "lost its last digits" in why(report)
    assert [warning.line for warning in report.warnings] == [7]
    again = desk.imports(people=HEADER + "0123,Ana,\n")
    assert "(the directory)" in why(again)


def test_clashes_are_reported_even_where_the_names_are_missing(desk):
    report = desk.imports(people="staff_id,upi,email\n123,x,a@x.org\n000123,y,b@x.org\n123 ,,c@x.org\n")
    assert rejections(report) == [
        ("people.csv", 1, "name"),
        ("people.csv", 3, "staff_id"),
        ("people.csv", 4, "staff_id"),
    ]
    assert outcomes(report, "people") == {}


def test_an_address_belongs_to_one_person(desk):
    rows = (
        "1,José Peña,jose.pena@x.org\n2,Jose Pena,jose.pena+cop@x.org\n3,José Peña, Jose.Pena@x.org\n"
        "4,José Peña,jose.pena2@x.org\n5,Other Name,jose.pena+own@x.org\n"
    )
    report = desk.imports(people=HEADER + rows, skip_bad_rows=True)
    assert rejections(report) == [("people.csv", 3, "email"), ("people.csv", 4, "email")]
    assert "another tag" in why(report)
    assert "Ask which of the two is right" in why(report)
    assert refs() == ["1", "4", "5"]
    again = desk.imports(people=HEADER + "6,José Peña,jose.pena2@x.org\n7,Jose Pena,jose.pena+x@x.org\n")
    assert [line for _file, line, _column in rejections(again)] == [2, 3]


def test_two_people_may_exchange_their_addresses(desk):
    desk.imports(people=HEADER + "1,Ana,a@x.org\n2,Bo,b@x.org\n")
    report = desk.imports(people=HEADER + "1,Ana,b@x.org\n2,Bo,a@x.org\n3,Cy,c@x.org\n")
    assert outcomes(report, "people") == {"updated": 2, "created": 1}
    assert Person.objects.get(ref="1").email == "b@x.org"


def test_an_address_is_free_for_a_newcomer_when_its_holder_gets_another(desk):
    desk.imports(people=HEADER + "1,Ana,a@x.org\n")
    assert desk.imports(people=HEADER + "2,Bo,a@x.org\n1,Ana,ana@x.org\n").committed


def test_who_is_refused_a_new_address_keeps_the_old_one(desk):
    desk.imports(people=HEADER + "1,Ana,a@x.org\n2,Bo,b@x.org\n")
    report = desk.imports(people=HEADER + "1,Ana,b@x.org\n3,Cy,a@x.org\n", skip_bad_rows=True)
    assert rejections(report) == [("people.csv", 2, "email"), ("people.csv", 3, "email")]
    assert Person.objects.get(ref="1").email == "a@x.org"


def test_what_is_no_address_is_refused_and_none_is_fine(desk):
    report = desk.imports(people=HEADER + "1,Ana,ana at x\n2,Bo,\n3,Cy,Cy@X.org\n", skip_bad_rows=True)
    assert rejections(report) == [("people.csv", 2, "email")]
    assert list(Person.objects.order_by("ref").values_list("email", flat=True)) == [None, "cy@x.org"]


def test_an_unknown_unit_is_refused_with_the_nearest(desk):
    desk.imports(units=UNITS)
    report = desk.imports(
        people="id,name,unit\n1,Ana,cs\n2,Bo,Human Resources\n3,Cy,XYZZY\n", skip_bad_rows=True
    )
    assert rejections(report) == [("people.csv", 2, "unit"), ("people.csv", 4, "unit")]
    assert "nearest is “CS”" in why(report)
    assert Person.objects.get(unit__code="HR").ref == "2"


def test_what_people_changed_here_stays_until_the_file_changes_it(desk):
    desk.imports_all()
    ada = Person.objects.get(ref="000001")
    Person.objects.filter(pk=ada.pk).update(job_title="Head of Advice")
    assert outcomes(desk.imports_all(), "people") == {"unchanged": 2, "kept": 1}
    report = desk.imports(people=PEOPLE.replace("Lecturer", "Reader"), units=UNITS)
    assert outcomes(report, "people") == {"unchanged": 1, "kept": 1, "updated": 1}
    assert Person.objects.get(ref="000002").job_title == "Reader"
    report = desk.imports(people=PEOPLE.replace("Adviser", "Chief Adviser"), units=UNITS)
    assert Person.objects.get(ref="000001").job_title == "Chief Adviser"


def test_what_a_person_wrote_about_themselves_is_never_overwritten(desk):
    desk.imports_all()
    edit_profile(by=Person.objects.get(ref="000001"), name="Ada O.", skills_offered=["listening"])
    changed = (
        PEOPLE.replace("Ada Okafor", "Ada Q. Okafor")
        .replace("facilitation|data", "data")
        .replace("Adviser", "Head")
    )
    assert outcomes(desk.imports(people=changed), "people") == {"updated": 1, "unchanged": 2}
    ada = Person.objects.get(ref="000001")
    assert (ada.name, ada.skills_offered, ada.job_title) == ("Ada O.", ["listening"], "Head")


def test_an_empty_cell_says_nothing_unless_the_file_said_something_there_before(desk):
    desk.imports_all()
    Person.objects.filter(ref="000003").update(job_title="Fellow")
    emptied = PEOPLE.replace("Adviser", "")
    report = desk.imports(people=emptied)
    assert outcomes(report, "people") == {"updated": 1, "unchanged": 2}
    assert Person.objects.get(ref="000001").job_title == ""
    assert Person.objects.get(ref="000003").job_title == "Fellow"
    assert outcomes(desk.imports(people=emptied), "people") == {"unchanged": 3}


def test_a_column_that_is_not_there_says_nothing(desk):
    desk.imports_all()
    report = desk.imports(people="id,name\n000001,Ada Okafor\n")
    assert outcomes(report, "people") == {"unchanged": 1}
    assert Person.objects.get(ref="000001").email == "ada@uni.example"
    assert outcomes(desk.imports_all(), "people") == {"unchanged": 3}


def test_who_has_left_is_said_by_a_day_or_by_yes(desk):
    rows = "1,Ana,2026-03-01\n2,Bo,yes\n3,Cy,no\n4,Di,\n5,Ed,31/12/2025\n6,Fay,soon\n"
    with time_machine.travel("2026-11-23 12:00"):
        report = desk.imports(people="id,name,left\n" + rows, skip_bad_rows=True)
        assert rejections(report) == [("people.csv", 7, "left")]
        assert {person.ref: person.left for person in Person.objects.all()} == {
            "1": date(2026, 3, 1), "2": today(), "3": None, "4": None, "5": date(2025, 12, 31),
        }  # fmt: skip
    with time_machine.travel("2026-11-25 12:00"):
        again = desk.imports(people="id,name,left\n2,Bo,yes\n")
        assert outcomes(again, "people") == {"unchanged": 1}
        back = desk.imports(people="id,name,left\n2,Bo,no\n1,Ana,\n")
        assert outcomes(back, "people") == {"updated": 2}
        assert not Person.objects.filter(ref__in=["1", "2"], left__isnull=False)


def test_skills_are_each_taken_once(desk):
    desk.imports(people="id,name,skills\n1,Ana,Data| data |Café|cafe|x\n2,Bo,a;b\n")
    assert Person.objects.get(ref="1").skills_offered == ["Data", "Café", "x"]
    assert Person.objects.get(ref="2").skills_offered == ["a", "b"]
    report = desk.imports(people=f"id,name,skills\n3,Cy,{'x' * 81}\n4,Di,{'|'.join(map(str, range(31)))}\n")
    assert rejections(report) == [("people.csv", 2, "skills"), ("people.csv", 3, "skills")]


def test_somebody_who_was_invited_gets_the_id_of_the_organisation(desk):
    invited = Person.objects.create(ref="~abc", name="ana", email="ana@x.org", on_programme_team=True)
    report = desk.imports(people=HEADER + "000042,Ana Silva,Ana@x.org\n")
    assert outcomes(report, "people") == {"updated": 1}
    invited.refresh_from_db()
    assert (invited.ref, invited.name, invited.on_programme_team) == ("000042", "Ana Silva", True)
    assert outcomes(desk.imports(people=HEADER + "000042,Ana Silva,ana@x.org\n"), "people") == {
        "unchanged": 1
    }


def test_an_id_like_those_we_make_up_is_refused(desk):
    assert rejections(desk.imports(people=HEADER + "~abc,Ana,\n..,Bo,\n,Cy,\n")) == [
        ("people.csv", 2, "staff_id"), ("people.csv", 3, "staff_id"), ("people.csv", 4, "staff_id"),
    ]  # fmt: skip


class TestOneTimeLinks:
    ROWS = HEADER.strip() + ",left,title\n1,Ana,ana@x.org,,\n2,Bo,bo@x.org,,\n3,Cy,cy@x.org,,\n"

    def invited(self, desk) -> set[str]:
        desk.imports(people=self.ROWS)
        for name in ("ana", "bo", "cy"):
            invite(by=None, email=f"{name}@x.org")
        return self.with_links()

    def with_links(self) -> set[str]:
        return set(SignInLink.objects.open().values_list("person__name", flat=True))

    def test_they_end_where_the_address_changes(self, desk):
        assert self.invited(desk) == {"Ana", "Bo", "Cy"}
        desk.imports(people=self.ROWS.replace("ana@", "bo@", 1).replace("2,Bo,bo@x.org", "2,Bo,"))
        assert self.with_links() == {"Cy"}

    def test_they_end_with_who_leaves_and_not_with_who_will_leave(self, desk):
        self.invited(desk)
        rows = self.ROWS.replace("ana@x.org,", f"ana@x.org,{today()}")
        rows = rows.replace("bo@x.org,", f"bo@x.org,{today() + timedelta(days=30)}")
        desk.imports(people=rows)
        assert self.with_links() == {"Bo", "Cy"}

    def test_they_outlive_a_change_of_something_else(self, desk):
        self.invited(desk)
        desk.imports(people=self.ROWS.replace(",,\n", ",,Adviser\n"))
        assert self.with_links() == {"Ana", "Bo", "Cy"}


def test_what_somebody_makes_their_own_while_an_import_runs_is_theirs(desk, monkeypatch):
    desk.imports(people="staff_id,display_name,job_title,skills\n1,Ana,Porter,lifting\n")
    write = importing._write_changes

    def first_they_press_save(*arguments):
        edit_profile(by=Person.objects.get(ref="1"), skills_offered=["singing"])
        write(*arguments)

    monkeypatch.setattr(importing, "_write_changes", first_they_press_save)
    desk.imports(people="staff_id,display_name,job_title,skills\n1,Ana,Head porter,carrying\n")
    ana = Person.objects.get(ref="1")
    assert (ana.job_title, ana.skills_offered) == ("Head porter", ["singing"])
