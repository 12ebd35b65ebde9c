"""The bar of long commands: on a terminal only, and never in what a script reads."""

import pytest

from folkmoot.site.progress import progress

WORDS = {"read": "Reading the files", "people": "Writing people"}


def test_on_a_terminal_it_says_what_is_done_and_how_far(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    with progress(WORDS) as tell:
        tell("read", 0, 0)
        tell("people", 1000, 4000)
        tell("people", 4000, 4000)
    said = capsys.readouterr()
    assert "Writing people" in said.err
    assert "4,000 of 4,000" in said.err
    assert said.out == ""


def test_elsewhere_it_is_silent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    with progress(WORDS) as tell:
        tell("people", 1000, 4000)
    assert capsys.readouterr() == ("", "")
