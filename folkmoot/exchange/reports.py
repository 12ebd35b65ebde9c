"""The attendance report that Microsoft Teams exports, of any of its generations.

It is text with tabs (or commas) in UTF-16, made of several tables under headings; of some generations one table, in
which people join and leave several times. A row belongs to the table whose line of names stood above it last.
"""

import csv
import io
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from folkmoot.events.actions import Named
from folkmoot.exchange.reading.decoding import UNDECODED, decode
from folkmoot.exchange.reading.problems import Unreadable
from folkmoot.people.naming import find_people

MOST = 5_000
_NAMES = {"name", "full name", "participant"}
_EMAILS = ("email", "participant id (upn)", "upn", "e-mail", "email address")
_DURATIONS = ("in-meeting duration", "duration", "attendance duration", "total duration")
# Tables that tell of the same people again, each time they came and went.
_AGAIN = ("activities",)
MOST_LINES, LONGEST_CELL = 100_000, 100_000
MOST_MINUTES = 31 * 24 * 60
_PARTS = re.compile(r"(?<!\d)(\d{1,6})\s*([dhms])")
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_GUEST = re.compile(r"\s*\((?:guest|unverified|external|gast|invité)\)\s*$", re.IGNORECASE)


@dataclass
class _Row:
    name: str
    email: str
    seconds: int | None


def read_report(data: bytes) -> list[Named]:
    """Everybody of the report once, matched to the directory by e-mail address, then by name.

    Raises Unreadable with a sentence where it is no such report.
    """
    try:
        rows = _rows(UNDECODED.sub("\ufffd", decode(data).text.replace("\x00", "")))
    except csv.Error as error:
        raise Unreadable(_("A cell of this file is too long to be in a list of participants.")) from error
    if len(rows) > MOST:
        raise Unreadable(_("There are more than %(most)s people in this report.") % {"most": MOST})
    if not rows:
        raise Unreadable(
            _(
                "No list of participants is in this file. In Teams, open the meeting's attendance and download it."
            )
        )
    people = find_people([row.email for row in rows if row.email] + [row.name for row in rows])
    named = []
    for row in rows:
        person = people.get(row.email) or people.get(row.name)
        minutes = None if row.seconds is None else min(round(row.seconds / 60), MOST_MINUTES)
        named.append(Named(row.name, row.email, minutes, person.pk if person else None))
    return named


def _rows(text: str) -> list[_Row]:
    """Everybody once, with all their time."""
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > MOST_LINES:
        raise Unreadable(_("This file is too long to be a list of participants."))
    delimiter = "\t" if sum("\t" in line for line in lines) * 2 >= sum("," in line for line in lines) else ","
    columns: dict[str, int] | None = None
    again = False
    found: dict[str, _Row] = {}
    for cells in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter):
        # The reader's own limit is the whole process's, and imports raise it.
        if max(map(len, cells), default=0) > LONGEST_CELL:
            raise csv.Error
        cells = [" ".join(cell.split()) for cell in cells]
        lowered = [cell.lower() for cell in cells]
        if sum(bool(cell) for cell in cells) <= 1:
            # A heading, or nothing: whatever follows needs names of columns of its own.
            again = again if not any(cells) else any(word in " ".join(lowered) for word in _AGAIN)
            columns = None
        elif lowered[0] in _NAMES and len(cells) > 1:
            columns = {name: at for at, name in reversed(list(enumerate(lowered)))}
        elif columns is not None and not again and cells[0]:
            _add(found, _row(cells, columns))
    return list(found.values())


def _row(cells: list[str], columns: dict[str, int]) -> _Row:
    def cell(*names: str) -> str:
        at = next((columns[name] for name in names if name in columns), len(cells))
        return cells[at] if at < len(cells) else ""

    email = cell(*_EMAILS).lower()
    return _Row(_GUEST.sub("", cells[0])[:300], email if "@" in email else "", _seconds(cell(*_DURATIONS)))


def _add(found: dict[str, _Row], row: _Row) -> None:
    known = found.get(row.email or row.name)
    if known is None:
        found[row.email or row.name] = row
    elif row.seconds is not None:
        known.seconds = (known.seconds or 0) + row.seconds


def _seconds(text: str) -> int | None:
    """“1h 2m 3s” or “01:02:03”; None where nothing is said."""
    if re.fullmatch(r"\d{1,6}(?::\d{1,2}){1,2}", text):
        parts = [int(part) for part in text.split(":")]
        return sum(part * 60**place for place, part in enumerate(reversed(parts)))
    parts_ = _PARTS.findall(text.lower())
    return sum(int(number) * _SECONDS[unit] for number, unit in parts_) if parts_ else None
