"""Events that are planned have a card in the community's channel."""

from folkmoot.activity.models import Entry
from folkmoot.channels.cards import Card, register
from folkmoot.events.models import LEARNING, Event, Kind


def _planned(entry: Entry) -> Card | None:
    """For what anybody may come to, and is still to come."""
    events = Event.objects.settled().filter(pk=entry.about_id or 0, starts_at__gt=entry.at)
    event = events.filter(kind__in=[*LEARNING, Kind.SOCIAL]).first()
    if event is None:
        return None
    where = event.place or ("online" if event.online_url else "")
    text = ", ".join(part for part in (f"{event.starts:%A %-d %B, %H:%M}", where) if part)
    return Card(event.title, f"{text}. {event.summary}".strip()[:500], event.get_absolute_url())


register(["event_recorded"], _planned)
