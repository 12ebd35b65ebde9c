"""Telling people, beside the web server."""

from datetime import timedelta
from typing import Any

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from folkmoot.activity.models import Entry
from folkmoot.calendar.working import next_working_moment
from folkmoot.core import clock
from folkmoot.notifications import mailing
from folkmoot.notifications.actions import tell
from folkmoot.notifications.models import Notice


class GrowingGaps(BaseRetryStrategy):
    """After a minute, then after twice as long each time, at most half a day; `most` times (36: two weeks).

    What fails by anything but a server that does not answer (OSError) fails again: it is tried for a few hours only,
    and does not hold up for so long what waits behind it.
    """

    FEW = 8

    def __init__(self, most: int = 36) -> None:
        self.most = most

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None when it was tried often enough."""
        if job.attempts >= (self.most if isinstance(exception, OSError) else self.FEW):
            return None
        return RetryDecision(retry_in={"seconds": int(min(60 * 2**job.attempts, 12 * 60 * 60))})


@app.task(name="notifications.fan_out", lock="notifications.fan_out", retry=5)
def fan_out(*, entry: int) -> None:
    """Tell everybody whom a line of the ledger concerns. One line after the other, so that order is kept."""
    found = Entry.objects.filter(pk=entry).first()
    if found is None or not (told := tell(found)):
        return
    if notices := mailing.due_at_once(entry):
        reminds = any(kind.is_reminder for kind in told)
        quiet_until = clock.now() if reminds else next_working_moment(clock.now())
        jobs: list[dict[str, Any]] = [{"notice": notice} for notice in notices]
        mail.configure(schedule_at=quiet_until).batch_defer(*jobs)


@app.task(name="notifications.mail", retry=GrowingGaps())
def mail(*, notice: int) -> None:
    """Send the letter for a notice, unless it has been read meanwhile."""
    mailing.mail_at_once(notice)


@app.periodic(cron="*/10 * * * *")
@app.task(name="notifications.find_digests", queueing_lock="notifications.find_digests")
def find_digests(timestamp: int | None = None) -> None:
    """Have the digests written that are due; outside working hours none is, and they are due when these begin."""
    now = clock.now()
    last_ones = ProcrastinateJob.objects.filter(task_name=digest.name, status="todo", attempts=0)
    if next_working_moment(now) > now or last_ones.exists():
        return
    jobs: list[dict[str, Any]] = [{"person": person} for person in mailing.due_for_digest(now)]
    if jobs:
        digest.configure().batch_defer(*jobs)


@app.task(name="notifications.digest", retry=GrowingGaps())
def digest(*, person: int) -> None:
    """Send somebody their digest."""
    mailing.mail_digest(person)


@app.periodic(cron="41 3 * * *")
@app.task(name="notifications.forget", queueing_lock="notifications.forget")
def forget(timestamp: int | None = None) -> None:
    """Remove what people have been done with for half a year."""
    Notice.objects.filter(done_at__lt=clock.now() - timedelta(days=180)).delete()
