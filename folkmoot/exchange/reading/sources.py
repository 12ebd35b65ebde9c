"""Opening a source: a folder of CSV files, a .zip of them, a workbook, or one file."""

import io
import itertools
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from folkmoot.exchange.reading import workbooks
from folkmoot.exchange.reading.columns import TABLES, folded, table_of_name
from folkmoot.exchange.reading.csvs import (
    DELIMITERS,
    SAMPLED_ROWS,
    Record,
    declared_delimiter,
    evenness,
    records,
    sample,
)
from folkmoot.exchange.reading.decoding import decode
from folkmoot.exchange.reading.headers import HEADER_WITHIN, Header, Mapping, find_header, likeliness
from folkmoot.exchange.reading.problems import Problem, Unreadable
from folkmoot.exchange.reading.tables import Reading, Table, read_table

MOST_BYTES = 300 * 1024 * 1024  # of one source, unpacked
MOST_MEMBERS = 2_000
# What `zipfile` raises of a damaged file, a method it does not know, a file that is cut short, and a name that is none.
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, ValueError)
_CSV = (".csv", ".txt", ".tsv", ".tab")
_WORKBOOK = (".xlsx", ".xlsm")
_JUNK = ("thumbs.db", "desktop.ini")


def read_source(source: Path, *, encoding: str = "", mapping: Mapping | None = None) -> Reading:
    """Everything that can be read of `source`, tables in the order units, people, communities, memberships.

    Raises Unreadable where nothing of it can be opened. Files whose table is not known are named and left.
    """
    opener = _Opener(encoding, mapping or {})
    try:
        if source.is_dir():
            opener.folder(source)
        else:
            opener.file(source)
    except OSError as error:
        why = error.strerror or str(error)
        raise Unreadable(
            _("%(name)s cannot be read: %(why)s.") % {"name": source.name, "why": why}
        ) from error
    reading = opener.reading
    order = list(TABLES)
    reading.tables.sort(key=lambda table: (order.index(table.kind), table.file))
    if not reading.tables:
        raise Unreadable(
            _("There is nothing to import here: no file or sheet called %(names)s was found.")
            % {"names": ", ".join(order)}
        )
    return reading


class _Opener:
    """Collects the tables of one source."""

    def __init__(self, encoding: str, mapping: Mapping) -> None:
        self.encoding = encoding
        self.mapping = mapping
        self.reading = Reading()
        self.bytes_left = MOST_BYTES

    def folder(self, folder: Path) -> None:
        files = sorted(path for path in folder.iterdir() if path.is_file() and not _is_junk(path.name))
        for path in files:
            kind = table_of_name(path.name) if path.suffix.lower() in _CSV else None
            if kind is None:
                self.reading.unknown_files.append(path.name)
            else:
                self.csv(kind, path.name, self._bytes(path))

    def file(self, path: Path) -> None:
        with path.open("rb") as stream:
            beginning = stream.read(4)
        suffix = path.suffix.lower()
        if suffix in _WORKBOOK:
            self.workbook(path, path.name)
        elif suffix == ".zip" or (beginning == b"PK\x03\x04" and suffix not in _CSV):
            self.archive(path, path.name)
        else:
            self.csv(table_of_name(path.name), path.name, self._bytes(path))

    def archive(self, file: Path, name: str) -> None:
        try:
            with zipfile.ZipFile(file) as archive:
                self._check_sizes(archive)
                if "[Content_Types].xml" in archive.namelist():
                    # openpyxl goes by the name of a file, and this one is called .zip or nothing.
                    self.workbook(io.BytesIO(self._bytes(file)) if isinstance(file, Path) else file, name)
                    return
                self._members(archive)
        except _DAMAGED as error:
            raise Unreadable(_("This .zip is damaged or not a .zip. Pack the files again.")) from error

    def _members(self, archive: zipfile.ZipFile) -> None:
        members = [
            each
            for each in archive.infolist()
            if not each.is_dir() and not any(_is_junk(part) for part in each.filename.split("/"))
        ]
        bases = [each.filename.rsplit("/", 1)[-1] for each in members]
        for each, base in sorted(zip(members, bases, strict=True), key=lambda pair: pair[0].filename):
            name = base if bases.count(base) == 1 else each.filename
            kind = table_of_name(base) if base.lower().endswith(_CSV) else None
            if kind is None:
                self.reading.unknown_files.append(name)
                continue
            if each.flag_bits & 1:
                raise Unreadable(_("This .zip is locked with a password. Pack the files again without one."))
            self.csv(kind, name, archive.read(each))

    def workbook(self, file: Path | IO[bytes], name: str) -> None:
        try:
            with zipfile.ZipFile(file) as archive:
                self._check_sizes(archive)
                unseen = workbooks.check_parts(archive)
        except (*_DAMAGED, RuntimeError) as error:
            raise Unreadable(
                _("This is not an Excel workbook (.xlsx). If it is CSV, give it a name that ends in .csv.")
            ) from error
        self.reading.warnings += [Problem(name, None, "", "", sentence) for sentence in unseen]
        count = 0
        for title, rows in workbooks.sheets(file):
            count += 1
            kind = table_of_name(title)
            first = list(itertools.islice((row for row in rows if not row.is_blank), SAMPLED_ROWS))
            if kind is None and count == 1 and first:
                # A workbook of one sheet may leave it at “Sheet1”.
                kind = self._told(table_of_name(name), [first], least=3.0)
            if kind is None:
                if first:
                    self.reading.unknown_files.append(title)
                continue
            self._sheet(kind, title, first, rows)

    def _sheet(self, kind: str, title: str, first: list[Record], rest: Iterator[Record]) -> None:
        if not first:
            self._refuse(kind, title, _("This sheet is empty: there are no columns and no rows in it."))
            return
        header, _score = find_header(first, kind, self.mapping.get(kind, {}))
        below = (row for row in itertools.chain(first, rest) if row.line > header.line)
        self.reading.tables.append(read_table(kind, title, header, below, self.mapping, from_workbook=True))

    def csv(self, kind: str | None, name: str, data: bytes) -> None:
        try:
            decoded = decode(data, self.encoding)
        except Unreadable as error:
            if kind is None and b"\x00" not in data[:4]:
                kind = (
                    "people"  # an unreadable file of unknown name is reported as what such files mostly are
                )
            self._refuse(kind or "people", name, error.sentence)
            return
        declared, start = declared_delimiter(decoded.text)
        samples = {
            delimiter: sample(decoded.text, delimiter, start)
            for delimiter in ([declared] if declared else DELIMITERS)
        }
        samples = {delimiter: rows for delimiter, rows in samples.items() if rows}
        if kind is None:
            kind = self._told(None, list(samples.values()))
            if kind is None:
                raise Unreadable(
                    _("It cannot be told which table %(file)s is. Call it %(names)s.")
                    % {"file": name, "names": ", ".join(f"{each}.csv" for each in TABLES)}
                )
        delimiter, header = self._best(kind, samples)
        below = (row for row in records(decoded.text, delimiter, start) if row.line > header.line)
        table = read_table(kind, name, header, below, self.mapping)
        if decoded.note:
            table.warnings.insert(0, Problem(name, None, "", "", decoded.note))
        self.reading.tables.append(table)

    def _best(self, kind: str, samples: dict[str, list[Record]]) -> tuple[str, Header]:
        """The separator under which the header names most of our columns, the evenest of equals, and that
        header."""
        wanted = self.mapping.get(kind, {})
        found = {delimiter: find_header(rows, kind, wanted) for delimiter, rows in samples.items()}
        best = max(samples, key=lambda delimiter: (found[delimiter][1], evenness(samples[delimiter])))
        return best, found[best][0]

    def _told(self, named: str | None, samples: Sequence[list[Record]], least: float = 1.0) -> str | None:
        """The table whose columns these rows name best, if they name any."""
        if named or not samples:
            return named
        scores = {}
        for kind in ("people", "communities", "memberships", "units", "terms", "events"):
            wanted = self.mapping.get(kind, {})
            headers = [find_header(rows, kind, wanted) for rows in samples if rows]
            scores[kind] = max(
                (likeliness(header.cells, kind, wanted) for header, score in headers if score), default=0.0
            )
        best = max(scores, key=lambda kind: scores[kind])
        if best == "units" and not any(_names_units(rows) for rows in samples):
            return None  # “name, unit” may be anything, and renaming units is not undone by a look at it
        return best if scores[best] >= least else None

    def _refuse(self, kind: str, name: str, sentence: str) -> None:
        self.reading.tables.append(Table(kind, name, problems=[Problem(name, None, "", "", sentence)]))

    def _bytes(self, path: Path) -> bytes:
        self._spend(path.stat().st_size)
        return path.read_bytes()

    def _check_sizes(self, archive: zipfile.ZipFile) -> None:
        """Before anything is unpacked. `zipfile` unpacks no member beyond the size it declares."""
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise Unreadable(_("There are more than %(most)d files in this .zip.") % {"most": MOST_MEMBERS})
        self._spend(sum(member.file_size for member in members))

    def _spend(self, size: int) -> None:
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise Unreadable(
                _("This is larger than %(most)d MB unpacked; import it in parts.")
                % {"most": MOST_BYTES // (1024 * 1024)}
            )


def _is_junk(name: str) -> bool:
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in _JUNK


def _names_units(rows: list[Record]) -> bool:
    """Whether a header says “code” or “parent”, as lists of units do and lists of people do not."""
    cells = {folded(cell) for row in rows[:HEADER_WITHIN] for cell in row.cells}
    return any("code" in cell or cell.startswith("parent") for cell in cells)
