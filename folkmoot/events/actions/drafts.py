"""Drafts, which only those who plan see: publishing them, and throwing them away."""

from collections import Counter
from collections.abc import Collection

from django.db import transaction

from folkmoot.activity.actions import line, record_all
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.events.actions.events import change_event
from folkmoot.events.actions.series import tell_of_all
from folkmoot.events.models import Answer, Event, Status
from folkmoot.people.models import Person


@transaction.atomic
def publish_drafts(*, by: Person, community: Community, drafts: Collection[int]) -> list[Event]:
    """Those of these events (ids) that the community has as drafts take place; what is over already was held."""
    at, held = clock.now(), _held(community, drafts)
    numbers = Counter(event.series_id for event in held if event.series_id)
    several = {series for series, number in numbers.items() if number > 1}
    published = []
    for event in held:
        status = Status.HELD if event.is_over(at) else Status.SCHEDULED
        told = event.series_id not in several
        published.append(change_event(by=by, event=event, status=status, told=told))
    for series in several:
        tell_of_all("series_planned", by, [event for event in published if event.series_id == series])
    return published


@transaction.atomic
def drop_drafts(*, by: Person, community: Community, drafts: Collection[int]) -> int:
    """Throw drafts away; how many were. The ledger keeps that they were there. What people answered stays."""
    answered = set(Answer.objects.filter(event__in=drafts).values_list("event", flat=True))
    events = [event for event in _held(community, drafts) if event.pk not in answered]
    record_all(line("draft_dropped", by=by, about=event, community=community) for event in events)
    Event.objects.filter(pk__in=[event.pk for event in events]).delete()
    return len(events)


def _held(community: Community, drafts: Collection[int]) -> list[Event]:
    """As they begin."""
    mine = Event.objects.drafts_of(community.pk).filter(pk__in=drafts)
    return sorted(mine.held(), key=lambda event: (event.starts_at, event.pk))
