"""Briefings go out by themselves."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from procrastinate.contrib.django import app

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership, MembershipQuerySet, Role
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.events.models import Event, Kind
from folkmoot.meetings.actions import open_briefing
from folkmoot.people.models import Person
from folkmoot.ui.dates import local

BEFORE = timedelta(days=2)


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


def still_waiting(event: Event) -> MembershipQuerySet:
    """Of its sponsors today those whose briefing for the day of `event` was neither sent nor withdrawn.

    What was sent before it was moved to that day was for another one. Two statements.
    """
    since = _on_its_day_since(event)
    known = event.briefing_links.filter(Q(made_at__gt=since) | Q(withdrawn_at__gt=since)).values("person")
    sponsors = Membership.objects.current(today()).filter(community=event.community_id, role=Role.SPONSOR)
    return sponsors.exclude(person__in=known)


def _wanted(now: datetime) -> Iterator[dict[str, Any]]:
    """(event, person) of what is near: each sponsor who still waits for the briefing."""
    near = Event.objects.settled().starting(now, now + BEFORE).filter(kind=Kind.SPONSOR_MEETING)
    for event in near.filter(community__isnull=False):
        for person in still_waiting(event).values_list("person", flat=True):
            yield {"event": event.pk, "person": person}


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
