"""CSV for people who will open it in a spreadsheet: no cell runs as a formula, and letters survive."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# A spreadsheet takes a cell as a formula when it begins with one of these; full-width ones where the input is
# Asian.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# A lone sign, and numbers as people write them (offsets, phone numbers, amounts): harmless, and damaged by an
# apostrophe.
_HARMLESS = re.compile(r"[+-]|[+-]?\d[\d ]*(?:[.,:]\d+)*%?")


def safe_cell(value: object) -> str:
    """`value` as text that no spreadsheet runs: an apostrophe before what would be a formula, nothing else
    changed."""
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA) and not _HARMLESS.fullmatch(text):
        return "'" + text
    return text


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """`rows` as CSV that spreadsheets open: UTF-8 with BOM, CRLF, formulas neutralised."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def csv_response(filename: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """`rows` as a CSV file to be saved under that name."""
    response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    name = re.sub(r"[^\w.-]+", "-", filename)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
