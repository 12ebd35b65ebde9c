"""The SQL of the rules compared with a second, obvious reading of CHARTER.md, over random histories."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.health.measuring import measure
from folkmoot.health.tests.second_reading import C, M, finding
from folkmoot.people.models import Person

START = date(2025, 1, 1)
DAYS = st.integers(0, 400).map(lambda n: START + timedelta(days=n))
SHORT = st.one_of(st.none(), st.integers(0, 150))
PEOPLE = range(1, 8)


@st.composite
def memberships(draw: st.DrawFn) -> tuple[M, ...]:
    """Joins, leaves, returns, role changes, handovers and future appointments, as far as the database allows them."""
    kept: list[M] = []
    for _ in range(draw(st.integers(0, 14))):
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
def communities(draw: st.DrawFn) -> C:
    """A community with stages that follow one another, and perhaps an end."""
    since = draw(DAYS)
    until = draw(st.one_of(st.none(), st.integers(0, 300).map(lambda n: since + timedelta(days=n))))
    days = draw(st.lists(DAYS, max_size=4, unique=True))
    first = draw(st.sampled_from(["proposed", "forming", "active", "active", "resting"]))
    later = [
        (day, draw(st.sampled_from(["forming", "active", "resting", "closed"])))
        for day in days
        if day > since
    ]
    return C(since=since, until=until, stages=((since, first), *later), memberships=draw(memberships()))


@pytest.fixture
def people(db: None) -> list[Person]:
    """Seven people to draw from."""
    return [Person.objects.create(ref=f"h{n}", name=f"Person {n}") for n in PEOPLE]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds=st.lists(communities(), min_size=1, max_size=4), on=DAYS)
@example(worlds=[C(START, None, ((START, "active"),), ())], on=START)
@example(
    worlds=[
        C(
            START, None, ((START, "active"),),
            (M(1, "lead", START, START + timedelta(9)), M(2, "lead", START + timedelta(10), None)),
        )
    ],
    on=START + timedelta(10),
)  # fmt: skip
def test_leads_and_sponsor_agree_with_an_obvious_reading(
    people: list[Person], worlds: list[C], on: date
) -> None:
    Community.objects.all().delete()
    for n, world in enumerate(worlds):
        community = Community.objects.create(slug=f"c{n}", name=f"C{n}", since=world.since, until=world.until)
        StageChange.objects.bulk_create(
            StageChange(community=community, since=day, stage=stage) for day, stage in world.stages
        )
        Membership.objects.bulk_create(
            Membership(
                community=community, person=people[m.person - 1], role=m.role, since=m.since, until=m.until
            )
            for m in world.memberships
        )  # fmt: skip
    measured = {
        health.community.slug: {f.commitment.key: (str(f.status), f.since, f.due) for f in health.findings}
        for health in measure(on)
    }
    for n, world in enumerate(worlds):
        expected = {key: finding(world, key, on) for key in ("leads", "sponsor")}
        if expected["leads"] is None:
            assert f"c{n}" not in measured
        else:
            for key, value in expected.items():
                assert measured[f"c{n}"][key] == value, key
