"""Events as calendars read them: invitations that act by themselves (RFC 5545, 5546, 6047), and feeds.

An invitation is made by the `icalendar` library, with the zone of the event's wall clock. A feed of thousands is
written by hand, a line each, in UTC, which needs no zone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import TextField
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from icalendar import Calendar, vCalAddress, vRecur
from icalendar import Event as Entry

from folkmoot.communities.models.sql import Sql
from folkmoot.core.address import site_address
from folkmoot.events.models import COMING, Event, EventQuerySet, Said, Status
from folkmoot.events.recurrence import days_by_rule
from folkmoot.events.zones import as_component

PRODUCT = "-//Folkmoot//Events//EN"
LONGEST_SUMMARY = 2_000
_PARTSTAT = {
    Said.GOING: "ACCEPTED",
    Said.MAYBE: "TENTATIVE",
    Said.NO: "DECLINED",
    Said.WAITING: "NEEDS-ACTION",
    Said.ASKED: "NEEDS-ACTION",
}
_STATUS = {Status.CANCELLED.value: "CANCELLED", Status.DRAFT.value: "TENTATIVE"}
_ESCAPED = re.compile(r"[\\;,]|\r\n|\r|\n")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE = 75  # octets
_MOMENTS = " || ".join(
    f"to_char({{{place}}} AT TIME ZONE 'UTC', '\"{name}:\"YYYYMMDD\"T\"HH24MISS\"Z\"') || E'\\r\\n'"
    for place, name in enumerate(("DTSTAMP", "DTSTART", "DTEND"))
)


def invitation(
    event: Event,
    *,
    method: str,
    organiser: tuple[str, str],
    attendee: tuple[str, str],
    said: str,
    sequence: int,
    at: datetime,
) -> bytes:
    """REQUEST puts the event into somebody's calendar or changes it there, CANCEL takes it out.

    The way in is in it once they come or may come; who is only invited has the place.
    `organiser` and `attendee` are (name, address); `sequence` is higher than that of what was sent before; `at` is now.
    """
    calendar = _calendar(method)
    entry = _entry(event, at, sequence, with_way_in=said in COMING)
    if method == "CANCEL":
        entry["STATUS"] = "CANCELLED"
    _between(entry, organiser, attendee, said)
    calendar.add_component(as_component(event.zone, event.starts_at, event.ends_at))
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def series_invitation(
    events: Sequence[Event],
    wanted: Mapping[int, str],
    *,
    uid: str,
    rule: str,
    organiser: tuple[str, str],
    attendee: tuple[str, str],
    sequence: int,
    at: datetime,
) -> bytes:
    """The same for a series, as one thing: its rule, the dates that somebody does not come to taken out of it.

    `uid` is the series'; `events` are all of it by their `occurrence`; `wanted` is {event to be in the calendar: what
    the person says}, and none of them takes the whole out. What was moved or is otherwise unlike the rest is told as
    such (RECURRENCE-ID).
    """
    mine = [event for event in events if event.pk in wanted] or events
    pattern = next((event for event in mine if not event.is_moved), mine[0])
    says = wanted.get(pattern.pk, next(iter(wanted.values()), Said.NO.value))
    calendar = _calendar("REQUEST" if wanted else "CANCEL")
    whole = _entry(pattern, at, sequence, with_way_in=says in COMING)
    whole = _recurring(whole, pattern, events, rule)
    off = [_occurrence(event) for event in events if event.pk not in wanted]
    if off and wanted:
        whole.add("exdate", off)
    _between(whole, organiser, attendee, says)
    parts = [whole]
    for event in events:
        if event.pk in wanted and (
            event.is_moved or wanted[event.pk] != says or _looks(event) != _looks(pattern)
        ):
            part = _entry(event, at, sequence, with_way_in=wanted[event.pk] in COMING)
            part.add("recurrence-id", _occurrence(event))
            _between(part, organiser, attendee, wanted[event.pk])
            parts.append(part)
    calendar.add_component(as_component(events[0].zone, events[0].starts_at, events[-1].ends_at))
    for part in parts:
        part["UID"] = uid
        if not wanted:
            part["STATUS"] = "CANCELLED"
        calendar.add_component(part)
    return bytes(calendar.to_ical())


def _recurring(entry: Entry, pattern: Event, events: Sequence[Event], rule: str) -> Entry:
    """Begins where the series does, with its rule; where its dates follow none, or some are left out, with these."""
    first = events[0]
    begins = _occurrence(first)
    length = pattern.ends.replace(tzinfo=None) - pattern.starts.replace(tzinfo=None)
    del entry["DTSTART"], entry["DTEND"]
    entry.add("dtstart", begins)
    entry.add("dtend", (begins.replace(tzinfo=None) + length).replace(tzinfo=first.zone))
    dates = [_occurrence(event) for event in events]
    if rule and days_by_rule(rule, begins.replace(tzinfo=None)) == [at.replace(tzinfo=None) for at in dates]:
        counted = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL="))
        entry.add("rrule", vRecur.from_ical(f"{counted};COUNT={len(events)}"))
    else:
        entry.add("rdate", dates[1:])
    return entry


def _occurrence(event: Event) -> datetime:
    return (event.occurrence or event.starts_at).astimezone(event.zone)


def _looks(event: Event) -> tuple[object, ...]:
    """What calendars show of an event, but when it starts."""
    length = event.ends.replace(tzinfo=None) - event.starts.replace(tzinfo=None)
    return event.title, event.place, event.online_url, event.summary, length


def _between(entry: Entry, organiser: tuple[str, str], attendee: tuple[str, str], said: str) -> None:
    """Who invites, who is invited and what they said."""
    entry.add("organizer", _address(*organiser))
    who = _address(*attendee)
    who.params["PARTSTAT"] = _PARTSTAT[Said(said)]
    who.params["ROLE"] = "REQ-PARTICIPANT"
    # What a calendar would reply by mail (METHOD:REPLY) is read by nobody: one answers by the link in the letter.
    who.params["RSVP"] = "FALSE"
    entry.add("attendee", who)


def single(event: Event, at: datetime, *, with_way_in: bool) -> bytes:
    """The event as a file to open in a calendar; with the way in for who has it."""
    calendar = _calendar("PUBLISH")
    calendar.add_component(as_component(event.zone, event.starts_at, event.ends_at))
    calendar.add_component(_entry(event, at, event.sequence, with_way_in=with_way_in))
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _entry(event: Event, at: datetime, sequence: int, *, with_way_in: bool) -> Entry:
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("sequence", sequence)
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("dtstart", event.starts)
    entry.add("dtend", event.ends)
    entry.add("summary", _plain(event.title))
    entry.add("status", _STATUS.get(event.status, "CONFIRMED"))
    entry.add("url", site_address() + event.get_absolute_url())
    where, about = _where(event, with_way_in=with_way_in), _about(event, with_way_in=with_way_in)
    for name, value in (("location", where), ("description", about)):
        if value:
            entry.add(name, value)
    return entry


def _address(name: str, address: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    found.params["CN"] = _plain(name).replace('"', "'")
    return found


def _where(event: Event, *, with_way_in: bool) -> str:
    online = event.online_url if with_way_in or not event.online_url else _("Online")
    return _plain(event.place or online)


def _about(event: Event, *, with_way_in: bool) -> str:
    parts = [
        _shortened(event.summary),
        event.online_url if with_way_in else "",
        event.joining if with_way_in else "",
        site_address() + event.get_absolute_url(),
    ]
    return _plain("\n\n".join(part for part in parts if part))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SUMMARY else Truncator(text).chars(LONGEST_SUMMARY)


def _plain(text: str) -> str:
    return _NOT_IN_TEXT.sub("", text)


def feed(name: str, events: Iterable[Event]) -> Iterator[str]:
    """A calendar of that name, piece by piece."""
    yield _lines([
        "BEGIN:VCALENDAR", f"PRODID:{PRODUCT}", "VERSION:2.0", "METHOD:PUBLISH", "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
    ])  # fmt: skip
    site = site_address()
    # Composed once: thousands of addresses.
    before, after = reverse("event", args=[0, "slug"]).split("0-slug")
    for event in events:
        lines = [
            f"UID:{event.uid}",
            f"SUMMARY:{_text(event.title)}",
            f"URL:{site}{before}{event.pk}-{event.slug}{after}",
        ]
        has_way_in = getattr(event, "has_way_in", False)  # as `access.with_way_in` has said
        where = event.place or (event.online_url and (event.online_url if has_way_in else _("Online")))
        if where:
            lines.append(f"LOCATION:{_text(where)}")
        about = event.summary and _shortened(event.summary)
        if has_way_in and (event.online_url or event.joining):
            about = "\n\n".join(part for part in (about, event.online_url, event.joining) if part)
        if about:
            lines.append(f"DESCRIPTION:{_text(about)}")
        yield (
            f"BEGIN:VEVENT\r\nSEQUENCE:{event.sequence}\r\nSTATUS:{_STATUS.get(event.status, 'CONFIRMED')}\r\n"
            f"{getattr(event, 'moments', None) or _moments(event)}{_lines(lines)}END:VEVENT\r\n"
        )
    yield "END:VCALENDAR\r\n"


def _moments(event: Event) -> str:
    """The lines of its times, in UTC."""
    times = (("DTSTAMP", event.created_at), ("DTSTART", event.starts_at), ("DTEND", event.ends_at))
    return "".join(f"{name}:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n" for name, at in times)


def with_moments(events: EventQuerySet) -> EventQuerySet:
    """Each with the `moments` that a feed shows, which the database writes in a fraction of the time."""
    return events.annotate(
        moments=Sql(_MOMENTS, "created_at", "starts_at", "ends_at", params=(), output_field=TextField())
    )


def _text(text: str) -> str:
    """TEXT of RFC 5545 §3.3.11."""
    found = _NOT_IN_TEXT.sub("", text)
    return _ESCAPED.sub(
        lambda sign: "\\n" if sign[0] in "\r\n" or sign[0] == "\r\n" else f"\\{sign[0]}", found
    )


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    """No more than 75 octets a line, and never within a letter (§3.1)."""
    if len(line) < _LINE and line.isascii():
        return line
    octets, at = line.encode(), 0
    parts: list[str] = []
    while at < len(octets):
        end = at + (_LINE if not parts else _LINE - 1)
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(octets[at:end].decode())
        at = end
    return "\r\n ".join(parts)


def window(at: datetime) -> tuple[datetime, datetime]:
    """Of a feed: what calendars need, a month back and a year ahead."""
    return at - timedelta(days=31), at + timedelta(days=366)
