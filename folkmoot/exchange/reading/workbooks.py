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
_OVERLAP = 4096  # longer than a cell with a formula
_UNCALCULATED = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f[^<]*(?:</f>|/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')


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


def check_parts(archive: zipfile.ZipFile) -> list[str]:
    """Refuse a workbook whose XML declares a document type or entities, or is not UTF-8: spreadsheets write neither.

    Returns a sentence for what would be read as empty although a person sees something there.
    """
    unseen: dict[str, str] = {}
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        is_sheet = part.filename.startswith("xl/worksheets/")
        with archive.open(part) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                window = tail + chunk
                if _FORBIDDEN.search(window) or (not tail and b"\x00" in chunk[:200]):
                    raise Unreadable(
                        _("This workbook contains what no spreadsheet program writes, so it was not opened.")
                    )
                if is_sheet:
                    _look_for_unseen(window, unseen)
                tail = chunk[-_OVERLAP:]
    return list(unseen.values())


def _look_for_unseen(xml: bytes, unseen: dict[str, str]) -> None:
    """Formulas whose result was never stored, and cells merged downwards: the first place of each."""
    if formula := _UNCALCULATED.search(xml):
        sentence = _(
            "The formula in %(cell)s, and maybe others, has no stored result and counts as empty. Open the workbook in "
            "Excel or LibreOffice, save it, and try again."
        )
        unseen.setdefault("formula", sentence % {"cell": formula[1].decode()})
    for merged in _MERGED.finditer(xml):
        if merged[2] != merged[4]:
            sentence = _(
                "Cells are merged (%(cells)s): only the first of them has the value, the others count as empty."
            )
            cells = f"{(merged[1] + merged[2]).decode()}–{(merged[3] + merged[4]).decode()}"
            unseen.setdefault("merged", sentence % {"cells": cells})


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
