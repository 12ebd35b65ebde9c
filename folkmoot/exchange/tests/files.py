"""Writing the files that the tests read, as bytes."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from folkmoot.exchange.reading import Mapping, Reading, Table, read_source

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def folder_of(folder: Path, **files: str | bytes) -> Path:
    """A folder with these CSV files."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{name}.csv").write_bytes(data)
    return folder


def read_people(
    folder: Path, content: str | bytes, *, encoding: str = "", mapping: Mapping | None = None
) -> Table:
    """The table of a people.csv with this content."""
    return read(folder, content, "people", encoding=encoding, mapping=mapping)


def read(
    folder: Path, content: str | bytes, kind: str, *, encoding: str = "", mapping: Mapping | None = None
) -> Table:
    """The one table of a CSV file of that name."""
    source = folder_of(folder / "source", **{kind: content})
    reading: Reading = read_source(source, encoding=encoding, mapping=mapping)
    assert len(reading.tables) == 1
    return reading.tables[0]


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    """An .xlsx with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def zipped(path: Path, **files: str | bytes) -> Path:
    """A .zip; __ in a name stands for a slash."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/") + ".csv", content)
    return path


def rewritten(path: Path, name: str, change: dict[bytes, bytes]) -> Path:
    """The same .zip with one member's bytes changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == name:
                for before, after in change.items():
                    assert before in data
                    data = data.replace(before, after)
            new.writestr(member.filename, data)
    path.write_bytes(buffer.getvalue())
    return path


def sentences(table: Table) -> str:
    """All that is wrong with a table, for searching in."""
    return "\n".join(problem.problem for problem in table.problems)


def said(table: Table) -> str:
    """All that is worth a warning."""
    return "\n".join(warning.problem for warning in table.warnings)
