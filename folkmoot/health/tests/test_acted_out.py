"""The rhythm compared with its second reading after meetings were planned, moved, cancelled and attended by the verbs.

What the verbs are told is kept beside them in plain lists, by the simplest arithmetic on the wall clock.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from folkmoot.communities.models import Community
from folkmoot.events.actions import cancel_series, change_series, plan_series, record_attendance
from folkmoot.events.models import Event, Status
from folkmoot.events.recurrence import Every
from folkmoot.health.measuring import findings
from folkmoot.health.tests.second_reading import Asked, C, E, M, finding
from folkmoot.health.tests.test_second_reading import START, build, telling_days
from folkmoot.people.models import Person

LONDON = ZoneInfo("Europe/London")
PEOPLE = range(1, 8)
KEYS = ("sponsor_meeting", "core_meeting", "learning_event")
TERMS = ((START, START + timedelta(days=75)), (START + timedelta(days=95), START + timedelta(days=200)))
IN_POST = (M(1, "lead", START, None), M(2, "lead", START, None), M(3, "sponsor", START, None))


def end_of(starts: datetime, length: timedelta) -> datetime:
    """By the wall clock; where it begins in an hour that the clocks skip, by the hours that pass."""
    ends = (starts + length).replace(tzinfo=LONDON).astimezone(UTC)
    begins = starts.replace(tzinfo=LONDON).astimezone(UTC)
    return ends if ends > begins else begins + length


def shown(at: datetime) -> datetime:
    """What the clock shows then: an hour that it skips, it shows as the next."""
    return at.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON).replace(tzinfo=None)


@dataclass(frozen=True)
class Planned:
    """An event as a plain note of it: its wall clock, where its rule had it, and whether it stands apart by itself."""

    starts: datetime
    minutes: int
    rule: datetime
    is_apart: bool = False
    is_off: bool = False
    attended: frozenset[int] | None = None

    def as_event(self, kind: str) -> E:
        starts = self.starts.replace(tzinfo=LONDON)
        ends = end_of(self.starts, timedelta(minutes=self.minutes))
        return E(kind, starts, ends, "cancelled" if self.is_off else "scheduled", self.attended)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["move", "move", "cancel", "attend"]),
        st.integers(0, 30),
        st.sampled_from(["this", "following", "all"]),
        st.integers(-9, 9),
        st.frozensets(st.sampled_from(PEOPLE), min_size=1),
    ),
    max_size=5,
)


@pytest.fixture
def people(db: None) -> list[Person]:
    return [Person.objects.create(ref=f"h{n}", name=f"Person {n}") for n in PEOPLE]


def meant(notes: list[Planned], at: int, scope: str) -> list[int]:
    """The places that a scope names, while all of it is still to come."""
    if scope == "this":
        return [at]
    return [n for n in range(len(notes)) if scope == "all" or n >= at]


def apply(notes: list[Planned], step: tuple[Any, ...]) -> list[Planned]:
    """What a step does to the notes."""
    verb, number, scope, days, there = step
    at, notes = number % len(notes), list(notes)
    match verb:
        case "cancel":
            for n in meant(notes, at, scope):
                notes[n] = replace(notes[n], is_off=True)
        case "attend" if not notes[at].is_off:
            notes[at] = replace(notes[at], attended=(notes[at].attended or frozenset()) | there)
        case "move" if days:
            for n in meant(notes, at, scope):
                if n == at or not notes[n].is_apart:
                    notes[n] = replace(notes[n], starts=notes[n].starts + timedelta(days=days))
            if scope == "this":
                beside = [shown(note.starts) - shown(note.rule) for note in notes]
                together = {beside[n] for n, note in enumerate(notes) if n != at and not note.is_apart} | {
                    timedelta()
                }
                notes[at] = replace(notes[at], is_apart=beside[at] not in together)
    return notes


def act(by: Person, events: list[Event], people: list[Person], step: tuple[Any, ...]) -> None:
    """The same by the verbs."""
    verb, number, scope, days, there = step
    event = Event.objects.get(pk=events[number % len(events)].pk)
    match verb:
        case "cancel":
            cancel_series(by=by, event=event, scope=scope)
        case "attend" if event.status != Status.CANCELLED:
            with time_machine.travel(event.ends_at, tick=False):
                record_attendance(by=by, event=event, there=[people[n - 1].pk for n in there])
        case "move":
            by_wall = event.starts.replace(tzinfo=None) + timedelta(days=days)
            length = event.ends.replace(tzinfo=None) - event.starts.replace(tzinfo=None)
            change_series(
                by=by, event=event, scope=scope, starts_at=by_wall.replace(tzinfo=LONDON),
                ends_at=end_of(by_wall, length),
            )  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["sponsor_meeting", "core_meeting", "talk"]),
    every=st.sampled_from([Every.WEEK, Every.FORTNIGHT, Every.MONTH]),
    first=st.integers(1, 60),
    clock=st.sampled_from([(0, 30), (1, 30), (12, 30), (23, 45)]),
    minutes=st.sampled_from([30, 60, 120]),
    steps=STEPS,
    ahead=st.integers(0, 200),
)
# In a series, one falls into the hour that is skipped in spring; or is moved into it.
@example(kind="sponsor_meeting", every=Every.WEEK, first=11, clock=(1, 30), minutes=30, steps=[], ahead=0)
@example(
    kind="sponsor_meeting",
    every=Every.WEEK,
    first=2,
    clock=(1, 30),
    minutes=30,
    steps=[("move", 0, "following", 2, frozenset([1]))],
    ahead=0,
)
@example(
    kind="core_meeting", every=Every.WEEK, first=9, clock=(1, 30), minutes=30,
    steps=[("move", 0, "all", 2, frozenset([1]))], ahead=0,
)  # fmt: skip
def test_the_rhythm_agrees_after_series_moves_cancellations_and_attendance(
    people: list[Person], kind: str, every: str, first: int, clock: tuple[int, int], minutes: int,
    steps: list[tuple[Any, ...]], ahead: int,
) -> None:  # fmt: skip
    asked = Asked(
        datetime.combine(START + timedelta(days=ahead), datetime.min.time(), tzinfo=LONDON), LONDON, START
    )
    world = C(START, None, ((START, "active"),), IN_POST, terms=TERMS)
    day = START + timedelta(days=first)
    begins = datetime(day.year, day.month, day.day, *clock)
    with time_machine.travel(datetime(2024, 12, 1, 12, tzinfo=LONDON), tick=False):
        build([world], people, asked)
        community = Community.objects.get()
        events = plan_series(
            by=people[0], community=community, every=every, until=day + timedelta(days=90), kind=kind,
            starts_at=begins.replace(tzinfo=LONDON), timezone="Europe/London",
            ends_at=(begins + timedelta(minutes=minutes)).replace(tzinfo=LONDON),
        )  # fmt: skip
        notes = [
            Planned(event.starts.replace(tzinfo=None), minutes, event.starts.replace(tzinfo=None))
            for event in events
        ]
        for step in steps:
            act(people[0], events, people, step)
            notes = apply(notes, step)
    world = replace(world, events=tuple(note.as_event(kind) for note in notes))
    days = sorted(telling_days([world], asked))
    with time_machine.travel(asked.now, tick=False):
        found = {
            (f.commitment.key, f.on): (str(f.status), f.since, f.due)
            for f in findings(days, {community.pk: Community.objects.get()})
            if f.commitment.key in KEYS
        }
    expected = {
        (key, on): said for key in KEYS for on in days if (said := finding(world, key, on, asked)) is not None
    }
    assert found == expected


def test_the_notes_are_what_they_say():
    days = [datetime(2025, 1, 7 * n + 1, 12) for n in range(4)]
    notes = [Planned(day, 60, day) for day in days]
    moved = apply(notes, ("move", 1, "this", 1, frozenset({1})))
    again = apply(moved, ("move", 0, "all", 2, frozenset({1})))
    third = apply(again, ("move", 3, "all", 1, frozenset({1})))
    assert [note.starts.day for note in again] == [3, 9, 17, 24]
    assert [note.starts.day for note in third] == [4, 9, 18, 25]
