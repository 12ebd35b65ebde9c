"""The known thing that a mistyped reference most likely means."""

import difflib
import string
from collections.abc import Callable, Iterable
from functools import cached_property

from folkmoot.core.text import fold

_LETTERS = string.ascii_lowercase + string.digits + "-_.@ "
MOST_COMPARED = (
    5_000  # beyond, only what differs by one letter is looked for: comparing all would take seconds each
)
MOST_ASKED = 500


def loose(text: str) -> str:
    """What stays of an id when spreadsheets and people have been at it: no case, spaces, signs or leading zeros."""
    letters = "".join(char for char in fold(text) if char.isalnum() or char == "@")
    return letters.lstrip("0") or letters


class Nearest:
    """Finds the nearest of the known names; builds its index when it is first asked."""

    def __init__(self, known: Callable[[], Iterable[str]]) -> None:
        """`known` gives the names, when they are needed."""
        self._names = known
        self._answers: dict[str, str] = {}

    def to(self, text: str) -> str:
        """The nearest known name, or empty. Answers are remembered; after many different ones it gives up."""
        if text not in self._answers:
            self._answers[text] = self._find(text) if len(self._answers) < MOST_ASKED else ""
        return self._answers[text]

    @cached_property
    def _by_loose(self) -> dict[str, str]:
        return {loose(name): name for name in self._names()}

    @cached_property
    def _by_fold(self) -> dict[str, str]:
        return {fold(name): name for name in self._names()}

    def _find(self, text: str) -> str:
        same = self._by_loose.get(loose(text))
        if same:
            return same
        folded = fold(text)[:120]
        if len(self._by_fold) > MOST_COMPARED:
            return next(
                (self._by_fold[each] for each in _one_letter_off(folded) if each in self._by_fold), ""
            )
        close = difflib.get_close_matches(folded, self._by_fold, n=1, cutoff=0.6)
        return self._by_fold[close[0]] if close else ""


def _one_letter_off(text: str) -> Iterable[str]:
    for at in range(len(text) + 1):
        yield text[:at] + text[at + 1 :]
        if at + 1 < len(text):
            yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        for letter in _LETTERS:
            yield text[:at] + letter + text[at:]
            yield text[:at] + letter + text[at + 1 :]
