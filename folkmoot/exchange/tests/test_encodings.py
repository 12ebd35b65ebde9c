"""Files in the encodings of the world."""

import csv

import pytest

from folkmoot.exchange.reading import Unreadable, read_source
from folkmoot.exchange.tests.files import SHARED, read_people, said, sentences

NAMES = ["Zoë Müller", "Siobhán O’Brien", "Noël Çelik"]
TABLE = "id,name,email\r\n" + "".join(f"{n:03},{name},n{n}@example.org\r\n" for n, name in enumerate(NAMES))


def names(table):
    place = table.fields.index("name")
    return [row.cells[place] for row in table.rows]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TABLE.encode(), id="utf-8"),
        pytest.param(TABLE.encode("utf-8-sig"), id="utf-8 with bom"),
        pytest.param(b"\xff\xfe" + TABLE.encode("utf-16-le"), id="utf-16 le with bom"),
        pytest.param(b"\xfe\xff" + TABLE.encode("utf-16-be"), id="utf-16 be with bom"),
        pytest.param(TABLE.encode("utf-16-le"), id="utf-16 le without bom"),
        pytest.param(TABLE.encode("utf-16-be"), id="utf-16 be without bom"),
        pytest.param(TABLE.encode("utf-32"), id="utf-32"),
        pytest.param(TABLE.encode("cp1252"), id="windows-1252"),
        pytest.param(TABLE.replace("\r\n", "\r").encode("mac_roman"), id="mac roman with bare cr"),
        pytest.param(TABLE.encode("mac_roman"), id="mac roman"),
    ],
)
def test_a_file_in_a_common_encoding_is_read(tmp_path, data):
    table = read_people(tmp_path, data)
    assert not table.problems
    assert names(table) == NAMES
    assert [row.line for row in table.rows] == [2, 3, 4]


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_a_guessed_encoding_is_said(tmp_path, encoding):
    assert "name the encoding" in said(read_people(tmp_path, TABLE.encode(encoding)))


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_kr", "gb18030", "windows-1251", "iso8859-7"])
def test_letters_of_another_script_are_refused_until_their_encoding_is_named(tmp_path, encoding):
    name = {"shift_jis": "小林 さくら", "euc_kr": "김민준", "gb18030": "欧阳伟明"}.get(encoding)
    name = name or ("Наталья Щукина" if encoding == "windows-1251" else "Αλέξανδρος Παπαδόπουλος")
    data = f"id,name\r\n1,{name}\r\n".encode(encoding)
    refused = read_people(tmp_path, data)
    assert not refused.is_usable
    assert "encoding" in sentences(refused)
    assert names(read_people(tmp_path, data, encoding=encoding)) == [name]


def test_an_encoding_that_does_not_exist_is_named(tmp_path):
    assert "“klingon”" in sentences(read_people(tmp_path, TABLE.encode("cp1252"), encoding="klingon"))
    assert "“hex”" in sentences(read_people(tmp_path, TABLE.encode("cp1252"), encoding="hex"))


def test_broken_utf8_is_reported_by_its_row_and_the_others_are_read(tmp_path):
    data = TABLE.encode() + b"009,Caf\xc3,a@b.org\r\n010,Ana \xe9\xff,b@b.org\r\n011,Bo,c@b.org\r\n"
    table = read_people(tmp_path, data)
    assert [(problem.line, problem.column) for problem in table.problems] == [(5, "name"), (6, "name")]
    assert table.problems[0].value == "Caf�"
    assert names(table) == [*NAMES, "Bo"]


def test_utf16_cut_in_the_middle_of_a_letter_is_no_crash(tmp_path):
    table = read_people(tmp_path, (b"\xff\xfe" + TABLE.encode("utf-16-le"))[:-1])
    assert len(table.rows) == 3
    assert [problem.line for problem in table.problems] == [5]


def test_text_that_was_damaged_before_is_kept_with_a_warning(tmp_path):
    damaged = TABLE.encode().decode("cp1252", "replace").replace("\ufffd", "?").encode()
    table = read_people(tmp_path, damaged)
    assert len(table.rows) == 3
    assert "look damaged" in said(table)
    assert table.warnings[0].line == 2


def test_text_with_accents_is_not_called_damaged(tmp_path):
    assert not read_people(tmp_path, "id,name\n1,Ângela São João\n2,SÃO PAULO\n3,Ñandú Îles\n").warnings


SHARED_FILES = SHARED / "encodings" / "manifest.csv"


def manifest():
    if not SHARED_FILES.exists():
        return []
    with SHARED_FILES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_shared_file_is_read_as_its_manifest_says():
    for row in manifest():
        name, expected = row["file"], row["expected"]
        mapping = {"people": {"id": "col0", "name": "col1"}} if "wide" in name else None
        try:
            (table,) = read_source(SHARED_FILES.parent / name, mapping=mapping).tables
        except Unreadable as error:
            pytest.fail(f"{name}: {error}")
        if expected.startswith("refuse"):
            assert not table.is_usable, name
            assert table.problems, name
            continue
        assert table.read == int(row["data_rows"]), name
        if expected.startswith(("accept", "store")) and not ("refuse" in expected or "good rows" in expected):
            assert len(table.rows) == table.read, name
            assert not table.problems, name
        if "warning" in expected:
            assert table.warnings, name
        if "report" in expected and "29" not in name and "35" not in name:
            assert table.problems, name
