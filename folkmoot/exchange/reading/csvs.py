"""CSV as the world writes it: separators, `sep=` lines, quotes, any line ending, and which line a row starts
on."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from folkmoot.exchange.reading.problems import shorten

DELIMITERS = (",", ";", "\t", "|")
MOST_CHARACTERS_A_CELL = 1_000_000
SAMPLED_ROWS = 60

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_SEP = re.compile(r'"?sep=(\t|[^\w\s"])"?[ \t,;]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row and the line it starts on; or, where it cannot be read, a sentence and no cells.

    `text` is the beginning of what stands there, for showing.
    """

    line: int
    cells: list[str]
    problem: str = ""
    text: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing but spaces stands in it."""
        return not self.problem and not any(cell.strip("\ufeff\x00 \t\r\n\u00a0") for cell in self.cells)


class _Lines:
    """The physical lines of a text with their endings, one at a time. CRLF, LF and a bare CR all end a
    line."""

    def __init__(self, text: str, start: int = 0, number: int = 0) -> None:
        self.text = text
        self.position = start
        self.number = number

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.position >= len(self.text):
            raise StopIteration
        match = _LINE.match(self.text, self.position)
        assert match is not None
        self.position = match.end()
        self.number += 1
        return match[0]


def declared_delimiter(text: str) -> tuple[str, int]:
    """The separator of a `sep=` line at the top and where the text goes on after it; or ("", 0)."""
    match = _SEP.match(text)
    return (match[1], match.end()) if match else ("", 0)


def records(text: str, delimiter: str, start: int = 0) -> Iterator[Record]:
    """Every row of `text` from the position `start`, blank ones too, with the line it starts on.

    Quotes are read strictly: a row whose quotes do not fit has a problem and no cells, never shifted cells.
    Where a
    quotation mark is never closed, nothing after it is read.
    """
    csv.field_size_limit(MOST_CHARACTERS_A_CELL)
    lines = _Lines(text, start, 1 if start else 0)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != " ", strict=True)
    while True:
        began, number = lines.position, lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            shown = shorten(text[began : began + 200].split("\n", 1)[0])
            if "limit" in str(error) or "unexpected end" in str(error):
                yield Record(number, [], _unclosed(str(error)), shown)
                return
            yield Record(number, [], _misquoted(text[began : lines.position], number, lines.number), shown)
        else:
            yield Record(number, cells)


def sample(text: str, delimiter: str, start: int) -> list[Record]:
    """The first rows that are not blank."""
    found = []
    for record in records(text, delimiter, start):
        if not record.is_blank:
            found.append(record)
        if len(found) == SAMPLED_ROWS:
            break
    return found


def evenness(rows: list[Record]) -> float:
    """How much a sample looks like a table under its separator: the share of rows of the commonest width over
    one."""
    widths = [len(row.cells) for row in rows if row.cells]
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0.0
    commonest = max(set(wide), key=wide.count)
    return wide.count(commonest) / len(rows) + min(commonest, 50) / 1000


def _unclosed(error: str) -> str:
    if "limit" in error:
        return _(
            "A cell that begins in this row is longer than %(limit)s characters; perhaps a quotation mark is "
            "never closed. "
            "Nothing from here on was read."
        ) % {"limit": f"{MOST_CHARACTERS_A_CELL:,}"}
    return _("A quotation mark is opened in this row and never closed. Nothing from here on was read.")


def _misquoted(row: str, first: int, last: int) -> str:
    if '\\"' in row:
        return _(
            'This row writes quotation marks as \\" (with a backslash). In CSV they are doubled: "" – save '
            "it again that way."
        )
    if last > first:
        return _(
            "The quotation marks do not fit in lines %(first)d to %(last)d, so these lines were not read."
        ) % {
            "first": first,
            "last": last,
        }
    return _("The quotation marks in this row do not fit; inside a quoted cell they are doubled.")
