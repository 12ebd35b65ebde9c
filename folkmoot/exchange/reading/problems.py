"""One thing wrong with one place of a file, in a sentence for a person."""

import re
from typing import Any, NamedTuple

SHOWN = 80
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Problem(NamedTuple):
    """What is wrong, and where. `line` is None where it is about the whole file, and `column` may be
    empty."""

    file: str
    line: int | None
    column: str
    value: str
    problem: str

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the JSON."""
        return self._asdict()

    def said(self) -> str:
        """As a line of text: people.csv line 5, name “…”: why."""
        line = "" if self.line is None else f" line {self.line}"
        column = f", {self.column}" if self.column else ""
        value = f" “{self.value}”" if self.value else ""
        return f"{self.file}{line}{column}{value}: {self.problem}"


class Unreadable(Exception):
    """A file, or the whole source, that cannot be read at all; says why and what to do."""

    def __init__(self, sentence: str) -> None:
        """`sentence` is for a person."""
        super().__init__(sentence)
        self.sentence = sentence


def shorten(value: object, length: int = SHOWN) -> str:
    """`value` as it can be shown in one line: unreadable characters as �, the rest after `length` as an
    ellipsis."""
    text = " ".join(_UNPRINTABLE.sub(_shown, str(value)[: length * 4]).split(" "))
    return text if len(text) <= length else text[: length - 1] + "…"


def _shown(match: re.Match[str]) -> str:
    return {"\n": "↵", "\r": "", "\t": "⇥"}.get(match[0], "�")
