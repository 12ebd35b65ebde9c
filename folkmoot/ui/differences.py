"""Two versions of a text, line by line: whose each line is, and one text that loses nothing of either."""

import difflib
from collections.abc import Iterator


def whose_lines(theirs: str, mine: str) -> Iterator[tuple[str, str]]:
    """(whose, line): every line of either, in order, "both" of those they share; else "theirs" before "mine"."""
    old, new = theirs.splitlines(), mine.splitlines()
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield from (("both" if what == "equal" else "theirs", line) for line in old[a:b])
        yield from (("mine", line) for line in new[c:d] if what != "equal")


def both(theirs: str, mine: str) -> str:
    """Every line of either once, in order; where they differ, theirs before mine."""
    return "\n".join(line for _whose, line in whose_lines(theirs, mine))
