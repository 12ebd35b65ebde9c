"""Keeping terms and closures: what the actions do and refuse, and the pages."""

from datetime import date, time
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from folkmoot.activity.models import Entry
from folkmoot.calendar.actions import (
    add_period,
    change_period,
    copy_year,
    create_calendar,
    remove_period,
    set_hours,
)
from folkmoot.calendar.holidays import bank_holidays, is_known
from folkmoot.calendar.models import Calendar, Period, year_of
from folkmoot.core.refused import Refused
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Person:
    return Person.objects.create(ref="t", name="Tea Team", on_programme_team=True)


@pytest.fixture
def own() -> Calendar:
    return Calendar.objects.organisations()


def add(team: Person, own: Calendar, name: str, start: date, end: date, kind: str = "term") -> Period:
    return add_period(by=team, calendar=own, name=name, kind=kind, start=start, end=end)


def test_terms_of_one_calendar_cannot_overlap_but_closures_and_other_calendars_may(
    team: Person, own: Calendar
):
    add(team, own, "Autumn", date(2026, 9, 21), date(2026, 12, 11))
    with pytest.raises(Refused, match="Autumn goes from 21 September to 11 December"):
        add(team, own, "Late", date(2026, 12, 11), date(2027, 1, 8))
    add(team, own, "Shut", date(2026, 12, 1), date(2026, 12, 1), "closure")
    other = create_calendar(by=team, name="Medical School")
    add(team, other, "Autumn", date(2026, 9, 14), date(2026, 12, 18))
    add(team, own, "Next day", date(2026, 12, 12), date(2027, 1, 8))
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.create(calendar=own, name="X", start=date(2026, 12, 11), end=date(2026, 12, 11))


def test_a_change_is_checked_like_a_new_one_and_the_ledger_keeps_both(team: Person, own: Calendar):
    autumn = add(team, own, "Autumn", date(2026, 9, 21), date(2026, 12, 11))
    add(team, own, "Spring", date(2027, 1, 11), date(2027, 3, 26))
    with pytest.raises(Refused, match="Spring"):
        change_period(
            by=team, period=autumn, name="Autumn", kind="term", start=autumn.start, end=date(2027, 1, 11)
        )
    with pytest.raises(Refused, match="before the first"):
        change_period(
            by=team, period=autumn, name="Autumn", kind="term", start=autumn.start, end=date(2026, 9, 1)
        )
    change_period(
        by=team, period=autumn, name="Autumn", kind="term", start=autumn.start, end=date(2026, 12, 18)
    )
    line = Entry.objects.get(verb="period_changed")
    assert (line.data["was"]["end"], line.data["end"]) == ("2026-12-11", "2026-12-18")
    remove_period(by=team, period=autumn)
    assert Entry.objects.get(verb="period_removed").data["end"] == "2026-12-18"
    assert [each.name for each in Period.objects.all()] == ["Spring"]


def test_a_year_is_copied_by_whole_weeks_once(team: Person, own: Calendar):
    add(team, own, "Autumn term 2026–27", date(2026, 9, 21), date(2026, 12, 11))
    add(team, own, "Christmas closure", date(2026, 12, 23), date(2027, 1, 2), "closure")
    add(team, own, "Spring 2027", date(2027, 1, 11), date(2027, 3, 26))
    made = copy_year(by=team, calendar=own, year=2026)
    assert [(each.name, each.start) for each in made] == [
        ("Autumn term 2027–28", date(2027, 9, 20)),
        ("Christmas closure", date(2027, 12, 22)),
        ("Spring 2028", date(2028, 1, 10)),
    ]
    assert all(
        each.start.weekday() == before.weekday()
        for each, before in zip(made[:1], [date(2026, 9, 21)], strict=True)
    )
    with pytest.raises(Refused, match="Terms cannot overlap"):
        copy_year(by=team, calendar=own, year=2026)
    with pytest.raises(Refused, match="nothing to copy"):
        copy_year(by=team, calendar=own, year=1999)
    assert year_of(date(2026, 7, 31)) == 2025


def test_the_term_of_a_day_is_the_one_it_lies_in_or_the_last_that_ended(team: Person, own: Calendar):
    assert Period.objects.term_of_all(date(2026, 10, 1)) is None
    autumn = add(team, own, "Autumn", date(2026, 9, 21), date(2026, 12, 11))
    add(team, own, "Shut", date(2026, 12, 20), date(2026, 12, 31), "closure")
    days = [date(2026, 9, 20), date(2026, 9, 21), date(2026, 12, 11), date(2026, 12, 25)]
    assert [Period.objects.term_of_all(day) for day in days] == [None, autumn, autumn, autumn]
    assert (autumn.weeks, autumn.week(date(2026, 9, 27)), autumn.week(date(2026, 9, 28))) == (12, 1, 2)


def test_bank_holidays_are_those_of_a_country_or_a_part_of_one():
    assert bank_holidays("GB-ENG", 2026)[date(2026, 8, 31)] == "Late Summer Bank Holiday"
    assert date(2026, 1, 2) in bank_holidays("GB-SCT", 2026)
    assert not is_known("GB-QQQ")
    assert not is_known("Atlantis")
    assert bank_holidays("Atlantis", 2026) == {}


def test_hours_that_end_before_they_begin_and_countries_that_are_none_are_refused(
    team: Person, own: Calendar
):
    given: dict[str, Any] = {
        "name": "Ours",
        "opens": time(9),
        "closes": time(17),
        "working_days": [0, 1],
        "holidays": "GB-ENG",
    }
    set_hours(by=team, calendar=own, **given)
    own.refresh_from_db()
    assert (own.name, own.working_days, own.holidays) == ("Ours", [0, 1], "GB-ENG")
    for wrong, field in (({"closes": time(8)}, "closes"), ({"holidays": "ZZ"}, "holidays")):
        with pytest.raises(Refused) as refusal:
            set_hours(by=team, calendar=own, **{**given, **wrong})
        assert refusal.value.field == field


def test_the_programme_team_keeps_the_calendar_on_its_pages(team: Person, own: Calendar):
    client = Client()
    client.force_login(team)
    typed = {"name": "Autumn", "kind": "term", "start": "2026-12-11", "end": "2026-09-21"}
    page = client.post("/programme/calendar/organisation/periods/new/", typed)
    assert "The last day lies before the first." in page.content.decode()
    assert 'value="2026-12-11"' in page.content.decode()
    typed |= {"start": "2026-09-21", "end": "2026-12-11"}
    client.post("/programme/calendar/organisation/periods/new/", typed)
    period = Period.objects.get()
    address = f"/programme/calendar/organisation/periods/{period.pk}/"
    client.post(address, typed | {"end": "2026-12-18"})
    assert Period.objects.get().end == date(2026, 12, 18)
    client.post("/programme/calendar/organisation/years/2026/copy/", {"weeks": "53"})
    assert [each.start for each in Period.objects.all()] == [date(2026, 9, 21), date(2027, 9, 27)]
    client.post(address, {"remove": "1"})
    assert Period.objects.count() == 1
    client.post("/programme/calendar/new/", {"name": "Medical School"})
    assert (
        "A calendar of a part that differs"
        in client.get("/programme/calendar/medical-school/").content.decode()
    )
    assert (
        "There is a calendar of that name"
        in client.post("/programme/calendar/new/", {"name": "medical school"}).content.decode()
    )


def test_the_page_costs_the_same_for_one_term_and_for_fifty(
    team: Person, own: Calendar, django_assert_max_num_queries
):
    client = Client()
    client.force_login(team)
    for year in range(50):
        Period.objects.create(
            calendar=own, name=f"T{year}", start=date(1980 + year, 9, 1), end=date(1980 + year, 12, 1)
        )
    with django_assert_max_num_queries(6):
        assert client.get("/programme/calendar/").status_code == 200
