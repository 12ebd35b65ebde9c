"""Events that are planned, or begin, have a card in the community's channel, and the week's a line in its summary."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.activity.models import Entry
from folkmoot.channels.cards import WEEK, Card, register, summarise
from folkmoot.communities.models import Community
from folkmoot.events.models import LEARNING, Audience, Event, EventQuerySet, Kind


def _planned(entry: Entry) -> Card | None:
    """For what all members may come to, and is still to come."""
    events = _for_members().filter(pk=entry.about_id or 0, starts_at__gt=entry.at)
    event = events.filter(kind__in=[*LEARNING, Kind.SOCIAL]).first()
    if event is None:
        return None
    where = event.place or ("online" if event.online_url else "")
    dates = entry.data.get("events", [])
    again = ngettext("the first of %(n)d date", "the first of %(n)d dates", len(dates)) % {"n": len(dates)}
    parts = (f"{event.starts:%A %-d %B, %H:%M}", where, again if dates else "")
    text = ", ".join(part for part in parts if part)
    return Card(event.title, f"{text}. {event.summary}".strip()[:500], event.get_absolute_url())


def _starting(entry: Entry) -> Card | None:
    event = _for_members().filter(pk=entry.about_id or 0).first()
    if event is None:
        return None
    where = event.place or _("online")
    text = _("It begins at %(at)s: %(where)s.") % {"at": f"{event.starts:%H:%M}", "where": where}
    return Card(_("Starting now: %(title)s") % {"title": event.title}, text, event.get_absolute_url())


def _this_week(community: Community, now: datetime) -> list[str]:
    """What all members may come to in the seven days ahead."""
    ahead = _for_members().starting(now, now + WEEK).hosted_by(community.pk)
    events = ahead.filter(kind__in=[*LEARNING, Kind.SOCIAL]).order_by("starts_at", "id")[:10]
    return [f"{event.starts:%A %-d %B, %H:%M}: {event.title}" for event in events]


def _for_members() -> EventQuerySet:
    """A channel is read by all members, and not by the core alone."""
    return Event.objects.settled().exclude(audience=Audience.CORE)


register(["event_recorded", "event_published", "series_planned"], _planned)
register(["event_starting"], _starting)
summarise(_this_week)
