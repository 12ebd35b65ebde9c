"""The SQL of the rules compared with a second, obvious reading of CHARTER.md, over random histories."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from folkmoot.calendar.models import Calendar, Period
from folkmoot.channels.models import Channel
from folkmoot.charter.models import MeasuredFrom
from folkmoot.communities.models import ActiveDay, Community, Membership, StageChange, Waiver
from folkmoot.discussions.models import Post, Thread
from folkmoot.events.models import Attendance, Event, Hosting
from folkmoot.health.measuring import findings, measure, strips
from folkmoot.health.tests.second_reading import DAY, Asked, C, E, M, W, finding
from folkmoot.people.models import Person

START = date(2025, 1, 1)
LONDON = ZoneInfo("Europe/London")
# Seven months, over the change of clocks on 30 March 2025.
SPAN = 210
DAYS = st.integers(0, SPAN).map(lambda n: START + timedelta(days=n))
SHORT = st.one_of(st.none(), st.integers(0, 120))
PEOPLE = range(1, 8)
COMMITMENTS = ("leads", "sponsor", "sponsor_meeting", "core_meeting", "learning_event", "online_space")
# Quarters of an hour of a day, those around midnight oftener.
TIMES = st.one_of(st.sampled_from([0, 1, 93, 94, 95]), st.integers(0, 95)).map(
    lambda n: n * timedelta(minutes=15)
)
KINDS = st.sampled_from(
    ["sponsor_meeting"] * 4
    + ["core_meeting", "core_meeting", "lunch_and_learn", "workshop", "talk", "social"]
)


@st.composite
def memberships(draw: st.DrawFn) -> tuple[M, ...]:
    """Joins, leaves, returns, role changes, handovers and future appointments, as far as the database allows them."""
    in_post = (M(1, "lead", START, None), M(2, "lead", START, None), M(3, "sponsor", START, None))
    kept: list[M] = list(draw(st.sampled_from([(), in_post, in_post])))
    for _ in range(draw(st.integers(0, 8))):
        since, length = draw(DAYS), draw(SHORT)
        one = M(
            person=draw(st.sampled_from(PEOPLE)),
            role=draw(st.sampled_from(["lead", "lead", "lead", "sponsor", "sponsor", "core", "wider"])),
            since=since,
            until=None if length is None else since + timedelta(days=length),
        )
        if not any(_collide(one, other) for other in kept):
            kept.append(one)
    return tuple(kept)


def _collide(one: M, other: M) -> bool:
    same_kind = (one.role == "sponsor") == (other.role == "sponsor")
    apart = (one.until or date.max) < other.since or (other.until or date.max) < one.since
    return one.person == other.person and same_kind and not apart


@st.composite
def events(draw: st.DrawFn) -> E:
    """Held, planned, drafted, cancelled; across midnight and clock changes; with attendance or without."""
    local = datetime.combine(draw(DAYS), datetime.min.time()) + draw(TIMES)
    starts = local.replace(
        tzinfo=draw(st.sampled_from([LONDON, ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")]))
    )
    starts = starts.astimezone(UTC)
    return E(
        kind=draw(KINDS),
        starts_at=starts,
        ends_at=starts + draw(st.sampled_from([0, 1, 1, 1, 3, 30])) * timedelta(hours=1),
        status=draw(
            st.sampled_from(["held", "held", "held", "scheduled", "scheduled", "draft", "cancelled"])
        ),
        attended=draw(
            st.one_of(
                st.none(), st.just(frozenset({1, 3})), st.frozensets(st.sampled_from(PEOPLE), min_size=1)
            )
        ),
    )


@st.composite
def terms(draw: st.DrawFn) -> tuple[tuple[date, date], ...]:
    """Terms with gaps between them or none, or no terms at all."""
    found = []
    begin = START + timedelta(days=draw(st.integers(-60, 90)))
    for _ in range(draw(st.integers(0, 5))):
        end = begin + timedelta(days=draw(st.integers(0, 100)))
        found.append((begin, end))
        begin = end + timedelta(days=draw(st.sampled_from([1, 1, 8, 30])))
    draw(st.randoms()).shuffle(found)
    return tuple(found)


@st.composite
def communities(draw: st.DrawFn) -> C:
    """A community with stages that follow one another, and perhaps an end; resting and returning among them."""
    since = draw(DAYS)
    until = draw(
        st.one_of(st.none(), st.none(), st.integers(0, 300).map(lambda n: since + timedelta(days=n)))
    )
    days = draw(st.lists(DAYS, max_size=4, unique=True))
    first = draw(st.sampled_from(["proposed", "forming", "active", "active", "active", "resting"]))
    later = [
        (day, draw(st.sampled_from(["forming", "active", "active", "resting", "closed"])))
        for day in days
        if day > since
    ]
    return C(
        since=since,
        until=until,
        stages=((since, first), *later),
        memberships=draw(memberships()),
        events=tuple(draw(st.lists(events(), max_size=12))),
        terms=draw(terms()),
        waivers=tuple(draw(st.lists(waivers(), max_size=2))),
        space=draw(st.booleans()),
        posts=tuple(draw(st.lists(moments(), max_size=5))),
        active_days=tuple(draw(st.lists(DAYS, max_size=3, unique=True))),
        channel=draw(st.one_of(st.none(), st.none(), moments())),
    )


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Of a post, or of what a channel took."""
    local = datetime.combine(draw(DAYS), datetime.min.time()) + draw(TIMES)
    return local.replace(tzinfo=LONDON).astimezone(UTC)


@st.composite
def waivers(draw: st.DrawFn) -> W:
    """Of any commitment, for some days."""
    since = draw(DAYS)
    return W(draw(st.sampled_from(COMMITMENTS)), since, since + timedelta(days=draw(st.integers(0, 60))))


@pytest.fixture
def people(db: None) -> list[Person]:
    """Seven people to draw from."""
    return [Person.objects.create(ref=f"h{n}", name=f"Person {n}") for n in PEOPLE]


def build(worlds: Sequence[C], people: Sequence[Person], asked: Asked) -> None:
    """The worlds in the database; the first follows the organisation's calendar, the others each their own."""
    Event.objects.all().delete()
    Community.objects.all().delete()
    Period.objects.all().delete()
    Calendar.objects.filter(is_organisations=False).delete()
    MeasuredFrom.objects.update_or_create(pk=1, defaults={"day": asked.measured_from})
    for n, world in enumerate(worlds):
        calendar = (
            Calendar.objects.create(slug=f"k{n}", name=f"K{n}") if n else Calendar.objects.organisations()
        )
        Period.objects.bulk_create(
            Period(calendar=calendar, name=f"Term {first}", start=first, end=last)
            for first, last in world.terms
        )
        community = Community.objects.create(
            slug=f"c{n}", name=f"C{n}", since=world.since, until=world.until, calendar=calendar if n else None,
            space_kind="teams" if world.space else "",
        )  # fmt: skip
        StageChange.objects.bulk_create(
            StageChange(community=community, since=day, stage=stage) for day, stage in world.stages
        )
        Membership.objects.bulk_create(
            Membership(
                community=community, person=people[m.person - 1], role=m.role, since=m.since, until=m.until
            )
            for m in world.memberships
        )  # fmt: skip
        Waiver.objects.bulk_create(
            Waiver(community=community, commitment=w.commitment, since=w.since, until=w.until, reason="x")
            for w in world.waivers
        )
        _hold(community, world, people, n)
        _talk(community, world, n)


def _hold(community: Community, world: C, people: Sequence[Person], n: int) -> None:
    made = Event.objects.bulk_create(
        Event(
            ref=f"e{n}-{m}", kind=each.kind, title="E", community=community, starts_at=each.starts_at,
            ends_at=each.ends_at, timezone="Europe/London", status=each.status,
        )
        for m, each in enumerate(world.events)
    )  # fmt: skip
    Hosting.objects.bulk_create(Hosting(event=event, community=community) for event in made)
    Attendance.objects.bulk_create(
        Attendance(event=event, person=people[person - 1])
        for event, each in zip(made, world.events, strict=True)
        for person in sorted(each.attended or ())
    )


def _talk(community: Community, world: C, n: int) -> None:
    """The posts that stand, and one removed and one hidden beside each of them, a day later."""
    thread = Thread.objects.create(community=community, title="T")
    gone = {"removed_at": START_OF_ALL}, {"hidden_at": START_OF_ALL}
    Post.objects.bulk_create(
        Post(thread=thread, community=community, number=number, at=at, once=f"{n}:{number}", **how)
        for number, (at, how) in enumerate(
            pair for at in world.posts for pair in [(at, {}), *((at + DAY, each) for each in gone)]
        )
    )  # fmt: skip
    ActiveDay.objects.bulk_create(ActiveDay(community=community, day=day) for day in world.active_days)
    if world.channel:
        Channel.objects.create(community=community, sealed=b"", host="x", succeeded_at=world.channel)


START_OF_ALL = datetime(2025, 1, 1, tzinfo=UTC)
ASKED = st.builds(
    lambda day, time, measured: Asked(
        (datetime.combine(day, datetime.min.time()) + time).replace(tzinfo=LONDON), LONDON, measured
    ),
    DAYS,
    TIMES,
    st.one_of(st.just(START - 100 * DAY), DAYS),
)
LEADS_CHANGE = (M(1, "lead", START, START + timedelta(9)), M(2, "lead", START + timedelta(10), None))
NOON = Asked(datetime(2025, 6, 1, 12, tzinfo=LONDON), LONDON, START)


def telling_days(worlds: Sequence[C], asked: Asked) -> set[date]:
    """Days on which something may turn: what happens on one, the day after, and what is counted from it."""
    turns = {asked.measured_from, asked.now.astimezone(LONDON).date()}
    for world in worlds:
        turns |= {world.since, world.until or world.since, *(day for day, _stage in world.stages)}
        turns |= {day for held in world.memberships for day in (held.since, held.until) if day}
        turns |= {day for waiver in world.waivers for day in (waiver.since, waiver.until)}
        turns |= {asked.day_of(event) for event in world.events}
        for first, last in world.terms:
            turns |= {first, last, first + timedelta(days=((last - first).days + 1) // 2)}
        turns |= {moment.astimezone(LONDON).date() for moment in (*world.posts, world.channel) if moment}
        turns |= set(world.active_days)
    after = (-60, -59, -1, 0, 1, 20, 21, 27, 28, 30, 31, 42, 43)
    days = {turn + timedelta(days=n) for turn in turns for n in after}
    return {day for day in days if START - 30 * DAY <= day <= START + (SPAN + 90) * DAY}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds=st.lists(communities(), min_size=1, max_size=2), asked=ASKED)
@example(worlds=[C(START, None, ((START, "active"),), ())], asked=NOON)
@example(worlds=[C(START, None, ((START, "active"),), LEADS_CHANGE)], asked=NOON)
def test_every_rule_agrees_with_an_obvious_reading_on_every_telling_day(
    people: list[Person], worlds: list[C], asked: Asked
) -> None:
    days = sorted(telling_days(worlds, asked))
    with time_machine.travel(asked.now, tick=False):
        build(worlds, people, asked)
        known = {community.pk: community for community in Community.objects.all()}
        found = {
            (f.community.slug, f.commitment.key, f.on): (str(f.status), f.since, f.due)
            for f in findings(days, known)
        }
    expected = {
        (f"c{n}", key, day): said
        for n, world in enumerate(worlds)
        for key in COMMITMENTS
        for day in days
        if (said := finding(world, key, day, asked)) is not None
    }
    assert found == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds=st.lists(communities(), min_size=1, max_size=3), on=DAYS, asked=ASKED)
def test_every_finding_has_words(people: list[Person], worlds: list[C], on: date, asked: Asked) -> None:
    with time_machine.travel(asked.now, tick=False):
        build(worlds, people, asked)
        for health in measure(on):
            assert [f.commitment.key for f in health.findings] == list(COMMITMENTS)
            for each in health.findings:
                assert each.evidence
                assert each.short
                assert each.step.sentence
                assert each.step.url.startswith("/communities/")
                assert "None" not in f"{each.evidence} {each.short} {each.step.sentence}".replace(
                    "None is booked", ""
                )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=communities(), on=DAYS, asked=ASKED)
def test_a_strip_says_of_each_week_what_was_found_on_that_day(
    people: list[Person], world: C, on: date, asked: Asked
) -> None:
    letters = {"missed": "m", "due_soon": "d", "met": "k", "waived": "w", "not_yet": "n"}
    with time_machine.travel(asked.now, tick=False):
        build([world], people, asked)
        community = Community.objects.get()
        found = strips(on, [community.pk], weeks=30).get(community.pk, {})
    for key in COMMITMENTS:
        shown = {
            first + n * timedelta(weeks=1): letter
            for letter, first, last in (found[key].stretches if key in found else ())
            for n in range((last - first).days // 7 + 1)
        }
        days = [on - timedelta(weeks=back) for back in range(31)]
        expected = {day: finding(world, key, day, asked) for day in days}
        assert shown == {day: letters[each[0]] for day, each in expected.items() if each is not None}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=communities(), on=DAYS, asked=ASKED)
def test_a_day_gone_by_is_found_as_it_was_found_at_its_end(
    people: list[Person], world: C, on: date, asked: Asked
) -> None:
    """Where nothing was recorded in between, today says of a day what was said at its last moment."""
    midnight = datetime.combine(on + DAY, datetime.min.time(), tzinfo=LONDON)
    assume(all(event.ends_at != midnight for event in world.events))
    at_its_end = midnight - timedelta(seconds=1)
    build([world], people, asked)
    found = []
    for now in (at_its_end, at_its_end + timedelta(days=90)):
        with time_machine.travel(now, tick=False):
            found.append(
                [(f.status, f.since, f.due, f.evidence) for health in measure(on) for f in health.findings]
            )
    assert found[0] == found[1]
