"""Who is told of events."""
# ruff: noqa: F811  - fixtures of another module

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.events.actions import (
    Scope,
    answer,
    answer_series,
    cancel_event,
    cancel_series,
    change_event,
    change_series,
    invite,
    plan_series,
)
from folkmoot.events.models import Answer, Event
from folkmoot.events.saying import say_when
from folkmoot.events.tests.test_events import _now, data, hold, people  # noqa: F401
from folkmoot.notifications.actions import choose, tell
from folkmoot.notifications.inbox import inbox_of
from folkmoot.notifications.mailing import due_at_once
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
STARTS = datetime(2026, 12, 3, 12, 30, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def autumn() -> Iterator[None]:
    """The day before the first of the weekly events."""
    with time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC), tick=False):
        yield


def weekly(people: dict[str, Person], data: Community) -> list[Event]:
    """Nine Thursdays from 3 December to 28 January."""
    return plan_series(
        by=people["ada"], community=data, kind="talk", title="Weekly eyes", starts_at=STARTS, every="week",
        ends_at=STARTS + timedelta(hours=1), timezone="Europe/London", until=date(2027, 1, 28),
    )  # fmt: skip


def told() -> dict[str, list[str]]:
    """What everybody has in their inbox."""
    jobs = ProcrastinateJob.objects.filter(task_name="notifications.fan_out").order_by("id")
    for job in jobs:
        tell(Entry.objects.get(pk=job.args["entry"]))
    found = {person.ref: [group.sentence for group in inbox_of(person.pk)] for person in Person.objects.all()}
    return {ref: sentences for ref, sentences in found.items() if sentences}


def test_members_hear_of_what_is_planned_and_cancelled(people: dict[str, Person], data: Community):
    talk = hold(people["ada"], data, "talk", days=3, title="On trees")
    when = say_when(talk.starts_at, talk.zone)
    planned = f"Ada planned “On trees”: {when}."
    assert told() == {ref: [planned] for ref in ("ben", "cleo", "dan", "eve")}
    cancel_event(by=people["ben"], event=talk)
    assert told()["eve"] == [f"Ben cancelled “On trees”: {when}.", planned]
    assert Notice.objects.filter(person=people["eve"]).latest("id").url == talk.get_absolute_url()


def test_who_comes_or_waits_hears_once_by_mail_that_it_is_moved_or_cancelled(
    people: dict[str, Person], data: Community
):
    """Who comes has the calendar's letter, and who waits one of the notice's."""
    talk = hold(people["ada"], data, "talk", days=3, title="On trees")
    Answer.objects.create(event=talk, person=people["eve"], said="going")
    Answer.objects.create(event=talk, person=people["fay"], said="waiting")
    change_event(by=people["ada"], event=talk, place="Elsewhere")
    cancel_event(by=people["ada"], event=talk)
    told()
    letters = [
        (notice.person.ref, notice.kind)
        for entry in Entry.objects.filter(verb__in=["event_corrected", "event_cancelled"]).order_by("id")
        for notice in Notice.objects.filter(pk__in=due_at_once(entry.pk)).select_related("person")
    ]
    assert letters == [("fay", "event_waited_for_moved"), ("fay", "event_waited_for_called_off")]
    kinds = Notice.objects.filter(person=people["eve"]).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["event_planned", "event_moved", "event_called_off"]
    assert set(Notice.objects.filter(kind="event_cancelled").values_list("person__ref", flat=True)) == {
        "ben", "cleo", "dan",
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "who"), [
    ("sponsor_meeting", {"ben", "cleo"}), ("core_meeting", {"ben", "cleo", "dan"}),
])  # fmt: skip
def test_of_meetings_those_in_post_hear(
    people: dict[str, Person],
    data: Community,
    kind: str,
    who: set[str],
):
    hold(people["ada"], data, kind, days=3)
    assert set(told()) == who


def test_nobody_hears_of_what_is_put_on_record_or_is_a_draft(people: dict[str, Person], data: Community):
    hold(people["ada"], data, "talk", days=-3)
    hold(people["ada"], data, "talk", days=3, status="draft")
    assert told() == {}


def test_of_a_series_everybody_hears_once_and_of_how_many_dates(
    people: dict[str, Person], data: Community, autumn: None
):
    events = weekly(people, data)
    planned = "Ada planned “Weekly eyes”: 9 dates from 3 December to 28 January 2027."
    assert told() == {ref: [planned] for ref in ("ben", "cleo", "dan", "eve")}
    assert Notice.objects.count() == 4, "N dates, one notice a person"
    answer_series(by=people["eve"], event=events[0], said="going")
    later = STARTS + timedelta(days=1)
    ends = later + timedelta(hours=1)
    change_series(by=people["ada"], event=events[0], scope=Scope.ALL, starts_at=later, ends_at=ends)
    moved, *_before = told()["eve"]
    assert moved == (
        "Ada changed “Weekly eyes”: 9 dates from 4 December to 29 January 2027, of which the first: "
        "moved from Thursday 3 December, 12:30 to Friday 4 December, 12:30."
    )
    cancel_series(by=people["ada"], event=events[0], scope=Scope.ALL)
    assert told()["eve"] == [
        "Ada cancelled “Weekly eyes”: 9 dates from 4 December to 29 January 2027.", moved, planned,
    ]  # fmt: skip
    assert Entry.objects.filter(verb="event_cancelled").count() == 9, "the ledger has a line for each"


def test_who_comes_hears_from_when_to_when_and_of_another_place(people: dict[str, Person], data: Community):
    talk = hold(people["ada"], data, "talk", days=3, title="On trees", place="Room 1")
    answer(by=people["eve"], event=talk, said="going")
    change_event(by=people["ada"], event=talk, place="Room 2")
    was, later = talk.starts_at, talk.starts_at + timedelta(days=1)
    change_event(by=people["ada"], event=talk, starts_at=later, ends_at=later)
    told()
    moved, first = Notice.objects.filter(kind="event_moved").order_by("-id").values_list("about", flat=True)
    assert moved == f"“On trees”: moved from {say_when(was, talk.zone)} to {say_when(later, talk.zone)}"
    when = say_when(later, talk.zone)
    assert first == f"“On trees”: {when}; the place is Room 2 now (it was Room 1)"


def test_being_invited_to_an_event_is_no_invitation_to_a_community(
    people: dict[str, Person], data: Community
):
    """The two are different lines: an event's number may be that of any person."""
    talk = hold(people["ada"], data, "talk", days=3)
    namesake = {"ref": "n", "name": "Namesake"}
    numbered, _new = Person.objects.get_or_create(pk=talk.pk, defaults=namesake)
    invite(by=people["ada"], event=talk, people=[people["dan"].pk])
    assert not any("invited you" in sentence for sentence in told().get(numbered.ref, []))


def test_who_comes_to_one_date_and_waits_for_another_is_told_of_both(
    people: dict[str, Person], data: Community, autumn: None
):
    first, second, *_others = weekly(people, data)
    Answer.objects.create(event=first, person=people["fay"], said="going")
    Answer.objects.create(event=second, person=people["fay"], said="waiting")
    cancel_series(by=people["ada"], event=first, scope=Scope.ALL)
    told()
    (notice,) = Notice.objects.filter(person=people["fay"])
    assert notice.pk in due_at_once(notice.entry)


def test_a_choice_of_before_for_what_the_calendar_says_now_hides_nothing(
    people: dict[str, Person], data: Community
):
    talk = hold(people["ada"], data, "talk", days=3)
    Answer.objects.create(event=talk, person=people["eve"], said="going")
    choose(by=people["eve"], kind="event_called_off", when="never")
    cancel_event(by=people["ada"], event=talk)
    told()
    assert Notice.objects.get(person=people["eve"], kind="event_called_off").read_at is None
