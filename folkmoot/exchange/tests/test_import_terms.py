"""Terms and closures from a spreadsheet."""

from datetime import date

import pytest

from folkmoot.calendar.actions import change_period, remove_period
from folkmoot.calendar.models import Calendar, Period
from folkmoot.communities.models import Community
from folkmoot.exchange.tests.importing import COMMUNITIES, outcomes, rejections, why
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
TERMS = (
    "name,start,end,kind,applies_to\n"
    "Autumn,2026-09-21,2026-12-11,term,\n"
    "Christmas,2026-12-23,2027-01-02,closure,\n"
    "Autumn,2026-09-14,2026-12-18,,Medical School\n"
)


@pytest.fixture
def team() -> Person:
    return Person.objects.create(ref="t", name="Tea Team", on_programme_team=True)


def test_terms_come_into_their_calendars_and_a_calendar_is_made(desk):
    report = desk.imports(terms=TERMS)
    assert report.committed
    assert outcomes(report, "terms") == {"created": 3}
    own = Period.objects.filter(calendar__is_organisations=True)
    assert [(each.name, str(each.kind)) for each in own] == [("Autumn", "term"), ("Christmas", "closure")]
    assert Calendar.objects.get(name="Medical School").periods.get().start == date(2026, 9, 14)
    assert outcomes(desk.imports(terms=TERMS), "terms") == {"unchanged": 3}
    assert Calendar.objects.count() == 2


def test_a_community_follows_the_calendar_of_its_row(desk):
    header, first, second = COMMUNITIES.strip().split("\n")
    rows = f"{header},calendar\n{first},Medical School\n{second},\n"
    assert desk.imports(communities=rows, terms=TERMS).committed
    assert Community.objects.get(slug="research-data").calendar == Calendar.objects.get(name="Medical School")
    assert Community.objects.get(slug="old-ways").calendar is None
    assert outcomes(desk.imports(communities=rows), "communities") == {"unchanged": 2}


def test_another_last_day_is_written_unless_people_changed_it_here(desk, team):
    desk.imports(terms=TERMS)
    later = TERMS.replace("2026-12-11", "2026-12-12")
    assert outcomes(desk.imports(terms=later), "terms") == {"updated": 1, "unchanged": 2}
    term = Period.objects.get(calendar__is_organisations=True, kind="term")
    assert term.end == date(2026, 12, 12)
    change_period(by=team, period=term, name="Autumn", kind="term", start=term.start, end=date(2026, 12, 4))
    assert outcomes(desk.imports(terms=later), "terms") == {"kept": 1, "unchanged": 2}
    remove_period(by=team, period=term)
    assert outcomes(desk.imports(terms=later), "terms") == {"kept": 1, "unchanged": 2}


@pytest.mark.parametrize(
    ("rows", "column", "sentence"),
    [
        ("Autumn,2026-09-21,2026-12-11\nLate,2026-12-11,2027-01-08\n", "start", "Terms cannot overlap"),
        ("Autumn,2026-12-11,2026-09-21\n", "end", "The last day lies before the first."),
        (",2026-09-21,2026-12-11\n", "name", "A term needs a name."),
        ("Autumn,,2026-12-11\n", "start", "The first day is missing."),
        ("Autumn,2026-09-21,soon\n", "end", "This is not a day."),
    ],
)
def test_what_cannot_be_a_term_is_said_and_nothing_is_imported(desk, rows, column, sentence):
    report = desk.imports(terms="name,start,end\n" + rows)
    assert [problem[2] for problem in rejections(report)] == [column]
    assert sentence in why(report)
    assert not Period.objects.exists()


def test_a_kind_that_is_none_is_said_with_the_nearest(desk):
    report = desk.imports(terms="name,start,end,kind\nA,2026-09-21,2026-12-11,closur\n")
    assert "The nearest is “closure”." in why(report)


def test_a_term_that_overlaps_one_entered_here_is_rejected(desk):
    calendar = Calendar.objects.organisations()
    Period.objects.create(calendar=calendar, name="Own", start=date(2026, 12, 1), end=date(2027, 3, 1))
    assert rejections(desk.imports(terms=TERMS)) == [("terms.csv", 2, "start")]
