"""The invented programme, without a database: the same every time, of the reference size, and sound."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from folkmoot.demo.invention import SEED, Block, invent
from folkmoot.demo.invention.data import toml
from folkmoot.health.tests import second_reading
from folkmoot.health.tests.second_reading import C, M, stage

TODAY = date(2026, 11, 23)
# Every day of a week, ends of months, leap days, a leap year's end, clock changes.
DAYS = [TODAY + timedelta(days=n) for n in range(7)] + [
    date(2027, month, 1) - timedelta(days=month % 3) for month in range(1, 13)
] + [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2028, 12, 31), date(2029, 1, 1),
     date(2029, 3, 25), date(2029, 10, 28), date(2030, 6, 15), date(2031, 8, 31), date(2032, 2, 29),
     date(2033, 4, 17), date(2035, 5, 5)]  # fmt: skip


def block(today: date = TODAY, seed: int = SEED) -> Block:
    return next(invent(seed, today).blocks())


@pytest.fixture(scope="module")
def invented() -> Block:
    return block()


def read(block: Block) -> dict[str, C]:
    """The block as the second reading of the charter takes it."""
    numbers = {person.ref: number for number, person in enumerate(block.people)}
    held = defaultdict(list)
    for m in block.memberships:
        held[m.community].append(M(numbers[m.person], m.role, m.since, m.until))
    return {
        community.slug: C(
            community.since,
            community.until,
            tuple((since, stage) for stage, since in community.stages),
            tuple(held[community.slug]),
        )
        for community in block.communities
    }


def status(community: C, rule, day: date) -> str:
    return "waived" if stage(community, day) == "resting" else rule(community, day)[0]


def test_the_same_seed_and_day_give_the_same_programme(invented):
    assert block() == invented
    assert block(seed=7) != invented


def test_it_has_the_reference_size(invented):
    current = [m for m in invented.memberships if m.since <= TODAY and (m.until is None or m.until >= TODAY)]
    stages = Counter(community.stage for community in invented.communities)
    assert len(invented.people) == 2000
    assert stages == {"active": 19, "resting": 1, "forming": 2, "closed": 2}
    assert 2550 <= len(current) <= 2680
    assert 1300 <= len({m.person for m in current}) <= 1960
    core = sum(m.role in {"core", "lead"} for m in current)
    assert 0.10 <= core / len(current) <= 0.15
    assert min(m.since for m in invented.memberships) < TODAY - timedelta(days=3 * 365)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_nobody_holds_two_seats_of_a_community_at_once(today):
    """Other people, drawn from another seed on each of these days."""
    held = defaultdict(list)
    made = block(today, seed=today.toordinal())
    days = {community.slug: community for community in made.communities}
    for m in made.memberships:
        assert m.until is None or m.until >= m.since
        assert m.since >= days[m.community].since
        closed = days[m.community].until
        assert closed is None or (m.until is not None and m.until <= closed)
        held[m.community, m.person, m.role == "sponsor"].append((m.since, m.until or date.max))
    for spans in held.values():
        for (_since, until), (since, _until) in pairwise(sorted(spans)):
            assert until < since


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_status_is_on_show_whichever_day_it_is(today):
    found = read(block(today, seed=today.toordinal()))

    measured = {slug: community for slug, community in found.items() if stage(community, today)}
    leads = {slug: status(community, second_reading.leads, today) for slug, community in measured.items()}
    sponsor = {slug: status(community, second_reading.sponsor, today) for slug, community in measured.items()}
    assert len(leads) == 22
    assert {slug: one for slug, one in leads.items() if one != "met"} == {
        "events-management": "due_soon",
        "student-advice": "due_soon",
        "internal-communications": "missed",
        "data-and-insight": "missed",
        "assessment-and-timetabling": "waived",
    }
    assert {slug: one for slug, one in sponsor.items() if one != "met"} == {
        "hiring-and-onboarding": "due_soon",
        "data-and-insight": "missed",
        "projects-and-change": "missed",
        "makers-and-workshops": "missed",
        "assessment-and-timetabling": "waived",
    }


def test_the_past_has_stories_to_tell(invented):
    """Joins, leaves, returns, changes of role, handovers and renewals; sponsors that changed."""
    by_seat = defaultdict(list)
    for m in sorted(invented.memberships, key=lambda m: m.since):
        by_seat[m.community, m.person, m.role == "sponsor"].append(m)
    paths: Counter[str] = Counter()
    for seats in by_seat.values():
        for before, after in pairwise(seats):
            gap = "again" if after.since > before.until + timedelta(days=1) else "then"
            paths[f"{before.role} {gap} {after.role}"] += 1
    assert paths["wider then core"] > 100
    assert paths["core then lead"] > 30
    assert paths["lead then core"] > 10
    assert paths["lead then lead"] > 5
    assert paths["core then wider"] > 20
    assert paths["wider again wider"] > 20
    sponsors = defaultdict(set)
    for m in invented.memberships:
        if m.role == "sponsor":
            sponsors[m.community].add(m.person)
    assert sum(len(people) > 1 for people in sponsors.values()) > 10


def test_nobody_belongs_after_they_have_left(invented):
    left = {person.ref: person.left for person in invented.people if person.left}
    assert 40 < len(left) < 120
    for m in invented.memberships:
        assert m.person not in left or (m.until is not None and m.until < left[m.person])


def test_people_have_ids_and_addresses_of_their_own(invented):
    addresses = [person.email for person in invented.people if person.email]
    assert len({person.ref for person in invented.people}) == 2000
    assert len(set(addresses)) == len(addresses) < 2000
    assert all(address.isascii() and address.endswith("@wrenfield.example") for address in addresses)
    assert len({person.name for person in invented.people}) > 1600


def test_units_form_one_tree_and_keep_the_university_invented(invented):
    units = invent(SEED, TODAY).units
    assert len(units) == 123
    placed: set[str] = set()
    for unit in units:
        assert unit.parent in placed | {""}
        placed.add(unit.code)
    assert sum(not unit.parent for unit in units) == 1
    assert not [unit for unit in units if "UCL" in unit.code + unit.name or "Bartlett" in unit.name]
    assert {person.unit for person in invented.people} <= placed


def test_the_cast_does_what_its_stories_say(invented):
    programme = invent(SEED, TODAY)
    people = {person.ref: person for person in invented.people}
    cast = {member.key: member for member in programme.cast}
    assert list(cast) == ["programme", "lead", "sponsor", "core", "wider", "newcomer"]
    roles = {
        key: sorted(
            (m.role, m.community)
            for m in invented.memberships
            if m.person == member.ref and m.since <= TODAY and (m.until is None or m.until >= TODAY)
        )
        for key, member in cast.items()
    }
    assert roles["lead"] == [("lead", "events-management"), ("wider", "digital-communications")]
    assert roles["sponsor"] == [("sponsor", "events-management"), ("sponsor", "student-advice")]
    assert ("core", "events-management") in roles["core"]
    assert len(roles["wider"]) == 3
    assert {role for role, _slug in roles["wider"]} == {"wider"}
    assert roles["newcomer"] == []
    assert people[cast["programme"].ref].on_programme_team
    for member in cast.values():
        assert people[member.ref].name == member.name
        assert people[member.ref].email


def test_requests_wait_where_one_asks_to_join(invented):
    members = {(m.community, m.person) for m in invented.memberships if m.until is None or m.until >= TODAY}
    joining = {community.slug: community.joining for community in invented.communities}
    waiting = [request for request in invented.requests if not request.answered]
    assert Counter(r.community for r in waiting) == {"events-management": 4, "research-funding": 2}
    assert {(r.community, r.person) for r in waiting}.isdisjoint(members)
    assert {joining[r.community] for r in invented.requests} == {"request"}
    assert {(i.community, i.person) for i in invented.invitations}.isdisjoint(members)


def test_the_ledger_tells_the_last_months_in_order(invented):
    days = [happening.day for happening in invented.happenings]
    assert days == sorted(days)
    assert TODAY - timedelta(days=190) < days[0]
    assert days[-1] < TODAY
    verbs = Counter(happening.verb for happening in invented.happenings)
    assert {"joined", "left", "stepped_up", "appointed", "asked_to_join", "invited", "stage_changed"} <= set(
        verbs
    )


def test_a_larger_programme_repeats_the_kinds_but_no_id_slug_or_address():
    blocks = list(invent(SEED, TODAY, scale=3).blocks())
    people = [person for one in blocks for person in one.people]
    communities = [community for one in blocks for community in one.communities]
    addresses = [person.email for person in people if person.email]
    assert blocks[0] == block()
    assert len({person.ref for person in people}) == len(people) == 6000
    assert len(set(addresses)) == len(addresses)
    assert len({community.slug for community in communities}) == len(communities) == 72
    assert len({community.name for community in communities}) == 72


@pytest.mark.parametrize("scale", [0, -1, 100_000])
def test_a_scale_that_cannot_be_is_refused(scale):
    with pytest.raises(ValueError, match="scale"):
        invent(SEED, TODAY, scale)


def test_every_purpose_is_written_by_hand():
    purposes = [community["purpose"] for community in toml("communities")["community"]]
    assert len(set(purposes)) == 24
    assert all(150 < len(purpose) < 600 for purpose in purposes)
