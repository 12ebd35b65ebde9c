"""One cell: entities, spaces, invisible characters, links."""

import itertools
import random
import re
import time

import pytest

from folkmoot.exchange.reading.cells import _MOJIBAKE, _looks_double_encoded, clean
from folkmoot.exchange.reading.columns import TABLES, column_named
from folkmoot.exchange.tests.files import read, read_people, said, sentences

NAME = column_named("people", "name")
ID = column_named("people", "id")
EMAIL = column_named("people", "email")
SUMMARY = column_named("communities", "summary")
URL = column_named("communities", "space_url")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("A&#47;B Testing", "A/B Testing"),
        ("R&D &amp; more", "R&D & more"),
        ("Learning &amp;amp; Teaching", "Learning & Teaching"),
        ("O&rsquo;Brien&nbsp; Lee", "O’Brien Lee"),
        ("Q&A", "Q&A"),
        ("Why&not", "Why&not"),
        ("&lt;b&gt;bold&lt;/b&gt;", "<b>bold</b>"),
        ("  Ana \u00a0  Silva\t", "Ana Silva"),
        ("Jose\u0301 Pen\u0303a", "José Peña"),
        ("\r=3+3", "=3+3"),
        ("-", "-"),
        ("Null", "Null"),
        ("Robert'); DROP TABLE communities;--", "Robert'); DROP TABLE communities;--"),
    ],
)
def test_a_name_is_cleaned_as_text(raw, text):
    cell = clean(raw, NAME)
    assert (cell.text, cell.problem) == (text, "")


@pytest.mark.parametrize(
    "raw", ["Ana\u200b Silva", "\ufeffAna Silva", "Ana\u202e Silva", "An\u00ada Silva", "Ana\u200d Silva"]
)
def test_invisible_characters_are_taken_out_with_a_warning(raw):
    cell = clean(raw, NAME)
    assert cell.text == "Ana Silva"
    assert cell.warnings


@pytest.mark.parametrize(
    "raw",
    [
        "👩🏽\u200d💻 Ada",
        "نمی\u200cدانم",
        "क्\u200dष",
        "ක්\u200dරි",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ],
)
def test_invisible_characters_that_a_script_or_an_emoji_needs_stay(raw):
    assert clean(raw, NAME).text == raw
    assert not clean(raw, NAME).warnings


def test_prose_keeps_its_paragraphs():
    assert clean("  One \r\n\r\n\r\n\r\ntwo\tthree \r four ", SUMMARY).text == "One\n\ntwo three\nfour"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("000123 ", "000123"),
        ('="000123"', "000123"),
        ("'000123", "000123"),
        ("123\u200b", "123"),
        ("a&amp;b", "a&amp;b"),
    ],
)
def test_an_id_is_text_as_given(raw, text):
    assert clean(raw, ID).text == text


@pytest.mark.parametrize("raw", ["mailto:ana@b.org", " <ana@b.org> ", "ana@b.org"])
def test_an_address_is_taken_out_of_its_wrapping(raw):
    assert clean(raw, EMAIL).text == "ana@b.org"


@pytest.mark.parametrize("raw", ["#N/A", "#REF!", "#VALUE!"])
def test_the_errors_of_a_spreadsheet_are_nobodys_name(raw):
    assert "error" in clean(raw, NAME).problem


@pytest.mark.parametrize(
    "raw",
    ["https://teams.example/l/1?a=1&b=2", "http://x.example", "mailto:a@b.org", "teams.example/l/1", ""],
)
def test_links_that_a_browser_may_follow_are_taken(raw):
    assert not clean(raw, URL).problem


@pytest.mark.parametrize(
    "raw",
    [
        "javascript:alert(1)", "JaVaScript:alert(1)", "java\u200bscript:alert(1)", "&#106;avascript:alert(1)",
        "data:text/html,<script>", "vbscript:x", "file:///etc/passwd", "https:alert(1)", "https://x/ y",
        "nothing like it", "//x.example",
    ],
)  # fmt: skip
def test_other_links_are_refused(raw):
    assert clean(raw, URL).problem


def test_markup_is_stored_as_text_and_its_links_are_refused(tmp_path):
    content = (
        "community,description,url\r\n<script>alert(1)</script>,<img src=x "
        "onerror=alert(1)>,javascript:alert(1)\r\n"
        "R&D &amp; more,{{7*7}} ${7*7} [x](javascript:alert(2)),http://example.org/?a=1\r\n"
    )
    table = read(tmp_path, content, "communities")
    assert [problem.line for problem in table.problems] == [2]
    assert "javascript:" in sentences(table)
    assert table.rows[0].cells[1:3] == ("R&D & more", "{{7*7}} ${7*7} [x](javascript:alert(2))")


def test_formulas_are_stored_as_text(tmp_path):
    rows = '1,"=HYPERLINK(""x"")",-2+3\n2,+44 not a phone,＝1+1\n3,@SUM(A1),-\n'
    table = read_people(tmp_path, "id,name,job_title\n" + rows)
    assert [row.cells[1:] for row in table.rows] == [
        ('=HYPERLINK("x")', "-2+3"), ("+44 not a phone", "＝1+1"), ("@SUM(A1)", "-"),
    ]  # fmt: skip
    assert not said(table)


@pytest.mark.parametrize("kind", TABLES)
def test_every_column_has_a_limit_that_its_own_error_states(kind):
    for column in TABLES[kind]:
        cell = clean("é" * (column.limit + 1), column)
        assert f"{column.limit:,}" in cell.problem


def looks_double_encoded(text: str) -> bool:
    """A second reading, slow and obvious: from each damaged letter to the end of its run."""
    for match in _MOJIBAKE.finditer(text):
        damaged = re.split(r"[\x00-\x7f]", text[match.start() :])[0]
        for encoding in ("cp1252", "latin-1"):
            try:
                damaged.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
            return True
    return False


def test_letters_that_were_decoded_wrongly_are_found_as_by_a_slow_reading():
    dice = random.Random(7)
    letters = [
        "é",
        "Ã",
        "©",
        "â",
        "€",
        "™",
        "\x9d",
        "Ł",
        " ",
        "n",
        "Ø",
        "§",
        "ð",
        "Ÿ",
        "˜",
        "€",
        "í",
        "\xa0",
        "à",
        "\xad",
    ]
    whole = ["ÃŸ", "ðŸ˜€", "â€™", "Ã©", "ä¸\xad", "\xed\xa0\x80", "\xe0\x80\x80", "\xf4\x90\x80\x80"]
    found = set()
    for length in itertools.chain([1, 2, 3] * 300, [4, 5, 6, 8] * 600):
        text = "".join(dice.choice(letters + whole) for _letter in range(length))
        assert _looks_double_encoded(text) == looks_double_encoded(text), text
        found.add(looks_double_encoded(text))
    assert found == {True, False}


@pytest.mark.parametrize("letters", ["Ã©Ł", "Ã©é", "Ãé", "\U000e0041"])
def test_a_cell_of_very_many_strange_letters_is_soon_refused(letters):
    raw = letters * (200_000 // len(letters)) + "é" * 400
    begun = time.process_time()
    assert "characters long" in clean(raw, NAME).problem
    assert time.process_time() - begun < 5
