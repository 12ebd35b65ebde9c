"""When a rule of RFC 5545 makes something take place, within days that have an end.

`dateutil` looks for the next day until the year 9999, which a rule from elsewhere that never fits can make last for
good. Here every day of the time asked about is looked at once, whatever the rule says.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WITHIN_A_DAY = ("HOURLY", "MINUTELY", "SECONDLY")
_MOST_TIMES_A_DAY, _LONGEST = 24, 2_000
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_DAY_OF = timedelta(days=1)
# The numbers that a part may list; those with a minus count from the end.
_RANGES = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
}


class TooOften(ValueError):
    """A rule that makes something take place again and again within a day."""


@dataclass(frozen=True)
class Rule:
    """What a rule says, each part read. `days` are (weekday, which of the month or year; 0 is each)."""

    often: str
    interval: int
    count: int | None
    week_begins: int
    numbers: dict[str, frozenset[int]]
    days: frozenset[tuple[int, int]]

    def times(self, begins: datetime, last: datetime) -> Iterator[datetime]:
        """When it takes place, by the wall clock, from `begins` to `last`: in order, each once.

        `begins` itself is among them only where it fits the rule.
        """
        clocks = self._clocks(begins)
        left = self.count
        for days in self._periods(begins.date(), last.date()):
            found = [datetime.combine(day, clock) for day in days if self._fits(day) for clock in clocks]
            for at in self._picked(found):
                if at > last or left == 0:
                    return
                if at >= begins:
                    left = left and left - 1
                    yield at

    def later(self, begins: datetime, by: datetime) -> datetime:
        """A moment from which the rule goes on as from `begins`, close to `by`; `begins` where it counts its times."""
        if self.count is not None or by <= begins:
            return begins
        if self.often in {"YEARLY", "MONTHLY"}:
            step = self.interval * (12 if self.often == "YEARLY" else 1)
            first, month = (at.year * 12 + at.month - 1 for at in (begins, by))
            gone = (
                (month - first) // step - 1
            ) * step  # a step less: its first day at this hour may be behind `by`
            if gone <= 0:
                return begins
            return begins.replace(year=(first + gone) // 12, month=(first + gone) % 12 + 1, day=1)
        step = self.interval * (7 if self.often == "WEEKLY" else 1)
        return begins + timedelta(days=(by - begins).days // step * step)

    def _clocks(self, begins: datetime) -> list[time]:
        hours, minutes, seconds = (
            sorted(self.numbers.get(name, [given]))
            for name, given in (
                ("BYHOUR", begins.hour),
                ("BYMINUTE", begins.minute),
                ("BYSECOND", begins.second),
            )
        )
        if len(hours) * len(minutes) * len(seconds) > _MOST_TIMES_A_DAY:
            raise TooOften
        return [time(*clock) for clock in product(hours, minutes, seconds)]

    def _periods(self, begins: date, last: date) -> Iterator[list[date]]:
        """The days of each year, month, week or single day that the rule counts."""
        if self.often == "YEARLY":
            for year in range(begins.year, last.year + 1, self.interval):
                months = sorted(self.numbers.get("BYMONTH", range(1, 13)))
                yield [day for month in months for day in _month(year, month)]
        elif self.often == "MONTHLY":
            first, end = (day.year * 12 + day.month - 1 for day in (begins, last))
            for number in range(first, end + 1, self.interval):
                yield _month(number // 12, number % 12 + 1)
        else:
            long = 7 if self.often == "WEEKLY" else 1
            first_day = begins - _DAY_OF * ((begins.weekday() - self.week_begins) % 7 if long == 7 else 0)
            for gone in range(0, (last - first_day).days + 1, self.interval * long):
                yield [first_day + timedelta(days=gone + day) for day in range(long)]

    def _fits(self, day: date) -> bool:
        """Whether it is a day of the rule."""
        listed = self.numbers.get
        if (months := listed("BYMONTH")) is not None and day.month not in months:
            return False
        if (places := listed("BYMONTHDAY")) is not None and not _lists(places, day.day, _long(day)):
            return False
        if (places := listed("BYYEARDAY")) is not None and not _lists(places, _of_year(day), _year(day)):
            return False
        if self.days and not self._fits_weekday(day):
            return False
        if (weeks := listed("BYWEEKNO")) is None:
            return True
        # A week is of the year in which its fourth day lies.
        fourth = day + timedelta(days=3 - (day.weekday() - self.week_begins) % 7)
        return _lists_sevenths(weeks, _of_year(fourth), _year(fourth))

    def _fits_weekday(self, day: date) -> bool:
        which = {place for weekday, place in self.days if weekday == day.weekday()}
        if not which or 0 in which:
            return bool(which)
        if self.often == "MONTHLY" or "BYMONTH" in self.numbers:
            return _lists_sevenths(which, day.day, _long(day))
        return _lists_sevenths(which, _of_year(day), _year(day))

    def _picked(self, found: list[datetime]) -> list[datetime]:
        places = self.numbers.get("BYSETPOS")
        if places is None:
            return found
        return sorted({found[p - 1 if p > 0 else p] for p in places if abs(p) <= len(found)})


def read_rule(text: str, begins: datetime) -> Rule:
    """A rule of something that begins then; UNTIL is left to the caller. Raises ValueError for what is none."""
    if len(text) > _LONGEST:
        raise ValueError(text[:80])
    parts: dict[str, str] = {}
    for part in text.upper().replace(" ", "").strip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise ValueError(text[:80])
        parts[name] = value
    often = parts.pop("FREQ", "")
    if often in _WITHIN_A_DAY:
        raise TooOften
    interval, count = (
        _number(parts.pop(name, None), 1, most) for name, most in (("INTERVAL", 9999), ("COUNT", 10**9))
    )
    week_begins = _DAYS.index(parts.pop("WKST", "MO"))
    parts.pop("UNTIL", None)
    days = _weekdays(parts.pop("BYDAY", ""), counted=often in {"YEARLY", "MONTHLY"})
    numbers = {name: _numbers(name, value) for name, value in parts.items()}
    if often not in {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}:
        raise ValueError(text[:80])
    if not days and not numbers.keys() & {"BYWEEKNO", "BYYEARDAY", "BYMONTHDAY"}:
        # What it does not say is as it was the first time (RFC 5545 §3.3.10).
        if often == "YEARLY":
            numbers.setdefault("BYMONTH", frozenset([begins.month]))
        if often in {"YEARLY", "MONTHLY"}:
            numbers["BYMONTHDAY"] = frozenset([begins.day])
        elif often == "WEEKLY":
            days = frozenset([(begins.weekday(), 0)])
    return Rule(often, interval or 1, count, week_begins, numbers, days)


def _lists(places: Collection[int], place: int, of: int) -> bool:
    """Whether the `place` of that many is among these, which count from the beginning or the end."""
    return place in places or place - of - 1 in places


def _lists_sevenths(places: Collection[int], place: int, of: int) -> bool:
    """The same of each seven."""
    return (place + 6) // 7 in places or -((of - place) // 7 + 1) in places


def _of_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _year(day: date) -> int:
    return 365 + isleap(day.year)


def _long(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _weekdays(text: str, *, counted: bool) -> frozenset[tuple[int, int]]:
    found = set()
    for part in text.split(",") if text else []:
        match = _DAY.fullmatch(part)
        if match is None:
            raise ValueError(part[:20])
        found.add((_DAYS.index(match[2]), int(match[1] or 0) if counted else 0))
    return frozenset(found)


def _numbers(name: str, text: str) -> frozenset[int]:
    if name not in _RANGES:
        raise ValueError(name[:20])
    least, most = _RANGES[name]
    found = frozenset(_number(part, least, most) or 0 for part in text.split(","))
    if least < 0 and 0 in found:
        raise ValueError(name)
    return found


def _number(text: str | None, least: int, most: int) -> int | None:
    """None where nothing is said."""
    if text is None:
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise ValueError(text[:20])
    return int(text)
