"""The lines of a calendar (RFC 5545 §3.1) as events with values, in a time that grows with the file and no faster.

Libraries read zones and rules as far as these lead, which from elsewhere may be for good; here each is bounded.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from folkmoot.core.numbers import as_id
from folkmoot.events.models import as_known
from folkmoot.exchange.repeats import read_rule

MOST_ENTRIES = 2_000
MOST_DATES = 2_000
_MOST_LINES, _LONGEST_LINE = 100_000, 100_000
_DAY = timedelta(days=1)
_MOST_ZONES, _MOST_CHANGES, _MOST_YEARS = 50, 50, 200
_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]")
_LINE = re.compile(r"[\r\n]+")
_PROPERTY = re.compile(r'\s*([A-Za-z0-9-]+)\s*((?:;(?:"[^"]*"|[^":])*)?):(.*)', re.DOTALL)
_TZID = re.compile(r';\s*TZID\s*=\s*(?:"([^"]*)"|([^;"]*))', re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?", re.ASCII)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?", re.ASCII
)
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(?:\d\d)?", re.ASCII)
_ESCAPED = re.compile(r"\\([nN,;:\\\"])")
_UNTIL = re.compile(r"UNTIL=([0-9TZ]+)")
_READ = frozenset((
    "UID", "SUMMARY", "STATUS", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE",
    "LOCATION", "DESCRIPTION", "URL", "X-GOOGLE-CONFERENCE", "TZID", "TZOFFSETTO",
))  # fmt: skip


class Line(NamedTuple):
    """A property: the zone that it names, or nothing, and its value as it stands."""

    tzid: str
    value: str


Lines = dict[str, list[Line]]


class Change(NamedTuple):
    """A time from which a zone has another offset: the first, further ones, and a rule for each year."""

    begins: datetime
    offset: timedelta
    dates: list[datetime]
    rule: str
    is_standard: bool


@dataclass
class Zones:
    """The zones that a file names: those that are known by their names, others as the file describes them."""

    described: dict[str, list[Change]] = field(default_factory=dict)
    _known: dict[str, ZoneInfo | None] = field(default_factory=dict)
    _years: dict[tuple[str, int], list[tuple[datetime, timedelta]]] = field(default_factory=dict)

    def named(self, tzid: str) -> ZoneInfo | None:
        """The zone of that name, as the world, Windows or (with a maker's name before it) a program calls it."""
        if tzid not in self._known:
            if len(self._known) >= _MOST_ZONES:
                return None
            self._known[tzid] = next(filter(None, map(as_known, _names(tzid))), None)
        return self._known[tzid]

    def read(self, at: datetime, tzid: str) -> datetime | None:
        """That time of the wall clock of a zone; without an offset where nobody knows the zone.

        None where the file describes zones for longer than is looked at.
        """
        if (zone := self.named(tzid)) is not None:
            return at.replace(tzinfo=zone)
        changes = self.described.get(tzid)
        if not changes:
            return at
        if (tzid, at.year) not in self._years:
            if len(self._years) >= _MOST_YEARS:
                return None
            self._years[tzid, at.year] = sorted(_onsets(changes, at.year))
        onsets = self._years[tzid, at.year]
        place = bisect_right(onsets, at, key=lambda onset: onset[0])
        first = next((change for change in changes if change.is_standard), changes[0])
        return at.replace(tzinfo=timezone(onsets[place - 1][1] if place else first.offset))


@dataclass
class Entry:
    """An event as it stands in the file; `place` counts from one."""

    place: int
    zones: Zones
    lines: Lines = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether it says anything of it."""
        return name in self.lines

    def text(self, name: str) -> str:
        """The words of a property in one line, empty where it is not there; those of a description in their lines."""
        if name not in self.lines:
            return ""
        value = self.lines[name][0].value
        if name != "URL":
            value = _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)
        return value.strip() if name == "DESCRIPTION" else " ".join(value.split())

    def tzid(self, name: str) -> str:
        """The zone that a date names."""
        return self.lines[name][0].tzid if name in self.lines else ""

    def number(self, name: str) -> int:
        """A number such as SEQUENCE; 0 where it is none."""
        return as_id(self.text(name)) or 0

    def at(self, name: str) -> date | None:
        """The day or the moment of a property; None where it is not there, or none."""
        return _read(*self.lines[name][0], self.zones) if name in self.lines else None

    def lasts(self) -> timedelta | None:
        """Its DURATION; None where it is not there, or none."""
        value = self.lines["DURATION"][0].value.strip().upper() if "DURATION" in self.lines else ""
        match = _DURATION.fullmatch(value)
        if match is None or not any(match.groups()[1:]):
            return None
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
        found = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        return -found if match[1] == "-" else found

    def dates(self, name: str) -> list[date]:
        """The dates of EXDATE or RDATE, as many as are looked at; of a period its start."""
        return _dates(self.lines.get(name, []), self.zones)

    def rules(self) -> Iterator[tuple[str, datetime | None]]:
        """(each rule, until when it holds: by the clock of its zone, in UTC, or None)."""
        for text in dict.fromkeys(line.value.strip() for line in self.lines.get("RRULE", [])):
            yield text, until_of(text)


def read_entries(text: str) -> tuple[list[Entry], bool, bool]:
    """(its events, whether there are more than are looked at, whether it is a calendar at all)."""
    zones, found = Zones(), list[Entry]()
    zone_lines = list[tuple[Lines, list[tuple[str, Lines]]]]()
    more = is_calendar = False
    lines: Lines | None = None
    inner = 0
    every = _LINE.split(_FOLD.sub("", text), _MOST_LINES)
    if len(every) > _MOST_LINES:
        more = bool(every.pop())
    for line in every:
        start = line.lstrip("\ufeff \t")[:20].upper()
        if start.startswith("BEGIN:"):
            kind = line.strip("\ufeff \t")[6:].strip().upper()
            is_calendar = is_calendar or kind in {"VCALENDAR", "VEVENT"}
            if kind == "VEVENT":
                lines, inner = None, 0
                if len(found) < MOST_ENTRIES:
                    lines = {}
                    found.append(Entry(len(found) + 1, zones, lines))
                else:
                    more = True
            elif kind == "VTIMEZONE":
                lines, inner = {}, 0
                zone_lines.append((lines, []))
            elif kind in {"STANDARD", "DAYLIGHT"} and zone_lines and lines is not None:
                lines = {}
                zone_lines[-1][1].append((kind, lines))
            else:
                inner += 1
        elif start.startswith("END:"):
            kind = line.strip()[4:].strip().upper()
            if kind in {"VEVENT", "VTIMEZONE", "VCALENDAR"}:
                lines = None
            elif kind not in {"STANDARD", "DAYLIGHT"}:
                inner -= inner > 0
        elif lines is not None and not inner and (match := _PROPERTY.fullmatch(line[:_LONGEST_LINE])):
            name = match[1].upper()
            if name in _READ:
                tzid = _TZID.search(match[2]) if match[2] else None
                lines.setdefault(name, []).append(
                    Line((tzid[1] or tzid[2] or "").strip() if tzid else "", match[3])
                )
    for of_zone, changes in zone_lines[:_MOST_ZONES]:
        if "TZID" in of_zone:
            zones.described[of_zone["TZID"][0].value.strip()] = list(_changes(changes[:_MOST_CHANGES]))
    return found, more, is_calendar


def until_of(rule: str) -> datetime | None:
    """Until when a rule holds: of a day its end."""
    match = _UNTIL.search(rule.upper())
    at = _read("", match[1], Zones()) if match else None
    if at is None or isinstance(at, datetime):
        return at
    return datetime(at.year, at.month, at.day, 23, 59, 59)


def _names(tzid: str) -> list[str]:
    """What a zone of that name may be called."""
    cleaned = tzid.strip("/")[:100]
    parts = cleaned.split("/")[-3:] if tzid.startswith("/") else []
    of_maker = ["/".join(parts[at:]) for at in range(len(parts))]
    return [name for name in (cleaned, WINDOWS_TO_OLSON.get(cleaned, ""), *of_maker) if name]


def _read(tzid: str, value: str, zones: Zones) -> date | None:
    match = _MOMENT.fullmatch(value.strip().upper())
    if match is None:
        return None
    try:
        if match[4] is None:
            return date(int(match[1]), int(match[2]), int(match[3]))
        at = datetime(*(int(part) for part in match.groups()[:6]))  # type: ignore[arg-type]
        if tzid:
            return zones.read(at, tzid)
        return at.replace(tzinfo=UTC) if match[7] else at
    except (ValueError, OverflowError):
        return None


def _dates(lines: list[Line], zones: Zones) -> list[date]:
    found: list[date] = []
    for line in lines:
        for value in line.value.split(",", MOST_DATES)[: MOST_DATES - len(found)]:
            at = _read(line.tzid, value.split("/", 1)[0], zones)
            if at is not None:
                found.append(at)
        if len(found) >= MOST_DATES:
            break
    return found


def _changes(parts: list[tuple[str, Lines]]) -> Iterator[Change]:
    for kind, lines in parts:
        begins = _read("", lines["DTSTART"][0].value, Zones()) if "DTSTART" in lines else None
        offset = _OFFSET.fullmatch(lines["TZOFFSETTO"][0].value.strip()) if "TZOFFSETTO" in lines else None
        if begins is None or offset is None or int(offset[2]) > 23:
            continue
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        yield Change(
            _naive(begins),
            ahead if offset[1] == "+" else -ahead,
            [_naive(at) for at in _dates(lines.get("RDATE", [])[:_MOST_CHANGES], Zones())[:_MOST_CHANGES]],
            lines["RRULE"][0].value.strip() if "RRULE" in lines else "",
            kind == "STANDARD",
        )


def _naive(at: date) -> datetime:
    return at.replace(tzinfo=None) if isinstance(at, datetime) else datetime(at.year, at.month, at.day)


def _onsets(changes: list[Change], year: int) -> Iterator[tuple[datetime, timedelta]]:
    """When each offset begins to hold: by dates, and by the rules in that year and the year before."""
    for change in changes:
        yield from ((at, change.offset) for at in (change.begins, *change.dates))
        last = datetime(year, 12, 31, 23, 59, 59)
        # A day more, for the clock of UTC; the year 9999 has none.
        if (until := until_of(change.rule)) and _naive(until) < last - _DAY:
            last = _naive(until) + _DAY
        begins = change.begins
        if begins.year < last.year - 1:
            begins = begins.replace(year=last.year - 1, month=1, day=1)
        with suppress(ValueError):  # what cannot be read is left out
            rule = read_rule(change.rule, change.begins)
            # Zones have a rule for a day of a month each year, at one time; others are long to reckon.
            if (rule.often, rule.interval, rule.count, len(rule.numbers.get("BYMONTH", ()))) == (
                "YEARLY", 1, None, 1,
            ) and not rule.numbers.keys() & {"BYHOUR", "BYMINUTE", "BYSECOND"}:  # fmt: skip
                yield from ((at, change.offset) for at in rule.times(begins, last))
