"""Sheets of an .xlsx as rows of text: days as ISO, numbers that are ids without “.0”, formulas by their last
value."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _

from folkmoot.exchange.reading.csvs import Record
from folkmoot.exchange.reading.problems import Unreadable

MOST_SHEET_ROWS = 1_048_576  # what Excel itself holds
_LEADING_ZEROS = re.compile(r"0{2,}\Z")
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK = 1 << 20


def sheets(file: Path | IO[bytes]) -> Iterator[tuple[str, Iterator[Record]]]:
    """(name of the sheet, its rows) in the workbook's order. Raises Unreadable for what is no sound
    workbook."""
    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets whatever its parsers raise through
        raise _damaged() from error
    try:
        for sheet in workbook.worksheets:
            yield sheet.title, _rows(sheet)
    finally:
        workbook.close()


def check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook whose XML declares a document type or entities, or is not UTF-8: spreadsheets write
    neither."""
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(part) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                if _FORBIDDEN.search(tail + chunk) or (not tail and b"\x00" in chunk[:200]):
                    raise Unreadable(
                        _("This workbook contains what no spreadsheet program writes, so it was not opened.")
                    )
                tail = chunk[-16:]


def _rows(sheet: Any) -> Iterator[Record]:
    try:
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()  # some programs write wrong ones
        for line, row in enumerate(sheet.iter_rows(), start=1):
            if line > MOST_SHEET_ROWS:
                raise _damaged()
            # A row that somebody formatted is 16,384 cells wide: what is empty at its end costs a look and no memory.
            width = len(row)
            while width and row[width - 1].value is None:
                width -= 1
            cells = [_text(cell) for cell in row[:width]]
            while cells and not cells[-1]:
                cells.pop()
            yield Record(line, cells)
    except Unreadable:
        raise
    except Exception as error:  # as above
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(
        _("This is not a sound Excel workbook (.xlsx). Open it, save it again, and try once more.")
    )


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time()
            else value.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, str(getattr(cell, "number_format", "") or ""))
    return str(value)


def _number(value: float, shown_as: str) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        # The format 000000 shows 123 as 000123: that is the id people know.
        return (
            str(value).zfill(len(shown_as)) if value >= 0 and _LEADING_ZEROS.match(shown_as) else str(value)
        )
    return repr(value)
