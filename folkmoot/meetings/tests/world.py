"""Meetings to try things with."""

from datetime import UTC, datetime, timedelta

from folkmoot.communities.models import Community
from folkmoot.events.actions import record_event
from folkmoot.events.models import Event
from folkmoot.people.models import Person


def meeting_of(
    people: dict[str, Person], community: Community, kind: str = "sponsor_meeting", *, ahead: int = 3
) -> Event:
    """A meeting so many days ahead, or back."""
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(days=ahead)
    return record_event(
        by=people["ada"], community=community, kind=kind, starts_at=starts, ends_at=starts + timedelta(hours=1),
        timezone="Europe/London",
    )  # fmt: skip
