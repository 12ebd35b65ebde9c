"""A community of which Ada is a lead and Sam the sponsor."""

from datetime import UTC, date, datetime

import pytest

from folkmoot.communities.models import Community, Membership
from folkmoot.discussions.tests.world import TOLD, community_of
from folkmoot.people.models import Person


@pytest.fixture
def people() -> dict[str, Person]:
    TOLD.clear()
    known = {"created_at": datetime(2024, 1, 8, tzinfo=UTC)}
    return {
        name: Person.objects.create(ref=name, name=name.title(), email=f"{name}@example.org", **known)
        for name in ("ada", "sam", "dan", "eve", "fay")
    }


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    made = community_of(people)
    Membership.objects.create(community=made, person=people["sam"], role="sponsor", since=date(2024, 1, 8))
    return made
