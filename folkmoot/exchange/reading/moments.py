"""Days with a time as spreadsheets write them, by a wall clock or with an offset."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _

from folkmoot.exchange.reading.dates import Days

_TIME = re.compile(
    r"(?P<day>.*[^\s,])[T ,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?\Z",
    re.IGNORECASE,
)


class Moments:
    """Reads the moments of one column, having seen all of it."""

    def __init__(self, values: Iterable[str], *, serials: bool = False) -> None:
        """`serials`: whether five digits are a spreadsheet's count of days, as in a workbook."""
        self.days = Days((_parts(value)[0] for value in values), serials=serials)

    def read(self, text: str, zone: tzinfo, *, ends: bool = False) -> datetime | str:
        """The moment in UTC, or a sentence that says why it is none.

        A time without an offset is the wall clock of `zone`. A day alone is its first moment, or where something
        `ends` its last minute.
        """
        said, match = _parts(text)
        day = self.days.read(said)
        if isinstance(day, str):
            return day
        at = _time(match) if match else time(23, 59) if ends else time(0)
        if at is None:
            return _("There is no such time of day.")
        offset = match["zone"] if match else None
        return datetime.combine(day, at, tzinfo=_offset(offset) if offset else zone).astimezone(UTC)


def _parts(text: str) -> tuple[str, re.Match[str] | None]:
    match = _TIME.match(text)
    return (match["day"], match) if match else (text, None)


def _time(match: re.Match[str]) -> time | None:
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    try:
        return time(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None


def _offset(text: str) -> tzinfo:
    if text in {"Z", "z"}:
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return datetime.strptime(f"{text[0]}{minutes // 60:02}{minutes % 60:02}", "%z").tzinfo or UTC


def closed_days(start: str, end: str, first: date, last: date) -> tuple[date, date]:
    """The whole days of a closure that is given with times: shut in the afternoon counts from the next day, open in
    the morning until the day before."""
    opens, shuts = _parts(end)[1], _parts(start)[1]
    noon = 12
    if shuts and int(shuts["hour"]) >= noon:
        first += timedelta(days=1)
    if opens and int(opens["hour"]) < noon:
        last -= timedelta(days=1)
    return first, max(first, last)
