"""Who was there: checked in by the code in the room, ticked on a list, or named by a report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.events.models import Attendance, Event, Unsettled
from folkmoot.people.models import Person

EARLY, LATE = timedelta(hours=1), timedelta(hours=2)


@dataclass(frozen=True)
class Named:
    """Somebody of a report: who they are in the directory, if that is known, and for how many minutes they stayed."""

    name: str
    email: str = ""
    minutes: int | None = None
    person: int | None = None


@transaction.atomic
def check_in(*, by: Person, event: Event) -> Attendance:
    """`by` is in the room: from an hour before it begins until two after it ends. Twice is once.

    Refuses what does not take place, and other times.
    """
    event = Event.objects.held().get(pk=event.pk)
    if why_not := why_not_here(event):
        raise Refused(why_not)
    there, new = Attendance.objects.get_or_create(
        event=event, person=by, defaults={"how": Attendance.How.CODE}
    )
    if new:
        record("checked_in", by=by, about=event, community=event.community)
    return there


def why_not_here(event: Event) -> str:
    """Why nobody can check in now, in a sentence; empty where they can."""
    now = clock.now()
    if not event.is_settled:
        return _("This event does not take place.")
    if now < event.starts_at - EARLY:
        return _("It is too early: one can check in from an hour before it begins.")
    if now > event.ends_at + LATE:
        return _("It is over. Those who held it can still add you.")
    return ""


@transaction.atomic
def record_attendance(
    *,
    by: Person,
    event: Event,
    there: Iterable[int],
    not_there: Iterable[int] = (),
    how: str = Attendance.How.LIST,
) -> int:
    """These people (ids) were there, and those were not after all; of others nothing is said. How many were added.

    Refuses what has not begun or does not take place, as `check_in` does.
    """
    event = Event.objects.held().get(pk=event.pk)
    if not event.is_settled:
        raise Refused(_("This event does not take place."))
    if event.starts_at - EARLY > clock.now():
        raise Refused(_("It has not begun: nobody was there yet."))
    gone = set(not_there)
    removed = Attendance.objects.filter(event=event, person__in=gone).delete()[0] if gone else 0
    known = set(Attendance.objects.filter(event=event).values_list("person", flat=True))
    new = sorted(set(there) - gone - known)
    Attendance.objects.bulk_create(Attendance(event=event, person_id=pk, how=how) for pk in new)
    if new or removed:
        data = {"added": len(new), "removed": removed, "how": str(how)}
        record("attendance_recorded", by=by, about=event, community=event.community, data=data)
    return len(new)


@transaction.atomic
def take_report(*, by: Person, event: Event, named: Sequence[Named]) -> tuple[int, int]:
    """Take in who a report names. (how many of them were added, how many are still to settle.) Twice is once."""
    added = record_attendance(
        by=by, event=event, there=[one.person for one in named if one.person], how=Attendance.How.REPORT
    )
    Unsettled.objects.bulk_create(
        (
            Unsettled(event=event, name=one.name[:300], email=one.email[:254], minutes=one.minutes)
            for one in named
            if one.person is None
        ),
        ignore_conflicts=True,
    )
    return added, Unsettled.objects.filter(event=event, is_settled=False).count()


@transaction.atomic
def settle(*, by: Person, unsettled: Unsettled, person: Person | None, is_guest: bool = False) -> None:
    """The one whom the report names is `person`, a guest, or nobody at all: a meeting room.

    Refuses who is settled already, but for guests, of whom somebody may know more.
    """
    unsettled = Unsettled.objects.select_for_update(of=("self",)).select_related("event").get(pk=unsettled.pk)
    if unsettled.is_settled and not unsettled.is_guest:
        raise Refused(_("Somebody has said already who %(name)s is.") % {"name": unsettled.name})
    if person is not None:
        record_attendance(by=by, event=unsettled.event, there=[person.pk], how=Attendance.How.REPORT)
    unsettled.is_guest, unsettled.is_settled = is_guest, True
    unsettled.save(update_fields=["is_guest", "is_settled"])
