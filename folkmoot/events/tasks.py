"""What follows when an event begins."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from procrastinate.contrib.django import app

from folkmoot.activity.actions import line, record_all
from folkmoot.activity.models import Entry
from folkmoot.channels.models import Channel
from folkmoot.core import clock
from folkmoot.events.models import MEETINGS, Hosting

EVERY = timedelta(minutes=5)


@app.periodic(cron="*/5 * * * *")
@app.task(name="events.begin", queueing_lock="events.begin")
def begin(timestamp: int | None = None) -> None:
    """Put on record which events begin now, for the channels of the communities that host them; each once."""
    now = clock.now()
    said = Entry.objects.filter(
        verb="event_starting", about_id=OuterRef("event"), community_id=OuterRef("community")
    )
    told = Channel.objects.working().filter(community=OuterRef("community"))
    beginning = (
        Hosting.objects.filter(event__starts_at__gt=now - EVERY, event__starts_at__lte=now + EVERY)
        .exclude(event__kind__in=MEETINGS)
        .filter(event__status__in=["scheduled", "held"])
        .filter(Exists(told), ~Exists(said))
        .select_related("event", "community")
    )
    record_all(
        line("event_starting", by=None, about=each.event, community=each.community) for each in beginning
    )
