"""Time zones as calendars read them (VTIMEZONE, RFC 5545 §3.6.5), made from the zone's own rules.

Two yearly rules where the zone has such, as every program understands them; else each change of clocks by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CHECKED = 4  # years for which a yearly rule has to hold
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """The clocks change: `at` is the moment, on the wall clock as it was before."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_daylight: bool

    @property
    def rule(self) -> str:
        """“The last Sunday of March”: what an RRULE says of this change."""
        is_last = (self.at + 7 * _DAY).month != self.at.month
        which = -1 if is_last else (self.at.day - 1) // 7 + 1
        return f"FREQ=YEARLY;BYMONTH={self.at.month};BYDAY={which}{_DAYS[self.at.weekday()]}"


def as_component(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """The zone for events between these two moments."""
    found = Timezone()
    found.add("tzid", zone.key)
    begin = first.astimezone(UTC).year - 1
    until = max(last.astimezone(UTC).year + 1, begin + _CHECKED)
    changes = list(_changes(zone, begin, until))
    yearly = [change for change in changes if change.at.year == begin]
    by_year = [
        [(change.rule, change.before, change.after) for change in of_year]
        for _, of_year in groupby(changes, _year)
    ]
    is_regular = len(yearly) == 2 and by_year == [by_year[0]] * (until - begin + 1)
    if not changes or not is_regular:
        found.add_component(_part(_as_it_begins(zone, begin)))
    for change in yearly if is_regular else changes:
        part = _part(change)
        if is_regular:
            part.add("rrule", vRecur.from_ical(change.rule))
        found.add_component(part)
    return found


def _year(change: Change) -> int:
    return change.at.year


def _part(change: Change) -> TimezoneDaylight | TimezoneStandard:
    part = TimezoneDaylight() if change.is_daylight else TimezoneStandard()
    part.add("dtstart", change.at)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("tzname", change.name)
    return part


def _as_it_begins(zone: ZoneInfo, year: int) -> Change:
    """What holds at the beginning of a year."""
    at = datetime(year, 1, 1, tzinfo=UTC).astimezone(zone)
    offset = at.utcoffset() or timedelta()
    return Change(at.replace(tzinfo=None), offset, offset, at.tzname() or zone.key, bool(at.dst()))


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    """Every change of clocks of these years, both included."""
    day = datetime(first, 1, 1, tzinfo=UTC)
    while day.year <= last:
        if day.astimezone(zone).utcoffset() != (day + _DAY).astimezone(zone).utcoffset():
            low, high = day, day + _DAY
            while high - low > _SECOND:
                middle = low + (high - low) // 2
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield _change(zone, high.replace(microsecond=0))
        day += _DAY


def _change(zone: ZoneInfo, at: datetime) -> Change:
    before = (at - _SECOND).astimezone(zone).utcoffset() or timedelta()
    after = at.astimezone(zone)
    wall_clock = (at + before).replace(tzinfo=None)
    return Change(
        wall_clock, before, after.utcoffset() or timedelta(), after.tzname() or zone.key, bool(after.dst())
    )
