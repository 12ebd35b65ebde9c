"""Briefings go out by themselves."""

from datetime import timedelta

from procrastinate.contrib.django import app

from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership, Role
from folkmoot.core import clock
from folkmoot.events.models import Event, Kind
from folkmoot.meetings.actions import open_briefing

BEFORE = timedelta(days=2)
LATELY = timedelta(days=14)  # what was sent before that was for another day, from which it was moved


@app.periodic(cron="20 * * * *")
@app.task(name="portal.brief", queueing_lock="portal.brief")
def brief(timestamp: int | None = None) -> None:
    """Send each sponsor the briefing two days before a meeting with them; later where it was booked late."""
    now = clock.now()
    near = Event.objects.settled().starting(now, now + BEFORE).filter(kind=Kind.SPONSOR_MEETING)
    for event in near.filter(community__isnull=False).select_related("community"):
        sponsors = Membership.objects.current(today()).filter(community=event.community_id, role=Role.SPONSOR)
        known = event.briefing_links.filter(made_at__gt=now - LATELY).values("person")
        for held in sponsors.exclude(person__in=known).select_related("person"):
            if event.community is not None:
                open_briefing(by=None, event=event, community=event.community, person=held.person)
