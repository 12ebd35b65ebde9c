"""A community whose leads and sponsor meet."""

from datetime import UTC, date, datetime

import pytest

from folkmoot.communities.models import Community, Membership
from folkmoot.discussions.tests.world import TOLD, community_of
from folkmoot.people.models import Person


@pytest.fixture(autouse=True)
def _nothing_told() -> None:
    TOLD.clear()


@pytest.fixture
def people() -> dict[str, Person]:
    """Ada leads, Sam sponsors, Dan is a core and Eve a wider member; Fay belongs nowhere, Olu is of the team."""
    known = {"created_at": datetime(2024, 1, 8, tzinfo=UTC)}
    found = {
        name: Person.objects.create(ref=name, name=name.title(), email=f"{name}@example.org", **known)
        for name in ("ada", "sam", "dan", "eve", "fay")
    }
    found["olu"] = Person.objects.create(ref="olu", name="Olu", on_programme_team=True, **known)
    return found


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    """Their community, whose inside is for members."""
    made = community_of(people, inside="members")
    Membership.objects.create(community=made, person=people["sam"], role="sponsor", since=date(2024, 1, 8))
    return made
