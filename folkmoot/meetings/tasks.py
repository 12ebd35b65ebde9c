"""What follows by itself: polls that end, and what is overdue."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from folkmoot.activity.actions import line, record_all
from folkmoot.calendar.days import today
from folkmoot.core import clock
from folkmoot.meetings.actions import ask_newcomers, close_poll
from folkmoot.meetings.models import Action, Poll

REMINDED_EVERY = timedelta(days=7)


@app.periodic(cron="*/10 * * * *")
@app.task(name="meetings.close_polls", queueing_lock="meetings.close_polls")
def close_polls(timestamp: int | None = None) -> None:
    """Have the best booked of every poll whose time is up."""
    over = Poll.objects.open().filter(closes_at__lte=clock.now()).order_by("pk")
    jobs: list[dict[str, Any]] = [{"poll": poll} for poll in over.values_list("pk", flat=True)]
    if jobs:
        close.configure().batch_defer(*jobs)


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="meetings.ask_newcomers", lock="meetings.ask_newcomers", queueing_lock="meetings.ask_newcomers"
)
def ask_newcomers_of_polls(timestamp: int | None = None) -> None:
    """Have those asked who have come into the circle of a poll that goes on."""
    for poll in Poll.objects.open().filter(closes_at__gt=clock.now()).order_by("pk"):
        ask_newcomers(poll=poll)


@app.task(name="meetings.close_poll")
def close(*, poll: int) -> None:
    """Book the best of one poll, a job each: one that fails stops no other. Done twice, once."""
    close_poll(Poll.objects.get(pk=poll))


@app.periodic(cron="30 8 * * *")
@app.task(name="meetings.remind", queueing_lock="meetings.remind")
@transaction.atomic
def remind(timestamp: int | None = None) -> None:
    """Put on record what is overdue, for those who are to do it: the day after, and each week. Done twice, once."""
    on = today()
    late = Action.objects.overdue(on).filter(owner__isnull=False).select_related("community")
    late = late.exclude(reminded_on__gt=on - REMINDED_EVERY).select_for_update(of=("self",), skip_locked=True)
    found = list(late)
    Action.objects.filter(pk__in=[action.pk for action in found]).update(reminded_on=on)
    record_all(line("action_overdue", by=None, about=action, community=action.community) for action in found)
