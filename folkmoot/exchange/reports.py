"""The attendance report that Microsoft Teams exports, of any of its generations.

It is text with tabs (or commas) in UTF-16, made of several tables under headings; of some generations one table, in
which people join and leave several times. A row belongs to the table whose line of names stood above it last.

Who is meant is said by the address of their account. A display name is typed by whoever joins, so it is nothing but a
name: it means somebody where one person alone is called so, and only where nothing says that the account is another
organisation's. People have addresses that the directory does not know, so one of the organisation's own domains
(`FOLKMOOT_DOMAINS`) leaves the name to be matched; any other address, an invited account (#EXT#) or “(External)” leaves
the row to whoever settles it. “(Guest)” and “(Unverified)” have not signed in: people of one's own come so from a
browser. Somebody else may have typed their name, but gains nothing by it, and the list can be corrected.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from folkmoot.events.actions import Named
from folkmoot.exchange.reading.decoding import decode, storable
from folkmoot.exchange.reading.problems import Unreadable
from folkmoot.people.addresses import is_of_the_organisation
from folkmoot.people.naming import people_of

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
_GUEST = re.compile(r"\s*\((?:guest|unverified|(external|extern|externe)|gast|invité)\)\s*$", re.IGNORECASE)
_INVITED = "#ext#"


@dataclass
class _Row:
    name: str
    emails: tuple[str, ...]
    seconds: int | None
    is_external: bool

    @property
    def key(self) -> tuple[str, bool, bool]:
        """By what somebody is known again in another row."""
        return (self.emails[0] if self.emails else self.name, bool(self.emails), self.is_external)

    @property
    def may_go_by_name(self) -> bool:
        """Whether nothing says that the account is another organisation's."""
        own = all(is_of_the_organisation(email) and _INVITED not in email for email in self.emails)
        return own and not self.is_external


def read_report(data: bytes) -> list[Named]:
    """Everybody of the report once, matched to the directory by e-mail address, then by name where it may be.

    Raises Unreadable with a sentence where it is no such report.
    """
    try:
        rows = _rows(storable(decode(data).text))
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
    emails = [email for row in rows for email in row.emails]
    by_email, by_name = people_of(emails, [row.name for row in rows if row.may_go_by_name])
    named = []
    for row in rows:
        person = next((by_email[email] for email in row.emails if email in by_email), None)
        if person is None and row.may_go_by_name:
            person = by_name.get(row.name)
        minutes = None if row.seconds is None else min(round(row.seconds / 60), MOST_MINUTES)
        named.append(Named(row.name, "".join(row.emails[:1]), minutes, person.pk if person else None))
    return named


def _rows(text: str) -> list[_Row]:
    """Everybody once, with all their time."""
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > MOST_LINES:
        raise Unreadable(_("This file is too long to be a list of participants."))
    delimiter = "\t" if sum("\t" in line for line in lines) * 2 >= sum("," in line for line in lines) else ","
    columns: dict[str, int] | None = None
    again = False
    found: dict[tuple[str, bool, bool], _Row] = {}
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
    def said(names: Iterable[str]) -> list[str]:
        places = [columns[name] for name in names if name in columns]
        return [cells[at] for at in places if at < len(cells)]

    emails = dict.fromkeys(cell.lower() for cell in said(_EMAILS) if "@" in cell)
    name, guest = _GUEST.sub("", cells[0]) or cells[0], _GUEST.search(cells[0])
    return _Row(name[:300], tuple(emails), _seconds("".join(said(_DURATIONS)[:1])), bool(guest and guest[1]))


def _add(found: dict[tuple[str, bool, bool], _Row], row: _Row) -> None:
    known = found.setdefault(row.key, row)
    if known is not row and row.seconds is not None:
        known.seconds = (known.seconds or 0) + row.seconds


def _seconds(text: str) -> int | None:
    """“1h 2m 3s” or “01:02:03”; None where nothing is said."""
    if re.fullmatch(r"\d{1,6}(?::\d{1,2}){1,2}", text):
        parts = [int(part) for part in text.split(":")]
        return sum(part * 60**place for place, part in enumerate(reversed(parts)))
    parts_ = _PARTS.findall(text.lower())
    return sum(int(number) * _SECONDS[unit] for number, unit in parts_) if parts_ else None
