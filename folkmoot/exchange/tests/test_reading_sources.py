"""Folders, zips and workbooks."""

import itertools
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from openpyxl.cell.read_only import EMPTY_CELL

from folkmoot.exchange.reading import Unreadable, read_source, sources, workbooks
from folkmoot.exchange.tests.files import SHARED, folder_of, rewritten, sentences, workbook, zipped

UNITS = "code,name\nhr,Human Resources\n"
PEOPLE = "id,name\n1,Ana\n"


def kinds(reading):
    return [(table.kind, table.file) for table in reading.tables]


def test_a_folder_gives_its_tables_in_order_and_names_what_it_leaves(tmp_path):
    source = folder_of(
        tmp_path / "a folder", people=PEOPLE, units=UNITS, projects="id,community\n", library="x\n"
    )
    (source / "notes.docx").write_bytes(b"PK")
    (source / ".hidden").write_text("x")
    (source / "sub").mkdir()
    reading = read_source(source)
    assert kinds(reading) == [("units", "units.csv"), ("people", "people.csv")]
    assert reading.unknown_files == ["library.csv", "notes.docx", "projects.csv"]


@pytest.mark.parametrize(
    "name", ["People.CSV", "people_2026-11-23.csv", "01 Staff.txt", "export-people.tsv", "employees.csv"]
)
def test_a_table_is_told_by_the_name_of_its_file(tmp_path, name):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / name).write_text(PEOPLE)
    assert kinds(read_source(tmp_path / "source")) == [("people", name)]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PEOPLE, "people"),
        ("staff_id,email\n1,a@b.org\n", "people"),
        ("code,name,parent\nhr,HR,\n", "units"),
        ("slug,name,stage\na,A,active\n", "communities"),
        ("community,description\na,A\n", "communities"),
        ("community,person,role,since\na,1,lead,\n", "memberships"),
    ],
)
def test_a_single_file_is_told_by_its_columns(tmp_path, content, kind):
    path = tmp_path / "export(3).csv"
    path.write_text(content)
    assert kinds(read_source(path)) == [(kind, "export(3).csv")]


def test_a_file_that_tells_nothing_is_refused(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("col0,col1\n1,2\n")
    with pytest.raises(Unreadable, match="which table"):
        read_source(path)
    assert kinds(read_source(path, mapping={"people": {"id": "col0", "name": "col1"}})) == [
        ("people", "data.csv")
    ]


@pytest.mark.parametrize("files", [{}, {"library": "id\n"}])
def test_a_folder_with_nothing_known_is_refused(tmp_path, files):
    with pytest.raises(Unreadable, match="nothing to import"):
        read_source(folder_of(tmp_path / "source", **files))


def test_a_zip_is_read_through_its_folders_without_what_a_mac_adds(tmp_path):
    source = zipped(
        tmp_path / "a.zip",
        export__people=PEOPLE, export__library="id\n",
        units=UNITS,
    )  # fmt: skip
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("__MACOSX/export/._people.csv", b"\x00\x05\x16\x07")
        archive.writestr("export/.DS_Store", b"x")
    reading = read_source(source)
    assert kinds(reading) == [("units", "units.csv"), ("people", "people.csv")]
    assert reading.unknown_files == ["library.csv"]


def test_a_zip_is_measured_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_BYTES", 1_000_000)
    source = zipped(tmp_path / "bomb.zip", people=PEOPLE, units=b"\0" * 1_000_001)
    assert source.stat().st_size < 10_000
    with pytest.raises(Unreadable, match="unpacked"):
        read_source(source)


def test_a_zip_of_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_MEMBERS", 3)
    with pytest.raises(Unreadable, match="more than 3 files"):
        read_source(zipped(tmp_path / "many.zip", a="", b="", c="", people=PEOPLE))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"not a zip at all"])
def test_a_damaged_zip_or_workbook_is_refused(tmp_path, data):
    for name in ("a.zip", "a.xlsx"):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Unreadable):
            read_source(tmp_path / name)


def test_a_zip_damaged_within_a_file_is_refused(tmp_path):
    rows = "id,name\n" + "".join(f"{n},Person {n * n}\n" for n in range(2000))
    source = zipped(tmp_path / "a.zip", people=rows)
    data = source.read_bytes()
    for place in range(100, 2000, 100):
        source.write_bytes(data[:place] + b"\xff\x00\xff" + data[place + 3 :])
        with pytest.raises(Unreadable, match="damaged"):
            read_source(source)


def test_a_source_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Unreadable, match=r"gone\.csv cannot be read"):
        read_source(tmp_path / "gone.csv")


def test_a_workbook_gives_text_as_people_see_it(tmp_path):
    path = tmp_path / "programme.xlsx"
    rows: list[list[object]] = [
        ["id", "name", "left", "job_title"],
        [123, "Ana", datetime(2026, 3, 1), True],
        [None, None, None, None],
        [456.0, "Bo", date(2026, 3, 2), 1.5],
        ["007", "  Cy ", None, "=1+1"],
    ]
    reading = read_source(workbook(path, People=rows, Library=[["x"]], Empty=[]))
    (table,) = reading.tables
    assert kinds(reading) == [("people", "People")]
    assert reading.unknown_files == ["Library"]
    assert [(row.line, *row.cells) for row in table.rows] == [
        (2, "123", "Ana", "TRUE", "2026-03-01"),
        (4, "456", "Bo", "1.5", "2026-03-02"),
        (5, "007", "Cy", "", ""),
    ]


def test_a_number_shown_with_leading_zeros_keeps_them(tmp_path):
    path = workbook(tmp_path / "a.xlsx", people=[["id", "name"], [123, "Ana"]])
    book = openpyxl.load_workbook(path)
    book["people"]["A2"].number_format = "000000"
    book.save(path)
    assert read_source(path).tables[0].rows[0].cells[0] == "000123"


def test_a_sheet_may_have_a_title_above_and_columns_to_the_right(tmp_path):
    rows: list[list[object]] = [
        ["Our people"],
        [],
        ["id", "name", None, "remarks"],
        ["1", "Ana"],
        ["2", "Bo", None, None, "beside"],
    ]
    (table,) = read_source(workbook(tmp_path / "a.xlsx", people=rows)).tables
    assert [(row.line, *row.cells) for row in table.rows] == [(4, "1", "Ana"), (5, "2", "Bo")]
    assert not table.problems


def test_a_workbook_of_one_sheet_is_told_by_its_columns(tmp_path):
    path = workbook(tmp_path / "export.xlsx", Sheet1=[["code", "name", "parent"], ["hr", "HR", None]])
    assert kinds(read_source(path)) == [("units", "Sheet1")]


def test_an_empty_sheet_of_a_known_name_is_refused(tmp_path):
    (table,) = read_source(workbook(tmp_path / "a.xlsx", people=[])).tables
    assert not table.is_usable
    assert "empty" in sentences(table)


def test_a_workbook_with_entities_is_not_opened(tmp_path):
    path = workbook(tmp_path / "a.xlsx", people=[["id", "name"], ["1", "Ana"]])
    attack = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><worksheet '
    with pytest.raises(Unreadable, match="no spreadsheet program"):
        read_source(rewritten(path, "xl/worksheets/sheet1.xml", {b"<worksheet ": attack}))


def test_a_workbook_that_points_nowhere_is_refused_without_a_traceback(tmp_path):
    path = workbook(tmp_path / "a.xlsx", people=[["id", "name"], ["1", "Ana"]])
    with pytest.raises(Unreadable, match="sound Excel workbook"):
        read_source(rewritten(path, "xl/worksheets/sheet1.xml", {b"</sheetData>": b"</oops>"}))


def test_a_row_number_out_of_this_world_does_not_run_for_ever(tmp_path):
    path = workbook(tmp_path / "a.xlsx", people=[["id", "name"], ["1", "Ana"]])
    changed = rewritten(path, "xl/worksheets/sheet1.xml", {b'<row r="2"': b'<row r="9999999999"'})
    with pytest.raises(Unreadable):
        read_source(changed)


def test_a_real_programme_is_read_whole():
    source = SHARED / "digitalgov" / "workbook"
    if source.exists():
        reading = read_source(source)
        assert [(table.kind, table.read, len(table.rows)) for table in reading.tables] == [
            ("units", 117, 117), ("people", 1059, 1059), ("communities", 40, 40), ("memberships", 49, 49),
            ("events", 277, 277),
        ]  # fmt: skip
        assert reading.unknown_files == []


def test_an_empty_row_of_a_sheet_costs_no_memory_however_wide():
    wide = (EMPTY_CELL,) * 16_384
    rows = workbooks._rows(SimpleNamespace(iter_rows=lambda: itertools.repeat(wide, 5)))
    tracemalloc.start()
    try:
        assert [row.cells for row in rows] == [[]] * 5
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50_000


def test_what_a_person_sees_and_the_file_does_not_hold_is_said(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "people"
    for row in (["id", "name", "unit"], ["1", "Ana", "HR"], ["2", "=B2", None], ["3", "Cleo", None]):
        sheet.append(row)
    sheet.merge_cells("C2:C4")
    sheet.merge_cells("E1:G1")  # across is only looks
    book.save(path)
    said = [problem.problem for problem in read_source(path).warnings]
    assert len(said) == 2
    assert "formula in B3" in said[0]
    assert "merged (C2–C4)" in said[1]


def test_formulas_with_their_results_are_no_matter(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", people=[["id", "name"], ["1", "=1"]])
    rewritten(path, "xl/worksheets/sheet1.xml", {b"<f>1</f><v />": b"<f>1</f><v>7</v>"})
    assert read_source(path).warnings == []
