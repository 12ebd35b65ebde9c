"""Calendars of what has gone on for long: what is to come is taken, and what moved moves along."""

from datetime import UTC, datetime

import pytest
import time_machine

from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.actions import change_event
from folkmoot.events.models import Event
from folkmoot.exchange.actions import draft_events
from folkmoot.exchange.icals import read_calendar
from folkmoot.exchange.tests.test_icals import ics
from folkmoot.people.models import Person

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def days(*events: str) -> tuple[list[str], list[str]]:
    found = read_calendar(ics(*events))
    return [f"{event.starts_at:%Y-%m-%d}" for event in found.events], found.problems


@pytest.mark.parametrize(
    ("rule", "first", "number"),
    [
        ("FREQ=WEEKLY", "2026-12-03", 60),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-12-03", 52),
        ("FREQ=MONTHLY;BYDAY=1TH", "2026-12-03", 24),
        ("FREQ=WEEKLY;COUNT=500", "2026-12-03", 60),
        ("FREQ=YEARLY", "2027-01-05", 2),
    ],
)
def test_of_a_series_that_goes_on_what_is_to_come_is_taken(rule: str, first: str, number: int):
    when = "20230105T123000Z"
    taken, problems = days(f"UID:1\nSUMMARY:T\nDTSTART:{when}\nRRULE:{rule}")
    assert (taken[0], len(taken)) == (first, number)
    assert problems == ["“T”: Only what is to come is taken, at most 60 of it."]


def test_of_a_series_that_is_over_and_one_that_has_just_begun_all_is_taken():
    over, none = days("UID:1\nSUMMARY:T\nDTSTART:20230105T123000Z\nRRULE:FREQ=WEEKLY;COUNT=5")
    assert (over[0], len(over), none) == ("2023-01-05", 5, [])
    begun, none = days("UID:1\nSUMMARY:T\nDTSTART:20261105T123000Z\nRRULE:FREQ=WEEKLY;COUNT=9")
    assert (begun[0], len(begun), none) == ("2026-11-05", 9, [])


def test_what_is_to_come_is_not_left_out_for_what_is_over():
    old = [f"UID:{n}\nSUMMARY:Old\nDTSTART:2020{n % 12 + 1:02}{n % 28 + 1:02}T090000Z" for n in range(205)]
    taken, problems = days(*old, "UID:new\nSUMMARY:New\nDTSTART:20270301T090000Z")
    assert (len(taken), taken[-1]) == (200, "2027-03-01")
    assert problems == [
        "There are more events in it; 200 are taken, those to come before those that are over."
    ]


def test_what_was_taken_out_after_it_was_changed_is_out():
    series = (
        "UID:1\nSEQUENCE:{}\nSUMMARY:T\nDTSTART:20270104T100000Z\nRRULE:FREQ=DAILY;COUNT=3\n"
        "EXDATE:20270105T100000Z"
    )
    changed = "UID:1\nSEQUENCE:1\nRECURRENCE-ID:20270105T100000Z\nSUMMARY:T\nDTSTART:20270105T110000Z"
    assert len(days(series.format(2), changed)[0]) == 2
    assert len(days(series.format(1), changed)[0]) == 3


@pytest.mark.django_db
def test_a_draft_moves_along_and_what_is_published_does_not():
    people = {
        name: Person.objects.create(ref=name, name=name.title()) for name in ("ada", "dan", "eve", "fay")
    }
    community = community_of(people)

    def taken(day: str) -> list[str]:
        found = read_calendar(ics(f"UID:1\nSUMMARY:Maps\nDTSTART:{day}T090000Z"))
        draft_events(by=people["ada"], community=community, kind="talk", found=found)
        return found.problems

    assert taken("20270301") == []
    assert taken("20270308") == []
    event = Event.objects.get()
    assert (event.starts_at.day, event.status) == (8, "draft")
    drafts = client_of(people["ada"])
    Event.objects.create(
        ref="other", kind="talk", title="Other", community=community, starts_at=NOW, ends_at=NOW, timezone="UTC",
        status="draft",
    )  # fmt: skip
    assert "All 2 of them" in drafts.get("/communities/data/events/drafts/").text
    drafts.post("/communities/data/events/drafts/", {"all": "1", "do": "publish"})
    assert not Event.objects.filter(status="draft").exists()
    assert taken("20270315") == [
        "“Maps”: It is here already, at another time. If it has moved, move it on its page."
    ]
    assert Event.objects.get(pk=event.pk).starts_at.day == 8
    change_event(by=people["ada"], event=event, title="Maps again")
    assert taken("20270308") == []
