"""Meetings, and polls for their time, to try things with."""

from datetime import UTC, datetime, timedelta

from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import Task

from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.events.actions import record_event
from folkmoot.events.models import Event
from folkmoot.meetings.actions import open_poll, say_what_suits
from folkmoot.meetings.models import Poll
from folkmoot.people.models import Person


def meeting_of(
    people: dict[str, Person], community: Community, kind: str = "sponsor_meeting", *, ahead: int = 3
) -> Event:
    """A meeting so many days ahead, or back."""
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(days=ahead)
    return record_event(
        by=people["ada"], community=community, kind=kind, starts_at=starts, ends_at=starts + timedelta(hours=1),
        timezone="Europe/London",
    )  # fmt: skip


def work(find: Task, do: Task) -> None:
    """What the worker does: the job that finds what is to be done, and the jobs that it has done."""
    find.func()
    for job in ProcrastinateJob.objects.filter(task_name=do.name, status="todo").order_by("id"):
        ProcrastinateJob.objects.filter(pk=job.pk).delete()
        do.func(**job.args)


def poll_of(
    people: dict[str, Person], community: Community, *, kind: str = "sponsor_meeting", number: int = 3
) -> Poll:
    """A poll by Ada of a few times, a week ahead and the days after."""
    times = [
        (clock.now() + timedelta(days=day), clock.now() + timedelta(days=day, hours=1)) for day in (7, 8, 9)
    ]
    return open_poll(by=people["ada"], community=community, kind=kind, times=times[:number])


def all_say(poll: Poll, person: Person, *suits: str) -> Poll:
    """They say of each of its times, the first first, whether it suits."""
    slots = list(poll.slots.all())
    return say_what_suits(
        by=person, poll=poll, suits={slot.pk: said for slot, said in zip(slots, suits, strict=True)}
    )
