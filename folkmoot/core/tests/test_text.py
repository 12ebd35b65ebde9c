"""Text as people search and sort it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.core.text import fold, sort_key, words


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("yildiz", "Yıldız"),
        ("ipek isik", "İpek Işık"),
        ("lukasz zolc", "Łukasz Żółć"),
        ("strasse", "Straße"),
        ("jose", "Jose\u0301"),
        ("nguyen thi minh", "Nguyễn  Thị Minh"),
        ("o'brien", "O’Brien"),
        ("aesir", "Æsir"),
    ],
)
def test_what_is_typed_without_accents_folds_like_what_is_written(typed: str, written: str):
    assert fold(typed) == fold(written)


def test_words_leave_out_apostrophes_and_part_at_hyphens():
    assert words("O’Brien Smith-Jones, o'brien") == ["obrien", "smith", "jones"]


def test_names_of_other_scripts_keep_their_words():
    assert words("小林 さくら") == ["小林", "さくら"]
    assert words("प्रिया शर्मा") == ["प्रिया", "शर्मा"]


def test_a_name_of_symbols_sorts_last_and_is_not_empty():
    assert sort_key("Zoë") < sort_key("—")
    assert sort_key("👩🏽‍💻") != ""


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once_and_words_hold_no_space(text: str):
    assert fold(fold(text)) == fold(text)
    assert all(word and not any(c.isspace() for c in word) for word in words(text))
