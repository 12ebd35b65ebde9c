"""Events in a sentence: when they are, how many dates there are, and what is otherwise than it was."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.activity.models import Entry
from folkmoot.core import clock
from folkmoot.core.dates import say_day
from folkmoot.events.models import Event, Status

# The places, notes and titles of events may be as long as a page; a sentence has room for their beginning.
LONGEST = 80


def short(text: str) -> str:
    """As much of a text as a sentence has room for, on one line."""
    return Truncator(" ".join(text.split())).chars(LONGEST)


def say_when(at: datetime, zone: ZoneInfo) -> str:
    """“Thursday 3 December, 12:30” by the wall clock of the zone, with the year where it is not this one."""
    there = at.astimezone(zone)
    weekday, hour = date_format(there, "l"), date_format(there, "H:i")
    return f"{weekday} {say_day(there.date(), clock.today())}, {hour}"


def say_dates(number: int, first: datetime, last: datetime, zone: ZoneInfo) -> str:
    """“8 dates from 3 December to 28 January”, with the years where they are not this one."""
    days = [say_day(at.astimezone(zone).date(), clock.today()) for at in (first, last)]
    return ngettext("%(n)d date, %(first)s", "%(n)d dates from %(first)s to %(last)s", number) % {
        "n": number,
        "first": days[0],
        "last": days[1],
    }


def say_changes(was: Mapping[str, Any], now: Mapping[str, Any], zone: ZoneInfo) -> list[str]:
    """What somebody who comes has to know of what changed, as the ledger has it: how it `was`, and how it is `now`."""
    changed = {name for name in now if name in was and was[name] != now[name]}
    said = [_times(was, now, zone)] if changed & {"starts_at", "ends_at"} else []
    if "status" in changed and was["status"] == Status.CANCELLED:
        said.insert(0, _("it takes place after all"))
    if "place" in changed:
        said.append(_place(short(was["place"]), short(now["place"])))
    if "online_url" in changed:
        said.append(_link(was["online_url"], now["online_url"]))
    if "joining" in changed:
        said.append(_("the joining notes are others now"))
    if "title" in changed:
        said.append(_("it was called “%(title)s” before") % {"title": short(was["title"])})
    if "summary" in changed:
        said.append(_("what it is about is said otherwise"))
    return said


def as_ledger_has_it(event: Event) -> dict[str, Any]:
    """How an event is now, as far as `say_changes` speaks of it."""
    names = ("place", "online_url", "joining", "title", "summary", "status", "timezone")
    plain = {name: str(getattr(event, name)) for name in names}
    times = {name: getattr(event, name).astimezone(UTC).isoformat() for name in ("starts_at", "ends_at")}
    return plain | times


def _times(was: Mapping[str, Any], now: Mapping[str, Any], zone: ZoneInfo) -> str:
    before, after = (datetime.fromisoformat(each["starts_at"]) for each in (was, now))
    if before != after:
        return _("moved from %(was)s to %(now)s") % {
            "was": say_when(before, zone),
            "now": say_when(after, zone),
        }
    ends = (datetime.fromisoformat(each["ends_at"]).astimezone(zone) for each in (was, now))
    return _("it ended at %(was)s and ends at %(now)s now") % dict(
        zip(("was", "now"), (date_format(at, "H:i") for at in ends), strict=True)
    )


def _place(was: str, now: str) -> str:
    if not now:
        return _("no place is given any more (it was %(was)s)") % {"was": was}
    if not was:
        return _("the place is %(now)s") % {"now": now}
    return _("the place is %(now)s now (it was %(was)s)") % {"was": was, "now": now}


def _link(was: str, now: str) -> str:
    if was and now:
        return _("the link to join is another one now")
    return _("there is a link to join now") if now else _("there is no link to join any more")


def why_cancelled(event: Event) -> str:
    """What was said when it was cancelled; empty where it was not, or nothing was said. One statement where it was."""
    if event.status != Status.CANCELLED:
        return ""
    lines = Entry.objects.filter(about_type="events.event", about_id=event.pk, verb="event_cancelled")
    line = lines.order_by("-id").first()
    return str(line.data.get("why", "")) if line else ""
