"""What stands in a briefing, and the worker that sends it."""

from datetime import UTC, datetime, timedelta

from folkmoot.communities.models import Community
from folkmoot.events.actions import record_event
from folkmoot.events.models import Event
from folkmoot.meetings.tests.world import work
from folkmoot.people.models import Person
from folkmoot.portal import tasks


def held(people: dict[str, Person], community: Community, kind: str, days: float, **fields: object) -> Event:
    """An event so many days ahead, or back."""
    starts = datetime.now(UTC) + timedelta(days=days)
    return record_event(
        by=people["ada"], community=community, kind=kind, starts_at=starts, ends_at=starts + timedelta(hours=1),
        timezone="Europe/London", **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def brief() -> None:
    """What the worker does every hour."""
    work(tasks.brief, tasks.send_briefing)
