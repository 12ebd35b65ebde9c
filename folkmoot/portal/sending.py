"""To whom the briefing is still to be sent, and when."""

from datetime import datetime, timedelta

from django.db.models import Q

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership, MembershipQuerySet, Role
from folkmoot.events.models import Event
from folkmoot.ui.dates import local

BEFORE = timedelta(days=2)


def still_waiting(event: Event) -> MembershipQuerySet:
    """Of its sponsors today those whose briefing for the day of `event` was neither sent nor withdrawn.

    What was sent before it was moved to that day was for another one. Two statements.
    """
    since = _on_its_day_since(event)
    known = event.briefing_links.filter(Q(made_at__gt=since) | Q(withdrawn_at__gt=since)).values("person")
    sponsors = Membership.objects.current(today()).filter(community=event.community_id, role=Role.SPONSOR)
    return sponsors.exclude(person__in=known)


def _on_its_day_since(event: Event) -> datetime:
    """Since when it has been on that day, as the ledger has it."""
    for said in Entry.objects.filter(
        about_type="events.event", about_id=event.pk, verb="event_corrected"
    ).order_by("-id"):
        was, became = (
            local(datetime.fromisoformat(each["starts_at"])).date() for each in (said.data["was"], said.data)
        )
        if was != became:
            return said.at
    return event.created_at
