"""The charter speaks up once, to those whose step it is."""
# ruff: noqa: F811  - fixtures of another module

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from folkmoot.activity.models import Entry
from folkmoot.communities.models import ActiveDay, Community, Membership, Waiver
from folkmoot.health.telling import tell_of_findings
from folkmoot.health.tests.test_rhythm import NOW, START, data, hold  # noqa: F401
from folkmoot.notifications.actions import tell
from folkmoot.notifications.inbox import inbox_of
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _talks(data: Community) -> None:
    """Its online space is never quiet."""
    ActiveDay.objects.bulk_create(
        ActiveDay(community=data, day=START + timedelta(days=n)) for n in range(0, 300, 10)
    )


def told(ref: str) -> list[str]:
    return [group.sentence for group in inbox_of(Person.objects.get(ref=ref).pk)]


def morning(clock: time_machine.Traveller, at: datetime) -> int:
    clock.move_to(at)
    recorded = tell_of_findings(at.date())
    for entry in Entry.objects.order_by("-id")[:recorded][::-1]:
        tell(entry)
    return recorded


def test_leads_hear_once_when_it_falls_due_once_when_it_is_missed_and_then_the_team(data: Community):
    Person.objects.create(ref="olu", name="Olu", on_programme_team=True)
    met = START + timedelta(days=30)
    hold(data, "sponsor_meeting", met, "ada", "cleo")
    due = met + timedelta(days=42)
    first = datetime(due.year, due.month, due.day, 6, tzinfo=UTC) - timedelta(days=14)
    with time_machine.travel(first - timedelta(days=1), tick=False) as clock:
        recorded = [morning(clock, first + timedelta(days=n)) for n in range(-1, 24)]
    assert recorded == [0, 1] + [0] * 6 + [1] + [0] * 7 + [1] + [0] * 6 + [1] + [0]
    assert (
        told("ada")
        == told("ben")
        == [
            "Data: Leads and sponsor last met on 5 February; the next meeting was due by 19 March. None is booked. "
            "If you met, record it; if not, book a day."
        ]
    )
    (group,) = inbox_of(Person.objects.get(ref="ada").pk)
    assert [notice.url for notice in group.notices] == [
        "/communities/data/arranging/sponsor_meeting/?by=2025-03-19"
    ] * 2
    assert told("cleo") == []
    (left,) = told("olu")
    assert left.startswith(
        "Data, for a week: Leads and sponsor last met on 5 February; the next meeting was due"
    )


def test_who_has_booked_it_has_acted(data: Community):
    Person.objects.create(ref="olu", name="Olu", on_programme_team=True)
    met = START + timedelta(days=30)
    hold(data, "sponsor_meeting", met, "ada", "cleo")
    due = met + timedelta(days=42)
    hold(data, "sponsor_meeting", due, status="scheduled")
    first = datetime(due.year, due.month, due.day, 6, tzinfo=UTC) - timedelta(days=14)
    with time_machine.travel(first, tick=False) as clock:
        for n in range(14):
            morning(clock, first + timedelta(days=n))
    assert len(told("ada")) == 1
    assert told("olu") == []


def test_what_is_waived_is_not_told(data: Community):
    with time_machine.travel(NOW, tick=False):
        Membership.objects.filter(role="sponsor").delete()
        Waiver.objects.create(
            community=data,
            commitment="sponsor",
            reason="x",
            since=NOW.date(),
            until=NOW.date() + timedelta(days=9),
        )
        tell_of_findings(NOW.date())
    assert not [entry for entry in Entry.objects.all() if entry.data.get("commitment") == "sponsor"]
