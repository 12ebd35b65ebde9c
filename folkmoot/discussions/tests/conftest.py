"""A community that talks."""

from datetime import UTC, datetime

import pytest

from folkmoot.communities.models import Community
from folkmoot.discussions.actions import start_thread
from folkmoot.discussions.models import Thread
from folkmoot.discussions.tests.world import CAST, TOLD, community_of
from folkmoot.people.models import Person


@pytest.fixture(autouse=True)
def _nothing_told() -> None:
    TOLD.clear()


@pytest.fixture
def people() -> dict[str, Person]:
    """A lead, a core and a wider member, one who belongs nowhere, and one of the programme team; none of them new."""
    known = {"created_at": datetime(2024, 1, 8, tzinfo=UTC)}
    found = {name: Person.objects.create(ref=name, name=name.title(), **known) for name in CAST}
    found["olu"] = Person.objects.create(ref="olu", name="Olu", on_programme_team=True, **known)
    return found


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    """Their community, whose inside is for members."""
    return community_of(people, inside="members")


@pytest.fixture
def thread(people: dict[str, Person], data: Community) -> Thread:
    """Eve's question."""
    return start_thread(
        by=people["eve"], community=data, kind="question", title="Which tool?", text="For charts"
    )
