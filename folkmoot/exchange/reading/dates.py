"""Days as spreadsheets write them. A day is never guessed: where 03/04 could be either, that is said."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?\Z")
_COMPACT = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})\Z")
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ,]+\d{1,2}:\d{2}.*)?\Z")
_DAY_FIRST = re.compile(
    r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[- ./]+([a-z]{3,9})[,.]?[- ./]+(\d{4})\Z", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    r"(?:[a-z]+,? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\Z", re.IGNORECASE
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?\Z")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_FULL_MONTHS = {
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "sept", "october",
    "november", "december", *_MONTHS,
}  # fmt: skip
_EPOCH = date(1899, 12, 30)
_YEARS = range(1900, 2200)


class Days:
    """Reads the days of one column, having seen all of it: whether 13/02 and 02/13 stand in it tells
    03/04."""

    def __init__(self, values: Iterable[str], *, serials: bool = False) -> None:
        """`serials`: whether five digits are a spreadsheet's count of days, as in a workbook."""
        self.serials = serials
        day_first = month_first = False
        for value in values:
            numbers = _NUMBERS.match(value)
            if numbers:
                day_first |= int(numbers[1]) > 12
                month_first |= int(numbers[2]) > 12
        self.order = "dm" if day_first and not month_first else "md" if month_first and not day_first else ""
        self.known: dict[str, date | str] = {}

    def read(self, text: str) -> date | str:
        """The day, or a sentence that says why it is none."""
        found = self.known.get(text)
        if found is None:
            found = self.known[text] = self._read(text)
        return found

    def _read(self, text: str) -> date | str:
        iso = _ISO.match(text)
        if iso:
            return _day(int(iso[1]), int(iso[2]), int(iso[3]))
        numbers = _NUMBERS.match(text)
        if numbers:
            return self._numbers(int(numbers[1]), int(numbers[2]), int(numbers[3]))
        compact = _COMPACT.match(text)
        if compact:
            return _day(int(compact[1] + compact[2]), int(compact[3]), int(compact[4]))
        for pattern, day, month in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
            words = pattern.match(text)
            if words and words[month].lower() in _FULL_MONTHS:
                return _day(int(words[3]), _MONTHS.index(words[month].lower()[:3]) + 1, int(words[day]))
        serial = _SERIAL.match(text)
        if serial and self.serials:
            return _EPOCH + timedelta(days=int(serial[1]))
        if serial:
            return _(
                "This looks like a spreadsheet's number for a day. Format the column as a date, such as "
                "2026-11-23."
            )
        return _("This is not a day. Write it as 2026-11-23.")

    def _numbers(self, first: int, second: int, year: int) -> date | str:
        if first == second or first > 12:
            return _day(year, second, first)
        if second > 12:
            return _day(year, first, second)
        if self.order:
            return _day(year, second, first) if self.order == "dm" else _day(year, first, second)
        return _("It cannot be told which of these numbers is the month. Write the day as 2026-11-23.")


def _day(year: int, month: int, day: int) -> date | str:
    if year not in _YEARS:
        return _("The year %(year)d is out of range. Write the day as 2026-11-23.") % {"year": year}
    try:
        return date(year, month, day)
    except ValueError:
        return _("There is no such day in the calendar.")
