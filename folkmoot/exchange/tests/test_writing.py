"""Exports that a spreadsheet opens safely."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.exchange.writing import as_csv, csv_response, safe_cell


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", '=HYPERLINK("http://evil.example")', "=cmd|' /C calc'!A0", "+44 not a phone", "-2+3", "@SUM(A1:A9)",
        "\t=2+2", "\r=3+3", "＝1+1", "＋1", "－1", "＠x", "-x", "--1",
    ],
)  # fmt: skip
def test_a_formula_is_neutralised_and_stays_readable(cell):
    assert safe_cell(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell",
    [
        "-",
        "+",
        "-0500",
        "+0100",
        "-05:00",
        "-3.5",
        "-3,5",
        "-12%",
        "+44",
        "+44 20 7946 0018",
        "Ana",
        "",
        "1-2",
        "a=b",
    ],
)
def test_signs_and_numbers_stay_as_they_are(cell):
    assert safe_cell(cell) == cell


def test_what_is_not_text_is_written_plainly():
    assert (safe_cell(None), safe_cell(-3), safe_cell(-0.5), safe_cell(True)) == ("", "-3", "-0.5", "True")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=4))
def test_a_spreadsheet_reads_back_what_was_written(cells):
    text = as_csv([["header"], cells]).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert [cell.removeprefix("'") for cell in read] == [cell.removeprefix("'") for cell in cells]


def test_the_file_has_what_excel_needs():
    response = csv_response("programme 2026/11.csv", [["a", "b"], ["é", "=1"]])
    assert response.content == "\ufeffa,b\r\né,'=1\r\n".encode()
    assert response["Content-Disposition"] == 'attachment; filename="programme-2026-11.csv"'
