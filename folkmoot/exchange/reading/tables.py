"""Putting a table together: which columns it has, which rows are sound, and what is wrong with the others."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.exchange.reading.cells import clean, is_plain
from folkmoot.exchange.reading.columns import FAMILY_NAME, GIVEN_NAME, TABLES, Column
from folkmoot.exchange.reading.csvs import Record
from folkmoot.exchange.reading.headers import Header, Mapping, matched
from folkmoot.exchange.reading.problems import Problem, shorten

__all__ = ["Mapping", "Reading", "Row", "Table", "read_table"]

MOST_ROWS = 1_000_000
MOST_SHARED = 20_000
_TOTALS = re.compile(
    r"(?:grand |sub)?totals?\b|sum\b|count\b|\d[\d,.]* (?:rows?|records?|people|persons?|members?|entries)\b"
    r"|rows?:|records?:|end of\b|generated\b|exported\b|printed\b|page \d|source:|report run\b|\(?\d+ rows",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"[\d.,\s%()-]+(?: ?(?:rows?|records?|people|persons?|members?|entries|units?))?", re.IGNORECASE
)


class Row(NamedTuple):
    """One sound row: the line it starts on and a cell for each of the table's fields, empty where none was
    given."""

    line: int
    cells: tuple[str, ...]


@dataclass
class Table:
    """One table of one file. `read` counts its rows, sound or not; `fields` name the cells of `rows`.

    Where it is not usable its rows are there all the same, so that what else is wrong can be said at once.
    """

    kind: str
    file: str
    header: list[str] = field(default_factory=list)
    matched: dict[str, str] = field(default_factory=dict)  # {field: the column of the file it came from}
    fields: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    read: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    from_workbook: bool = False
    is_usable: bool = False  # False where the file as a whole is refused: empty, no CSV, a column missing

    def take(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(line, {field: cell}) of every sound row, in order. The rows are used up, so that none is held twice."""
        self.rows.reverse()
        while self.rows:
            row = self.rows.pop()
            yield row.line, dict(zip(self.fields, row.cells, strict=True))


@dataclass
class Reading:
    """What a source holds: its tables, and what was left: files nobody knows and problems of no table."""

    tables: list[Table] = field(default_factory=list)
    unknown_files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass
class _Warned:
    """Warnings that repeat are said once, with the first place and how often."""

    file: str
    firsts: dict[str, tuple[Problem, int]] = field(default_factory=dict)

    def add(self, line: int, column: str, value: str, sentence: str) -> None:
        first, count = self.firsts.get(
            sentence, (Problem(self.file, line, column, shorten(value), sentence), 0)
        )
        self.firsts[sentence] = (first, count + 1)

    def said(self) -> list[Problem]:
        return [
            first
            if count == 1
            else first._replace(
                problem=first.problem
                + " "
                + ngettext("(And in %(n)d more cell.)", "(And in %(n)d more cells.)", count - 1)
                % {"n": count - 1}
            )
            for first, count in self.firsts.values()
        ]


def read_table(
    kind: str,
    file: str,
    header: Header,
    records: Iterable[Record],
    mapping: Mapping,
    *,
    from_workbook: bool = False,
) -> Table:
    """The table `kind` of `file` from the rows below its header."""
    table = Table(kind, file, header=[cell.strip() for cell in header.cells], from_workbook=from_workbook)
    match = matched(kind, header, mapping.get(kind, {}))
    table.problems += [
        Problem(file, header.line, column, "", sentence) for column, sentence in match.problems
    ]
    table.warnings += [
        Problem(file, header.line, column, "", sentence) for column, sentence in match.warnings
    ]
    table.unknown_columns = match.unknown
    table.matched = {column.name: header.cells[at].strip() for column, at in match.columns.items()}
    assembler = _Assembler(table, header, match.columns)
    for record in records:
        if not record.is_blank:
            assembler.take(record)
        if table.read > MOST_ROWS:
            sentence = _("There are more than %(most)s rows in this file; import it in parts.") % {
                "most": f"{MOST_ROWS:,}"
            }
            table.problems.append(Problem(file, record.line, "", "", sentence))
            break
    assembler.finish()
    table.fields = assembler.fields
    table.is_usable = match.is_usable
    return table


class _Assembler:
    """Takes record after record; rows of totals are held back until it is known whether anything follows
    them."""

    def __init__(self, table: Table, header: Header, columns: dict[Column, int]) -> None:
        self.table = table
        self.width = len(header.cells)
        self.least = max((at + 1 for at, cell in enumerate(header.cells) if cell.strip()), default=0)
        self.columns = list(columns.items())
        names = [column.name for column in columns]
        self.merges_names = table.kind == "people" and bool({"given_name", "family_name"} & set(names))
        kept = [name for name in names if name not in {"given_name", "family_name"}]
        order = [column.name for column in TABLES[table.kind]]
        if self.merges_names and "name" not in kept:
            kept.append("name")
        self.fields = tuple(sorted(kept, key=order.index))
        self.held: list[Record] = []
        self.warned = _Warned(table.file)
        self.seen: dict[str, str] = {}

    def take(self, record: Record) -> None:
        if record.cells and [cell.strip() for cell in record.cells] == self.table.header:
            sentence = _("The names of the columns are repeated here; this line was left out.")
            self.warned.add(record.line, "", "", sentence)
            return
        if self._looks_like_totals(record):
            self.held.append(record)
            return
        for earlier in self.held:
            self._row(earlier)
        self.held.clear()
        self._row(record)

    def finish(self) -> None:
        for record in self.held:
            sentence = _("This line below the table was taken for a total or a note and left out.")
            value = shorten(" ".join(cell for cell in record.cells if cell.strip()))
            self.table.warnings.append(Problem(self.table.file, record.line, "", value, sentence))
        self.table.warnings += self.warned.said()

    def _looks_like_totals(self, record: Record) -> bool:
        said = [cell.strip() for cell in record.cells if cell.strip()]
        if not said or not _TOTALS.match(said[0]):
            return False
        # “Total: 1,058” and “Total, 1,058” are; “Total Rewards, HR” and “COUNT-1, Counting house” are rows.
        return len(said) == 1 or all(_COUNTED.fullmatch(cell) for cell in said[1:])

    def _row(self, record: Record) -> None:
        table = self.table
        table.read += 1
        problem = record.problem or self._raggedness(record)
        if problem:
            value = record.text or shorten(" | ".join(record.cells))
            table.problems.append(Problem(table.file, record.line, "", value, problem))
            return
        values: dict[str, str] = {}
        sound = True
        for column, at in self.columns:
            raw = record.cells[at] if at < len(record.cells) else ""
            if is_plain(raw, column):
                values[column.name] = raw
                continue
            cell = clean(raw, column)
            for sentence in cell.warnings:
                self.warned.add(record.line, table.matched[column.name], cell.text, sentence)
            if cell.problem:
                sound = False
                where = table.matched[column.name]
                table.problems.append(Problem(table.file, record.line, where, shorten(raw), cell.problem))
            values[column.name] = cell.text
        if sound:
            self._keep(record.line, values)

    def _keep(self, line: int, values: dict[str, str]) -> None:
        if self.merges_names and not values.get("name"):
            parts = (values.get(GIVEN_NAME.name, ""), values.get(FAMILY_NAME.name, ""))
            values["name"] = " ".join(part for part in parts if part)
        # Units, roles and days repeat in every row: each is kept once, so that large files fit in memory.
        once = self.seen.setdefault if len(self.seen) < MOST_SHARED else self.seen.get
        cells = tuple([once(value, value) for value in map(values.__getitem__, self.fields)])
        self.table.rows.append(Row(line, cells))

    def _raggedness(self, record: Record) -> str:
        cells = len(record.cells)
        if self.table.from_workbook:
            return ""  # a sheet has no separators to get wrong; notes beside the table are no part of it
        if cells < self.least:
            return _(
                "This row has %(cells)d cells where the columns ask for %(width)d. If a cell holds the "
                "separator, put "
                "quotation marks around it."
            ) % {"cells": cells, "width": self.least}
        if any(cell.strip() for cell in record.cells[self.width :]):
            return _(
                "This row has %(cells)d cells and only %(width)d columns have a name. If a cell holds the "
                "separator, put "
                "quotation marks around it."
            ) % {"cells": cells, "width": self.width}
        return ""
