"""What the plans of the four tables share: sound rows by key, rejections with their lines, and references."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from folkmoot.core.text import fold
from folkmoot.exchange.importing.merging import Merged
from folkmoot.exchange.importing.nearest import Nearest
from folkmoot.exchange.importing.report import Outcome, Report
from folkmoot.exchange.reading import Problem, Table
from folkmoot.exchange.reading.dates import Days
from folkmoot.exchange.reading.problems import shorten


@dataclass(slots=True)
class Place:
    """Where a row stands: its table (for the names of columns) and line."""

    table: Table
    line: int

    def said(self) -> str:
        """For sentences that point to another row."""
        return _("line %(line)d") % {"line": self.line}


@dataclass(slots=True)
class Planned:
    """One sound row and what becomes of it."""

    key: str
    place: Place
    said: dict[str, Any]
    merged: Merged | None = None
    id: int | None = None  # of what it changes; None where it is created


class Rejecter:
    """Writes problems into the report with the names that the file itself uses."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def reject(self, place: Place, column: str, value: object, sentence: str) -> None:
        """This row cannot be imported."""
        self.report.rejected.append(self._problem(place, column, value, sentence))

    def warn(self, place: Place, column: str, value: object, sentence: str) -> None:
        """This row is imported, with a remark."""
        self.report.warnings.append(self._problem(place, column, value, sentence))

    @staticmethod
    def _problem(place: Place, column: str, value: object, sentence: str) -> Problem:
        named = place.table.matched.get(column, column)
        return Problem(place.table.file, place.line, named, shorten(value), sentence)


@dataclass
class References:
    """The things of one kind that rows may refer to: those here, those of the same source, and those rejected in it."""

    known: dict[str, int | None] = field(
        default_factory=dict
    )  # {key: id, or None for what is still to be created}
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # {folded name: keys}
    rejected: dict[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nearest = Nearest(lambda: self.known)
        self.nearest_name = Nearest(lambda: self.names)

    def add(self, key: str, name: str, id_: int | None) -> None:
        """One more that can be referred to."""
        self.known[key] = id_
        self.names[fold(name)].append(key)

    def rename(self, key: str, was: str, name: str) -> None:
        """The source gives it another name, by which its other rows may call it."""
        old = self.names.get(fold(was), [])
        if key in old:
            old.remove(key)
        self.names[fold(name)].append(key)

    def find(self, text: str) -> str | None:
        """The key that `text` means: the key itself, or a name that only one of them has."""
        if text in self.known:
            return text
        named = self.names.get(fold(text), [])
        return named[0] if len(named) == 1 else None

    def unknown(self, text: str) -> str:
        """A sentence for what `find` does not find."""
        if text in self.rejected:
            return _("“%(text)s” was itself rejected (%(place)s).") % {
                "text": shorten(text, 60),
                "place": self.rejected[text].said(),
            }
        if len(self.names.get(fold(text), [])) > 1:
            codes = ", ".join(sorted(self.names[fold(text)])[:5])
            return _("Several are called so: give the one meant by its own key (%(codes)s).") % {
                "codes": codes
            }
        near = self.nearest.to(text)
        if not near and (named := self.names.get(self.nearest_name.to(text))):
            near = named[0]
        if near:
            return _("“%(text)s” is not known. The nearest is “%(near)s”.") % {
                "text": shorten(text, 60),
                "near": near,
            }
        return _("“%(text)s” is not known.") % {"text": shorten(text, 60)}


def days_of(table: Table, field_name: str, ignoring: Callable[[str], bool] = lambda text: False) -> Days:
    """The reader of a column of days, having seen all of it."""
    if field_name not in table.fields:
        return Days([])
    place = table.fields.index(field_name)
    values = {row.cells[place] for row in table.rows}
    return Days((value for value in values if value and not ignoring(value)), serials=table.from_workbook)


def read_day(days: Days, text: str) -> tuple[str, str]:
    """(the day in ISO form or empty, what is wrong with it or empty)."""
    if not text:
        return "", ""
    found = days.read(text)
    return (found.isoformat(), "") if isinstance(found, date) else ("", found)


def as_day(text: str) -> date | None:
    """The day of an ISO form; None for an empty one."""
    return date.fromisoformat(text) if text else None


def usable(tables: Iterable[Table], kind: str) -> list[Table]:
    """The tables of this kind whose files can be used."""
    return [table for table in tables if table.kind == kind and table.is_usable]


def count(report: Report, kind: str, rows: Iterable[Planned]) -> None:
    """Count what becomes of these rows."""
    for row in rows:
        assert row.merged is not None
        report.count(kind, Outcome(row.merged.outcome))
