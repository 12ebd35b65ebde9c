"""Being reminded a day and an hour before."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.discussions.tests.world import community_of
from folkmoot.events.actions import answer, cancel_event, change_event, record_event
from folkmoot.events.models import Event
from folkmoot.events.tasks import forget_reminders, remind
from folkmoot.notifications.actions import tell
from folkmoot.notifications.inbox import inbox_of
from folkmoot.notifications.kinds import kind_of
from folkmoot.notifications.models import Notice
from folkmoot.notifications.tasks import fan_out
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
STARTS = datetime(2026, 6, 10, 11, 30, tzinfo=UTC)  # half past twelve in London
STEP = timedelta(minutes=5)


@pytest.fixture
def people() -> dict[str, Person]:
    return {name: Person.objects.create(ref=name, name=name.title()) for name in ("ada", "dan", "eve", "fay")}


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    return community_of(people)


def live(clock: time_machine.Traveller, first: datetime, last: datetime) -> list[tuple[str, datetime]]:
    """What is put on record every five minutes, and when."""
    found, known = [], set(Entry.objects.values_list("pk", flat=True))
    while first <= last:
        clock.move_to(first)
        remind.func()
        for entry in Entry.objects.exclude(pk__in=known).order_by("id"):
            known.add(entry.pk)
            found.append((entry.verb, first))
            tell(entry)
        first += STEP
    return found


def talk(people: dict[str, Person], data: Community) -> Event:
    return record_event(
        by=people["ada"], community=data, kind="talk", title="Charts", starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=1), timezone="Europe/London", place="Room 1",
    )  # fmt: skip


def test_who_comes_is_reminded_a_day_and_an_hour_before(people: dict[str, Person], data: Community):
    with time_machine.travel(STARTS - timedelta(days=3), tick=False) as clock:
        event = talk(people, data)
        answer(by=people["dan"], event=event, said="going")
        answer(by=people["eve"], event=event, said="no")
        found = live(clock, STARTS - timedelta(hours=25), STARTS + timedelta(hours=1))
    assert found == [
        ("event_tomorrow", STARTS - timedelta(days=1)), ("event_in_an_hour", STARTS - timedelta(hours=1)),
    ]  # fmt: skip
    sentences = [notice.about for group in inbox_of(people["dan"].pk) for notice in group.notices]
    assert sentences == ["Charts, 12:30, Room 1", "Charts, Wednesday, 12:30, Room 1"]
    assert inbox_of(people["eve"].pk) == []
    with time_machine.travel(STARTS + timedelta(hours=2), tick=False):
        forget_reminders.func()
    assert inbox_of(people["dan"].pk) == [], "of what is over nobody is reminded"


def test_what_is_moved_is_reminded_of_again_and_what_is_cancelled_is_not(
    people: dict[str, Person], data: Community
):
    later = timedelta(days=2)
    with time_machine.travel(STARTS - timedelta(days=3), tick=False) as clock:
        event = talk(people, data)
        answer(by=people["dan"], event=event, said="maybe")
        assert len(live(clock, STARTS - timedelta(hours=25), STARTS - timedelta(hours=20))) == 1
        change_event(by=people["ada"], event=event, starts_at=STARTS + later, ends_at=STARTS + later)
        moved = live(clock, STARTS - timedelta(hours=2), STARTS + timedelta(hours=25))
        cancel_event(by=people["ada"], event=event)
        after = live(clock, STARTS + later - timedelta(hours=2), STARTS + later)
    assert [verb for verb, _at in moved if verb.startswith("event_t")] == ["event_tomorrow"]
    assert "event_in_an_hour" not in [verb for verb, _at in after]


def test_an_event_to_which_nobody_comes_has_no_line(people: dict[str, Person], data: Community):
    with time_machine.travel(STARTS - timedelta(days=3), tick=False) as clock:
        talk(people, data)
        assert live(clock, STARTS - timedelta(hours=25), STARTS) == []


def test_whoever_answers_on_the_last_day_is_not_reminded_of_tomorrow(
    people: dict[str, Person], data: Community
):
    with time_machine.travel(STARTS - timedelta(hours=1, minutes=30), tick=False) as clock:
        answer(by=people["dan"], event=talk(people, data), said="going")
        found = live(clock, STARTS - timedelta(hours=1, minutes=30), STARTS)
    assert [verb for verb, _at in found] == ["event_in_an_hour"]


def test_a_reminder_comes_when_it_is_due_also_in_the_evening(people: dict[str, Person], data: Community):
    evening = datetime(2026, 6, 10, 20, tzinfo=UTC)
    Person.objects.filter(ref="dan").update(email="dan@uni.example")
    with time_machine.travel(evening - timedelta(hours=2), tick=False) as clock:
        event = record_event(
            by=people["ada"], community=data, kind="social", title="Stars", starts_at=evening,
            ends_at=evening + timedelta(hours=1), timezone="Europe/London",
        )  # fmt: skip
        answer(by=people["dan"], event=event, said="going")
        clock.move_to(evening - timedelta(hours=1))
        remind.func()
        fan_out.func(entry=Entry.objects.get(verb="event_in_an_hour").pk)
        (job,) = ProcrastinateJob.objects.filter(task_name="notifications.mail")
        assert job.scheduled_at == evening - timedelta(hours=1)


def test_what_begins_first_comes_first_and_the_link_is_for_who_comes(
    people: dict[str, Person], data: Community
):
    with time_machine.travel(STARTS - timedelta(days=3), tick=False) as clock:
        first, second = talk(people, data), talk(people, data)
        later = STARTS + timedelta(minutes=2)
        change_event(by=people["ada"], event=first, starts_at=later, ends_at=later, title="Later")
        change_event(by=people["ada"], event=second, place="", online_url="https://meet.example/7")
        for event in (first, second):
            answer(by=people["dan"], event=event, said="going")
        clock.move_to(STARTS - timedelta(minutes=55))
        remind.func()
        entries = Entry.objects.filter(verb="event_in_an_hour").order_by("-pk")
        assert [entry.about_id for entry in entries] == [second.pk, first.pk]
        tell(entries[0])
        notice = Notice.objects.get(person=people["dan"], entry=entries[0].pk)
        kind = kind_of("event_in_an_hour")
        assert kind is not None
        assert notice.about == "Charts, 12:30, online"
        assert kind.facts(notice) == ["Join: https://meet.example/7"]
        answer(by=people["dan"], event=second, said="no")
        assert kind.facts(notice) == []
