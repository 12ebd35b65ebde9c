"""Finding people by name, unit and skill."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from folkmoot.core import clock
from folkmoot.people.actions import rename_unit
from folkmoot.people.directory import Search
from folkmoot.people.forms import SkillsField
from folkmoot.people.models import Person, Unit

from .world import person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    faculty = unit("ENG", "Faculty of Engineering")
    civil = unit("CIV", "Civil Engineering", parent=faculty)
    team = unit("WAT", "Water Group", parent=civil)
    library = unit("LIB", "Library Services")
    person("Hana Yıldız", unit=team, skills_offered=["Facilitation", "Café culture"])
    person("Seán O’Brien", ref="sean", unit=civil, job_title="Technician", skills_offered=["facilitation"])
    person("Zoë Smith-Jones", ref="zoe", unit=library, skills_offered=["Copy editing"])
    person("Bora Çelik", ref="bora", unit=library, left=clock.today())
    return {"faculty": faculty, "civil": civil, "team": team, "library": library}


def found(**query: str) -> list[str]:
    search = Search.asked(query, clock.today())
    return [each.name for each in search.page]


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("yildiz", ["Hana Yıldız"]),
        ("YILDIZ", ["Hana Yıldız"]),
        ("Yıldız", ["Hana Yıldız"]),
        ("obrien", ["Seán O’Brien"]),
        ("o'brien", ["Seán O’Brien"]),
        ("O’Brien", ["Seán O’Brien"]),
        ("sean", ["Seán O’Brien"]),
        ("jon", ["Zoë Smith-Jones"]),
        ("zoe smi", ["Zoë Smith-Jones"]),
        ("smith zo", ["Zoë Smith-Jones"]),
        ("zoe brien", []),
        ("water", ["Hana Yıldız"]),
        ("technic", ["Seán O’Brien"]),
        ("cafe", ["Hana Yıldız"]),
        ("ildiz", []),
        ("'; drop table people_person; --", []),
        ("\x00", ["Hana Yıldız", "Seán O’Brien", "Zoë Smith-Jones"]),
    ],
)
def test_words_find_people_by_their_beginnings_without_accents(organisation, typed, finds):
    assert found(q=typed) == finds


def test_people_who_have_left_are_not_listed(organisation):
    assert found() == ["Hana Yıldız", "Seán O’Brien", "Zoë Smith-Jones"]
    assert found(q="bora") == []


def test_a_unit_counts_with_all_units_below_it(organisation):
    assert found(unit="ENG") == ["Hana Yıldız", "Seán O’Brien"]
    assert found(unit="WAT") == ["Hana Yıldız"]
    assert found(unit="LIB") == ["Zoë Smith-Jones"]


def test_a_unit_that_is_unknown_finds_nobody(organisation):
    assert found(unit="nowhere") == []
    assert found(unit="\x00") == []


def test_a_skill_is_found_however_it_is_spelled(organisation):
    assert found(skill="FACILITATION") == ["Hana Yıldız", "Seán O’Brien"]
    assert found(skill="cafe culture") == ["Hana Yıldız"]


def test_the_beginning_of_a_skill_finds_it_too(organisation):
    assert found(skill="edit") == ["Zoë Smith-Jones"]
    assert found(skill="yıldız") == []


def test_word_unit_and_skill_narrow_each_other(organisation):
    assert found(q="sean", unit="ENG", skill="facilitation") == ["Seán O’Brien"]
    assert found(q="sean", unit="LIB", skill="facilitation") == []


def test_the_pages_of_the_directory_hold_everybody_once_and_in_order(organisation):
    for number in range(120):
        person(f"Person {number:03}")
    names: list[str] = []
    after = ""
    pages = 0
    while True:
        search = Search.asked({"after": after}, clock.today())
        names += [each.name for each in search.page]
        pages += 1
        after = search.page.next
        if not after:
            break
    assert pages == 3
    assert len(names) == len(set(names)) == 123
    assert names == [each.name for each in Person.objects.here(clock.today()).order_by("sort_name", "id")]


def test_skills_are_offered_with_the_most_frequent_first(organisation):
    person("Ann Other", skills_offered=["Facilitation"])
    assert Person.objects.here(clock.today()).skills()[0] == ("Facilitation", 2)


def test_somebody_is_here_until_the_day_before_they_left():
    leaving = person("Lea Vinge", left=date(2026, 3, 10))
    assert leaving in Person.objects.here(date(2026, 3, 9))
    assert leaving not in Person.objects.here(date(2026, 3, 10))


def test_a_renamed_unit_is_found_by_its_new_name_only(organisation, django_assert_max_num_queries):
    for number in range(60):
        person(f"Person {number:03}", unit=organisation["library"])
    with django_assert_max_num_queries(9):
        rename_unit(by=None, unit=organisation["library"], name="Knowledge House")
    assert len(found(q="knowledge zoe")) == 1
    assert found(q="library") == []


def test_the_path_of_a_unit_takes_one_statement_however_deep(django_assert_num_queries):
    top = last = unit("u0")
    for depth in range(1, 30):
        last = unit(f"u{depth}", parent=last)
    last = Unit.objects.get(pk=last.pk)
    with django_assert_num_queries(1):
        path = last.ancestors()
    assert path[0] == top
    assert [each.code for each in path] == [f"u{depth}" for depth in range(29)]
    with django_assert_num_queries(0):
        assert top.ancestors() == []


def test_units_stand_in_tree_order_with_their_depth(organisation):
    ordered = [(each.code, depth) for each, depth in Unit.objects.in_tree_order()]
    assert ordered == [("ENG", 0), ("CIV", 1), ("WAT", 2), ("LIB", 0)]


@pytest.mark.parametrize(
    ("typed", "skills"),
    [
        ("Python, R , ", ["Python", "R"]),
        ("Python, R; Writing", ["Python, R", "Writing"]),
        ("Python, R;", ["Python, R"]),
        ("Python\nR", ["Python", "R"]),
        ("", []),
    ],
)
def test_skills_are_typed_with_commas_or_semicolons(typed, skills):
    field = SkillsField(required=False)
    assert field.clean(typed) == skills
    assert field.clean(field.prepare_value(skills)) == skills


def test_too_many_characters_of_skills_are_an_error_beside_the_field():
    with pytest.raises(ValidationError):
        SkillsField(required=False, max_length=10).clean("x" * 11)


def test_a_missing_address_is_kept_as_null():
    first, second = person("No Mail", email=""), person("Nor Here", email=None)
    assert first.email is None
    assert second.email is None


def test_yesterday_is_no_part_of_today():
    gone = person("Gone Yesterday", left=clock.today() - timedelta(days=1))
    assert not gone.is_active
    assert person("Goes Tomorrow", left=clock.today() + timedelta(days=1)).is_active
