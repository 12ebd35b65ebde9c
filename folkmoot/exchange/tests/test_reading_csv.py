"""CSV as the world writes it, row by row."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.exchange.reading.csvs import records
from folkmoot.exchange.tests.files import read, read_people, said, sentences


def test_a_header_is_known_in_any_spelling_and_by_its_aliases(tmp_path):
    header = "Staff-ID *,Given Name,FAMILY_NAME,E-mail,Department,Shoe size"
    table = read_people(tmp_path, f"{header}\n1,Ana,Silva,a@b.org,HR,38\n")
    assert table.fields == ("id", "name", "email", "unit")
    assert table.rows[0].cells == ("1", "Ana Silva", "a@b.org", "HR")
    assert table.unknown_columns == ["Shoe size"]
    assert table.matched["unit"] == "Department"


def test_the_display_name_wins_over_its_parts_where_it_is_given(tmp_path):
    content = "id,display_name,given_name,family_name\n1,Bo Lind,Bengt,Lind\n2,,,Sukarno\n"
    table = read_people(tmp_path, content)
    assert [row.cells[1] for row in table.rows] == ["Bo Lind", "Sukarno"]


def test_the_user_says_which_column_is_which(tmp_path):
    content = "Number,Whole thing,id\n7,Ana,x\n"
    table = read_people(tmp_path, content, mapping={"people": {"id": "number", "name": "Whole thing"}})
    assert table.rows[0].cells == ("7", "Ana")
    missing = read_people(tmp_path, content, mapping={"people": {"name": "Nombre"}})
    assert not missing.is_usable
    assert "no column “Nombre”" in sentences(missing)


def test_the_user_leaves_a_column_out(tmp_path):
    table = read_people(tmp_path, "id,name,email\n1,Ana,oops\n", mapping={"people": {"email": ""}})
    assert table.fields == ("id", "name")
    assert table.unknown_columns == ["email"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path, separator):
    rows = [["id", "name", "job_title"], ["1", "Ana", '"Manager, Services; North | South"'], ["2", "Bo", "x"]]
    table = read_people(tmp_path, "\r\n".join(separator.join(row) for row in rows))
    assert not table.problems
    assert table.rows[0].cells == ("1", "Ana", "Manager, Services; North | South")


@pytest.mark.parametrize("declared", ["sep=;", '"sep=;"', "SEP=;", "sep=^"])
def test_a_declared_separator_is_believed_and_its_line_counted(tmp_path, declared):
    separator = declared.strip('"')[-1]
    table = read_people(tmp_path, f"{declared}\r\nid{separator}name\r\n1{separator}Ana, the first\r\n")
    assert table.rows[0] == (3, ("1", "Ana, the first"))


def test_what_stands_above_and_below_the_table_is_left_out_and_said(tmp_path):
    content = (
        "Staff list,,\nExported on 3 March 2026,,\n\nid,name,email\n1,Ana,\n2,Total Recall,\n\n"
        "Total,2,\nEnd of report,,\n"
    )
    table = read_people(tmp_path, content)
    assert [row.line for row in table.rows] == [5, 6]
    assert table.read == 2
    assert not table.problems
    assert [warning.line for warning in table.warnings] == [4, 8, 9]


def test_a_total_in_the_middle_is_a_row_like_any_other(tmp_path):
    table = read_people(tmp_path, "id,name\nTotal,Eclipse\n2,Bo\n")
    assert [row.cells[0] for row in table.rows] == ["Total", "2"]


def test_a_header_that_is_repeated_page_by_page_is_no_row(tmp_path):
    table = read_people(tmp_path, "id,name\n1,Ana\nid,name\n2,Bo\n")
    assert [row.cells for row in table.rows] == [("1", "Ana"), ("2", "Bo")]
    assert table.read == 2
    assert "repeated" in said(table)


def test_ragged_rows_are_reported_by_line_and_blank_ones_ignored(tmp_path):
    content = 'id,name,email\n1,Ana,\n2,Bo\n3,Cy,c@d.org,more\n\n4,"Eve",\n,,\n5,Fay,,,\n'
    table = read_people(tmp_path, content)
    assert [problem.line for problem in table.problems] == [3, 4]
    assert [row.line for row in table.rows] == [2, 6, 8]
    assert table.read == 5


def test_a_row_says_the_line_it_starts_on_whatever_is_quoted_before_it(tmp_path):
    content = 'slug,name,summary\r\na-b,A,"One\nTwo, ""three""\r\nFour"\r\nc-d,C,\re,E,x\r\n'
    table = read(tmp_path, content, "communities")
    assert [row.line for row in table.rows] == [2, 5, 6]
    assert table.rows[0].cells[2] == 'One\nTwo, "three"\nFour'


def test_mixed_line_endings_are_all_ends_of_lines(tmp_path):
    table = read_people(tmp_path, b"id,name\r\n1,Ana\n2,Bo\r3,Cy\r\n")
    assert [(row.line, row.cells[1]) for row in table.rows] == [(2, "Ana"), (3, "Bo"), (4, "Cy")]


def test_backslashes_never_shift_a_column(tmp_path):
    table = read_people(tmp_path, 'id,name,job_title\n1,"Ana \\"A\\" Silva",x\n2,Bo,it\\,s\n3,C:\\temp,y\n')
    assert [problem.line for problem in table.problems] == [2, 3]
    assert "backslash" in table.problems[0].problem
    assert table.rows[0].cells[1] == "C:\\temp"


def test_a_quotation_mark_that_is_never_closed_is_reported_where_it_opens(tmp_path):
    table = read_people(tmp_path, 'id,name\n1,Ana\n2,"Bo\n3,Cy\n4,Di\n')
    assert [(problem.line, len(table.rows)) for problem in table.problems] == [(3, 1)]
    assert "never closed" in sentences(table)


def test_quotation_marks_inside_a_bare_cell_are_letters(tmp_path):
    table = read_people(tmp_path, 'id,name\n1,Abigail "Abby" Bowman\n')
    assert table.rows[0].cells[1] == 'Abigail "Abby" Bowman'


def test_nul_and_other_control_characters_are_taken_out_with_a_warning(tmp_path):
    table = read_people(tmp_path, b"id,name\n1,An\x00a\n2,Bo\x07\n")
    assert [row.cells[1] for row in table.rows] == ["Ana", "Bo"]
    assert "1 more cell" in said(table)


@pytest.mark.parametrize("content", ["", "\ufeff", "   \r\n\t\r\n\r\n", ",,\n,,\n"])
def test_an_empty_file_is_refused(tmp_path, content):
    table = read_people(tmp_path, content)
    assert not table.is_usable
    assert len(table.problems) >= 1


def test_a_header_alone_is_a_table_of_no_rows(tmp_path):
    table = read_people(tmp_path, "staff_id,display_name")
    assert table.is_usable
    assert (table.read, table.rows, table.problems) == (0, [], [])


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04\x14\x00 [Content_Types].xml", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 workbook", "old Excel"),
        (b"<html><table><tr><td>id</td><td>name</td></tr></table></html>", "web page"),
        (b"\xef\xbb\xbf \r\n<!DOCTYPE html><html>", "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b'{"people": [{"id": 1}]}', "JSON"),
        (b"%PDF-1.7 id,name", "another kind"),
        (b"\x1f\x8b\x08\x00 id,name", "another kind"),
    ],
)
def test_what_only_poses_as_csv_is_refused_with_help(tmp_path, content, word):
    table = read_people(tmp_path, content)
    assert not table.is_usable
    assert word in sentences(table)


def test_two_columns_of_one_name_are_refused(tmp_path):
    table = read_people(tmp_path, "id,name,email,Email\n1,Ana,a@b.org,c@d.org\n")
    assert not table.is_usable
    assert "columns 3 and 4" in sentences(table)


def test_of_two_columns_that_mean_the_same_one_is_taken_and_the_other_named(tmp_path):
    table = read_people(tmp_path, "id,name,department,unit\n1,Ana,Old,New\n")
    assert table.rows[0].cells == ("1", "Ana", "New")
    assert "so “department” was left" in said(table)


def test_a_missing_column_is_named_with_what_else_it_may_be_called(tmp_path):
    table = read_people(tmp_path, "id,email\n1,a@b.org\n")
    assert not table.is_usable
    assert "“name”" in sentences(table)
    assert "given_name" in sentences(table)


def test_three_hundred_columns_are_no_trouble(tmp_path):
    header = ",".join(["id", "name", *(f"col{n}" for n in range(300))])
    table = read_people(tmp_path, header + "\n1,Ana" + ",x" * 300 + "\n")
    assert table.rows[0].cells == ("1", "Ana")
    assert "More than" not in sentences(table)


def test_too_many_columns_are_refused_by_a_stated_limit(tmp_path):
    table = read_people(tmp_path, ",".join(["id", "name", *(f"col{n}" for n in range(1000))]) + "\n")
    assert "1000 columns" in sentences(table)


def test_a_cell_that_is_too_long_is_refused_by_a_stated_limit_and_never_cut(tmp_path):
    table = read(tmp_path, f"slug,name,summary\na,A,{'x' * 70_000}\nb,B,{'word ' * 3}\n", "communities")
    assert [problem.line for problem in table.problems] == [2]
    assert "70,000 characters" in sentences(table)
    assert "4,000" in sentences(table)
    assert len(table.problems[0].value) <= 80


def test_a_cell_of_a_column_nobody_asked_for_may_be_as_long_as_it_likes(tmp_path):
    table = read_people(tmp_path, f"id,name,notes\n1,Ana,{'x' * 200_000}\n")
    assert len(table.rows) == 1


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
            min_size=3,
            max_size=3,
        ),
        max_size=6,
    )
)
@settings(max_examples=200)
def test_what_a_csv_writer_writes_is_read_back(rows):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [record.cells for record in records(buffer.getvalue(), ",")] == rows


@given(st.text(max_size=200), st.sampled_from(",;\t|"))
@settings(max_examples=300)
def test_no_text_is_too_strange_to_be_read(text, separator):
    found = list(records(text, separator))
    assert [record.line for record in found] == sorted({record.line for record in found})
