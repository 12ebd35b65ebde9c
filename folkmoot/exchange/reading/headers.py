"""Finding the line that names the columns, and matching its cells to the columns the import knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from folkmoot.exchange.reading.columns import KNOWN_NAMES, TABLES, Column, column_named, folded, names_of
from folkmoot.exchange.reading.csvs import Record
from folkmoot.exchange.reading.decoding import storable

# {table: {column of ours: column of the file}}; an empty column of the file means: leave ours out.
Mapping = dict[str, dict[str, str]]

MOST_COLUMNS = 1_000
HEADER_WITHIN = 40


@dataclass(frozen=True)
class Header:
    """The cells that name the columns, the line they stand on, and how many rows stood above it."""

    cells: list[str]
    line: int
    above: int = 0


@dataclass
class Match:
    """Which cell of a row belongs to which column; what is wrong with the header as a whole, by column."""

    columns: dict[Column, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    is_usable: bool = True

    def refuse(self, column: str, sentence: str) -> None:
        """The file cannot be used, because of this."""
        self.problems.append((column, sentence))
        self.is_usable = False


def recognised(cells: Sequence[str], kind: str, wanted: dict[str, str]) -> int:
    """How many different columns of the table `kind` these cells name."""
    known = KNOWN_NAMES[kind]
    mapped = {folded(theirs): ours for ours, theirs in wanted.items() if theirs}
    found = set()
    for cell in cells:
        name = folded(cell)
        if name in mapped:
            found.add(mapped[name])
        elif name in known:
            found.add(known[name].name)
    return len(found)


def likeliness(cells: Sequence[str], kind: str, wanted: dict[str, str]) -> float:
    """How well these cells fit the table `kind`, to tell tables apart: what it requires counts most."""
    names = {folded(cell) for cell in cells}
    match = matched(kind, Header(list(cells), 1), wanted)
    own = sum(folded(column.name) in names for column in TABLES[kind])
    return recognised(cells, kind, wanted) + own / 2 + 3 * match.is_usable


def find_header(rows: list[Record], kind: str, wanted: dict[str, str]) -> tuple[Header, int]:
    """The header among the first rows of a table and how many of our columns it names.

    It is the row that names most of them, the first of equals; where none names any, the first that is as
    wide as
    the table is.
    """
    best, score = 0, 0
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        names = recognised(row.cells, kind, wanted)
        if names > score:
            best, score = at, names
    if not score:
        widths = [len(row.cells) for row in rows]
        usual = max(set(widths), key=widths.count, default=0)
        best = next((at for at, width in enumerate(widths) if width >= usual), 0)
    # The names are shown, and kept with what is said of the file, as they stand in it.
    return Header([storable(cell) for cell in rows[best].cells], rows[best].line, best), score


def matched(kind: str, header: Header, wanted: dict[str, str]) -> Match:
    """Match the header's cells to our columns by the user's word first, then by name, then by alias."""
    match = Match()
    cells = header.cells
    if len(cells) > MOST_COLUMNS:
        match.refuse("", _("There are more than %(most)d columns in this file.") % {"most": MOST_COLUMNS})
        return match
    names = [folded(cell) for cell in cells]
    if header.above:
        match.warnings.append(("", _("What stands above the names of the columns was left out.")))
    # What the user said comes first, so that no alias takes a column from it.
    for column in sorted(TABLES[kind], key=lambda column: column.name not in wanted):
        at = _place(column, cells, names, wanted, match)
        if at is not None and at not in match.columns.values():
            match.columns[column] = at
    if kind == "communities":
        _name_by_slug(names, match)
    taken = set(match.columns.values())
    match.unknown = [cell.strip() for at, cell in enumerate(cells) if at not in taken and cell.strip()]
    _warn_of_passed_over(kind, cells, names, taken, match)
    _check_required(kind, match)
    return match


def _name_by_slug(names: list[str], match: Match) -> None:
    """A list whose only such column is “community” names its communities by it."""
    slug, name = column_named("communities", "slug"), column_named("communities", "name")
    if slug in match.columns and name not in match.columns and names[match.columns[slug]] == "community":
        match.columns[name] = match.columns[slug]


def _place(
    column: Column, cells: list[str], names: list[str], wanted: dict[str, str], match: Match
) -> int | None:
    if column.name in wanted:
        theirs = wanted[column.name]
        if not theirs:
            return None
        exact = [at for at, cell in enumerate(cells) if cell.strip() == theirs.strip()]
        alike = exact or [at for at, name in enumerate(names) if name == folded(theirs)]
        if not alike:
            words = {"theirs": theirs, "ours": column.name}
            match.refuse(theirs, _("There is no column “%(theirs)s” to take as “%(ours)s”.") % words)
            return None
        return alike[0]
    for name in names_of(column):
        places = [at for at, each in enumerate(names) if each == name]
        if len(places) > 1:
            said = cells[places[0]].strip()
            sentence = _("Two columns are called “%(name)s” (columns %(first)d and %(second)d). Rename one.")
            match.refuse(said, sentence % {"name": said, "first": places[0] + 1, "second": places[1] + 1})
        if places:
            return places[0]
    return None


def _warn_of_passed_over(
    kind: str, cells: list[str], names: list[str], taken: set[int], match: Match
) -> None:
    """Two columns that could be the same one of ours: say which was taken."""
    for at, name in enumerate(names):
        column = KNOWN_NAMES[kind].get(name)
        if at not in taken and column in match.columns:
            words = {
                "taken": cells[match.columns[column]].strip(),
                "other": cells[at].strip(),
                "ours": column.name,
            }
            match.warnings.append(
                (words["other"], _("“%(taken)s” was taken as “%(ours)s”, so “%(other)s” was left.") % words)
            )


def _check_required(kind: str, match: Match) -> None:
    have = {column.name for column in match.columns}
    if kind == "people" and have & {"given_name", "family_name"}:
        have.add("name")
    for column in TABLES[kind]:
        if column.required and column.name not in have:
            also = [f"“{alias}”" for alias in column.aliases[:2]]
            if kind == "people" and column.name == "name":
                also.append(_("“given_name” and “family_name”"))
            words = {"name": column.name, "also": ", ".join(also)}
            match.refuse(column.name, _missing(bool(also)) % words)


def _missing(has_other_names: bool) -> str:
    if has_other_names:
        return _("There is no column “%(name)s” (%(also)s will do too). Name one so, or say which one it is.")
    return _("There is no column “%(name)s”. Name one so, or say which one it is.")
