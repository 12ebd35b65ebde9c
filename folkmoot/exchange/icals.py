"""Reading calendars (.ics, RFC 5545) that other programs wrote: every good event, and a sentence for each that is not.

Each event is read by itself, so that one that is broken does not take the others with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from folkmoot.core.richtext import as_text, clean
from folkmoot.events.models import as_known
from folkmoot.exchange.reading.decoding import decode

MOST_EVENTS, MOST_TIMES, AHEAD = 200, 60, timedelta(days=730)
_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]")
_LINE = re.compile(r"\r\n|\r|\n")
_UNTIL = re.compile(r"UNTIL=(\d{8})(?:T(\d{6}))?(Z)?")
_URL = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Found:
    """An event as a calendar tells it. `key` is the same whenever the same one is read."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    summary: str = ""
    place: str = ""
    online_url: str = ""


@dataclass(frozen=True)
class Calendars:
    """What is in a file: good events, and what is to be said of others."""

    events: list[Found]
    problems: list[str]


class Unusable(ValueError):
    """An event that cannot be taken in; says why in a sentence."""


def read_calendar(data: bytes) -> Calendars:
    """Every event of a file. Raises Unreadable for what is no text, and Unusable where no calendar is in it."""
    lines = [
        line for line in _LINE.split(_FOLD.sub("", decode(data).text.replace("\x00", ""))) if line.strip()
    ]
    zones, blocks = _blocks(lines, "VTIMEZONE"), _blocks(lines, "VEVENT")
    if not any(line.strip().lstrip("\ufeff").upper() == "BEGIN:VCALENDAR" for line in lines) and not blocks:
        raise Unusable(_("There is no calendar in this file."))
    if not blocks:
        raise Unusable(_("There is no event in this calendar."))
    problems, entries = [], []
    for block in blocks:
        try:
            entries.append(_parsed(block, zones))
        except Unusable as unusable:
            problems.append(_of(block, str(unusable)))
    events: list[Found] = []
    for at, entry in enumerate(entries):
        if "RECURRENCE-ID" in entry and _has_whole(entry, entries):
            continue
        if "RECURRENCE-ID" not in entry and _has_whole(entry, entries[at + 1 :]):
            continue  # told again further down, as it is now
        try:
            events += list(_times(entry, _changed_times(entry, entries), problems))
        except Unusable as unusable:
            problems.append(_named(entry, str(unusable)))
    if len(events) > MOST_EVENTS:
        problems.append(
            _("There are more events in it; these are the first %(most)d.") % {"most": MOST_EVENTS}
        )
    return Calendars(sorted(events, key=lambda event: event.starts_at)[:MOST_EVENTS], problems)


def _blocks(lines: list[str], name: str) -> list[list[str]]:
    """The lines of each component of that name; one that is not closed ends where the next begins, or with the file."""
    found: list[list[str]] = []
    inside = False
    for line in lines:
        word = line.strip().upper()
        if word == f"BEGIN:{name}":
            found.append([])
            inside = True
        elif word in {f"END:{name}", "END:VCALENDAR"}:
            inside = False
        elif inside:
            found[-1].append(line)
    return found


def _parsed(block: list[str], zones: list[list[str]]) -> Entry:
    """One event, without the lines that break it as far as it can do without them. Raises Unusable."""
    around = [line for zone in zones for line in ("BEGIN:VTIMEZONE", *zone, "END:VTIMEZONE")]
    for kept, zoned in ((block, around), (block, []), (_sound(block), [])):
        text = "\r\n".join(
            ["BEGIN:VCALENDAR", *zoned, "BEGIN:VEVENT", *kept, "END:VEVENT", "END:VCALENDAR", ""]
        )
        try:
            found = Calendar.from_ical(text).walk("VEVENT")
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
            continue
        if found:
            return found[0]  # type: ignore[return-value]
    raise Unusable(_("It cannot be read."))


def _sound(block: list[str]) -> list[str]:
    """The lines that have a name and a value, outside of what stands within the event, such as alarms."""
    kept, depth = [], 0
    for line in block:
        name = line.split(":", 1)[0].split(";", 1)[0].strip().upper()
        depth += name == "BEGIN"
        if depth == 0 and re.fullmatch(r"[A-Z0-9-]+", name) and ":" in line:
            kept.append(line)
        depth -= name == "END" and depth > 0
    return kept


def _times(entry: Entry, changed: dict[datetime, Entry], problems: list[str]) -> Iterator[Found]:
    """The event, or each of those that its rule makes of it; those that were changed, as they were changed to."""
    first = _one(entry)
    off = _dates(entry, "EXDATE")
    taken_out = {_moment(at, entry) for at in off if isinstance(at, datetime)}
    days_out = {at for at in off if not isinstance(at, datetime)}
    for at in _occurrences(entry, first, problems):
        if (at in taken_out or at.date() in days_out) and at not in changed:
            continue
        length = first.ends_at - first.starts_at
        if (other := changed.get(at)) is not None:
            try:
                yield replace(_one(other), key=f"{first.key}:{at:%Y%m%dT%H%M%S}")
            except Unusable as unusable:
                problems.append(_named(other, str(unusable)))
            continue
        yield replace(first, key=f"{first.key}:{at:%Y%m%dT%H%M%S}", starts_at=at, ends_at=at + length)


def _one(entry: Entry) -> Found:
    """One event as it stands. Raises Unusable with what is wrong with it."""
    if str(entry.get("STATUS", "")).upper() == "CANCELLED":
        raise Unusable(_("It is cancelled."))
    starts, zone = _start(entry)
    ends = _end(entry, starts, zone)
    if ends < starts:
        raise Unusable(_("It ends before it begins."))
    if ends - starts > timedelta(days=366):
        raise Unusable(_("It lasts more than a year."))
    place, told = _text(entry, "LOCATION"), _description(entry)
    link = _URL.search(" ".join((_text(entry, "URL"), _text(entry, "X-GOOGLE-CONFERENCE"), place, told)))
    return Found(
        key=f"ics:{_text(entry, 'UID')}"[:150],
        title=_text(entry, "SUMMARY")[:300] or _("Without a title"),
        starts_at=starts,
        ends_at=ends,
        timezone=zone.key,
        summary=told[:8000],
        place="" if _URL.fullmatch(place) else place[:300],
        online_url=link[0].rstrip(".,;)>")[:2000] if link else "",
    )


def _start(entry: Entry) -> tuple[datetime, ZoneInfo]:
    """When it starts, in a zone that has a name."""
    at = _value(entry, "DTSTART")
    if not isinstance(at, date):
        raise Unusable(_("When it begins cannot be read."))
    zone = _zone(at.tzinfo if isinstance(at, datetime) else None, entry)
    return _in_zone(at, zone, time(9)), zone


def _end(entry: Entry, starts: datetime, zone: ZoneInfo) -> datetime:
    """When it ends; a whole day ends at five, and what says nothing of it when it begins."""
    at = _value(entry, "DTEND")
    if isinstance(at, datetime):
        return _in_zone(at, zone, time(17))
    if isinstance(at, date):
        # The last day of whole days is the one before (RFC 5545 §3.6.1).
        return max(_in_zone(at - timedelta(days=1), zone, time(17)), starts)
    lasts = _value(entry, "DURATION")
    if isinstance(lasts, timedelta):
        return starts + lasts
    if "DTEND" in entry or "DURATION" in entry:
        raise Unusable(_("When it ends cannot be read."))
    whole_day = not isinstance(_value(entry, "DTSTART"), datetime)
    return starts.replace(hour=17) if whole_day else starts


def _in_zone(at: date, zone: ZoneInfo, clock: time) -> datetime:
    """A moment of that zone; a day is read at an hour of it, and a time without a zone by its wall clock."""
    try:
        if not isinstance(at, datetime):
            return datetime.combine(at, clock, tzinfo=zone)
        found = at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
        found.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise Unusable(_("Its days lie outside of what calendars know.")) from error
    return found


def _zone(given: tzinfo | None, entry: Entry) -> ZoneInfo:
    """The zone by its name; the organisation's for one that has none that is known."""
    named = [
        str(getattr(given, "key", "") or ""),
        str(getattr(entry.get("DTSTART"), "params", {}).get("TZID", "")),
    ]
    for name in named:
        if name and name != "UTC" and (zone := as_known(name)) is not None:
            return zone
    return ZoneInfo(settings.TIME_ZONE)


def _occurrences(entry: Entry, first: Found, problems: list[str]) -> list[datetime]:
    """When it takes place: once, or as its rule and further dates say; as many as a draft is good for."""
    zone = ZoneInfo(first.timezone)
    begins = first.starts_at.astimezone(zone).replace(tzinfo=None)
    times = {begins}
    rules = entry.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        try:
            text = _UNTIL.sub(
                lambda until: f"UNTIL={_last(until, zone):%Y%m%dT%H%M%S}", rule.to_ical().decode()
            )
            found = rrulestr(text, dtstart=begins, ignoretz=True).xafter(begins, count=MOST_TIMES + 1)
            times |= {at for at in found if at - begins <= AHEAD}
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
            problems.append(_named(entry, _("How it repeats cannot be read, so only the first is taken.")))
    times |= {_moment(at, entry).astimezone(zone).replace(tzinfo=None) for at in _dates(entry, "RDATE")}
    if len(times) > MOST_TIMES:
        said = _("It takes place more often; these are the first %(most)d.") % {"most": MOST_TIMES}
        problems.append(_named(entry, said))
    return [at.replace(tzinfo=zone) for at in sorted(times)[:MOST_TIMES]]


def _last(until: re.Match[str], zone: ZoneInfo) -> datetime:
    """The moment up to which a rule holds, on the wall clock; of a day its end."""
    day, clock, utc = until.groups()
    if clock is None:
        return datetime.strptime(f"{day}235959", "%Y%m%d%H%M%S")
    at = datetime.strptime(f"{day}{clock}", "%Y%m%d%H%M%S")
    return at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if utc else at


def _changed_times(entry: Entry, entries: list[Entry]) -> dict[datetime, Entry]:
    """{when it was to be: the event as it was changed} of a repeating event."""
    uid = _text(entry, "UID")
    if "RECURRENCE-ID" in entry or not uid:
        return {}
    found = {}
    for other in entries:
        if _text(other, "UID") == uid and isinstance(at := _value(other, "RECURRENCE-ID"), date):
            found[_moment(at, entry)] = other
    return found


def _has_whole(entry: Entry, entries: list[Entry]) -> bool:
    uid = _text(entry, "UID")
    return bool(uid) and any(_text(other, "UID") == uid and "RECURRENCE-ID" not in other for other in entries)


def _moment(at: date, entry: Entry) -> datetime:
    """A date of a rule's exceptions, as the event's own times are read."""
    return _in_zone(at, _start(entry)[1], time(9))


def _dates(entry: Entry, name: str) -> list[date]:
    """The dates of EXDATE or RDATE; of a period its start."""
    given = entry.get(name, [])
    found = []
    for each in given if isinstance(given, list) else [given]:
        try:
            dates = list(getattr(each, "dts", []))
        except ValueError:  # what stands there is no date
            continue
        for one in dates:
            at = getattr(one, "dt", None)
            at = at[0] if isinstance(at, tuple) else at
            if isinstance(at, date):
                found.append(at)
    return found


def _value(entry: Entry, name: str) -> Any:
    """The value of a property; None where it has none that can be read, or more than one."""
    given = entry.get(name)
    try:
        return getattr(given[0] if isinstance(given, list) else given, "dt", None)
    except (ValueError, TypeError, IndexError):
        return None


def _text(entry: Entry, name: str) -> str:
    given = entry.get(name, "")
    given = given[0] if isinstance(given, list) and given else given
    return " ".join(str(given).split()) if name != "DESCRIPTION" else str(given).strip()


def _description(entry: Entry) -> str:
    """What it is about, as words: some programs write HTML there."""
    told = _text(entry, "DESCRIPTION")
    return as_text(clean(told)) if re.search(r"<(?:p|br|div|span|a|html)\b", told, re.IGNORECASE) else told


def _of(block: list[str], sentence: str) -> str:
    titles = (
        line.split(":", 1)[1].strip()
        for line in block
        if re.match(r"(?i)SUMMARY[;:].*:?", line) and ":" in line
    )
    title = next(titles, "")
    return f"“{title[:80]}”: {sentence}" if title else sentence


def _named(entry: Entry, sentence: str) -> str:
    title = _text(entry, "SUMMARY")
    return f"“{title[:80]}”: {sentence}" if title else sentence
