"""What the measures say in words, in which order, and with how many statements."""

from datetime import date, timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from folkmoot.charter.models import Version
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.health.measuring import commitments_met, measure
from folkmoot.people.models import Person

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def community(name: str, stage: str = "active", since: date = date(2024, 1, 8)) -> Community:
    """A community with one stage."""
    made = Community.objects.create(slug=name.lower(), name=name, since=since)
    StageChange.objects.create(community=made, stage=stage, since=since)
    return made


def member(of: Community, role: str, since: date, until: date | None = None) -> Membership:
    """Somebody new in a role."""
    number = Person.objects.count() + 1
    person = Person.objects.create(ref=f"p{number}", name=f"Person {number}")
    return Membership.objects.create(community=of, person=person, role=role, since=since, until=until)


def finding_of(slug: str, key: str, on: date = TODAY):
    """One finding."""
    (health,) = [h for h in measure(on) if h.community.slug == slug]
    return next(f for f in health.findings if f.commitment.key == key)


def test_one_lead_since_march_is_a_finding_with_a_next_step():
    data = community("Data")
    member(data, "lead", date(2024, 1, 8))
    member(data, "lead", date(2024, 1, 8), date(2026, 3, 2))
    found = finding_of("data", "leads")
    assert (found.status, found.since, found.due, found.short) == ("missed", date(2026, 3, 3), None, "1 lead")
    assert found.evidence == "1 lead since 3 March; the charter asks for at least 2."
    assert found.step.sentence == "Appoint another lead; core members are the first to ask."
    assert found.step.url == "/communities/data/members/"


def test_a_term_that_ends_within_sixty_days_is_due_soon_on_its_last_day():
    data = community("Data")
    member(data, "lead", date(2024, 1, 8))
    for days, status in ((59, "due_soon"), (60, "met")):
        ending = member(data, "lead", date(2024, 1, 8), TODAY + timedelta(days=days))
        found = finding_of("data", "leads")
        assert found.status == status
        assert found.due == (ending.until if status == "due_soon" else None)
        ending.delete()


def test_a_successor_appointed_for_later_does_not_make_it_met():
    data = community("Data")
    member(data, "sponsor", date(2024, 1, 8), TODAY + timedelta(days=10))
    member(data, "sponsor", TODAY + timedelta(days=11))
    assert finding_of("data", "sponsor").status == "due_soon"


def test_two_sponsors_are_one_too_many():
    data = community("Data")
    member(data, "sponsor", date(2024, 1, 8))
    member(data, "sponsor", date(2025, 1, 8))
    found = finding_of("data", "sponsor")
    assert (found.status, found.short) == ("missed", "2 sponsors")


def test_a_resting_community_is_waived_and_a_closed_or_proposed_one_is_absent():
    community("Resting", "resting")
    community("Proposed", "proposed")
    community("Closed", "closed")
    assert [(h.community.slug, {str(f.status) for f in h.findings}) for h in measure(TODAY)] == [
        ("resting", {"waived"})
    ]


def test_the_board_is_ordered_by_need_and_then_by_name():
    well = community("Aardvark")
    for _ in range(2):
        member(well, "lead", date(2024, 1, 8))
    member(well, "sponsor", date(2024, 1, 8))
    soon = community("Mole")
    for _ in range(2):
        member(soon, "lead", date(2024, 1, 8))
    member(soon, "sponsor", date(2024, 1, 8), TODAY + timedelta(days=5))
    community("Zebra")
    community("Bee")
    healths = measure(TODAY)
    assert [h.community.slug for h in healths] == ["bee", "zebra", "mole", "aardvark"]
    assert commitments_met(healths) == 4 / 12  # no community has an online space


def test_the_charter_in_force_on_the_day_judges_it():
    Version.objects.all().delete()
    Version.objects.create(since=date(2025, 1, 1), thresholds={"leads": {"least": 1}})
    Version.objects.create(since=date(2026, 1, 1), thresholds={"leads": {"least": 3}})
    data = community("Data")
    for _ in range(2):
        member(data, "lead", date(2024, 1, 8))
    days = [date(2024, 6, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [finding_of("data", "leads", on).status for on in days] == ["met", "met", "missed"]


def test_fifty_communities_cost_as_many_statements_as_one(django_assert_num_queries):
    from django.db import connection

    counts = []
    for batch in (1, 49):
        for n in range(batch):
            made = community(f"C{batch}-{n}")
            member(made, "lead", date(2024, 1, 8))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            measure(TODAY)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 4
