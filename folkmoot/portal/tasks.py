"""Briefings go out by themselves."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app

from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.events.models import Event, Kind
from folkmoot.meetings.actions import open_briefing
from folkmoot.people.models import Person
from folkmoot.portal.sending import BEFORE, still_waiting


@app.periodic(cron="20 * * * *")
@app.task(name="portal.brief", queueing_lock="portal.brief")
def brief(timestamp: int | None = None) -> None:
    """Have each sponsor sent the briefing two days before a meeting with them; later where it was booked late."""
    jobs: list[dict[str, Any]] = list(_wanted(clock.now()))
    if jobs:
        send_briefing.configure().batch_defer(*jobs)


@app.task(name="portal.send_briefing")
def send_briefing(*, event: int, person: int) -> None:
    """Send one sponsor the briefing, a job each: one that fails stops no other."""
    found = Event.objects.select_related("community").get(pk=event)
    if found.community is not None:
        with suppress(Refused):  # it was cancelled meanwhile
            sponsor = Person.objects.get(pk=person)
            open_briefing(by=None, event=found, community=found.community, person=sponsor)


def _wanted(now: datetime) -> Iterator[dict[str, Any]]:
    """(event, person) of what is near: each sponsor who still waits for the briefing."""
    near = Event.objects.settled().starting(now, now + BEFORE).filter(kind=Kind.SPONSOR_MEETING)
    for event in near.filter(community__isnull=False):
        for person in still_waiting(event).values_list("person", flat=True):
            yield {"event": event.pk, "person": person}
