"""Drafts, which only those who plan see: publishing them, and throwing them away."""

from collections.abc import Collection

from django.db import transaction

from folkmoot.activity.actions import line, record_all
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.events.actions.events import change_event
from folkmoot.events.models import Event, Status
from folkmoot.people.models import Person


@transaction.atomic
def publish_drafts(*, by: Person, community: Community, drafts: Collection[int]) -> list[Event]:
    """Those of these events (ids) that the community has as drafts take place; what is over already was held."""
    at = clock.now()
    return [
        change_event(by=by, event=event, status=Status.HELD if event.is_over(at) else Status.SCHEDULED)
        for event in _held(community, drafts)
    ]


@transaction.atomic
def drop_drafts(*, by: Person, community: Community, drafts: Collection[int]) -> int:
    """Throw drafts away; how many were. The ledger keeps that they were there."""
    events = _held(community, drafts)
    record_all(line("draft_dropped", by=by, about=event, community=community) for event in events)
    Event.objects.filter(pk__in=[event.pk for event in events]).delete()
    return len(events)


def _held(community: Community, drafts: Collection[int]) -> list[Event]:
    mine = Event.objects.filter(community=community, status=Status.DRAFT, pk__in=drafts)
    return list(mine.select_for_update(of=("self",)).order_by("starts_at", "pk"))
