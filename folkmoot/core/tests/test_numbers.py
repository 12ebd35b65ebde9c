"""Numbers from outside: an id, or none."""

import pytest

from folkmoot.core.numbers import as_id


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_what_is_an_id(text: str, number: int):
    assert as_id(text) == number


@pytest.mark.parametrize("text", [None, "", "²", "٣", "-1", "1.0", " 1", "1\x00", "9" * 19, "9" * 5_000])
def test_what_is_none(text: str | None):
    assert as_id(text) is None
