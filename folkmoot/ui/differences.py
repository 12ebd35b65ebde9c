"""Two versions of a text, as one that shows what differs; and as one that loses nothing of either."""

import difflib
import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST = 4_000  # words that are compared one by one; beyond, lines are


def difference(before: str, after: str) -> SafeString:
    """`after`, with what it no longer has of `before` in <del> and what is new in <ins>."""
    old, new = _parts(before), _parts(after)
    if len(old) + len(new) > MOST:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[tuple[SafeString]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if what == "equal":
            pieces.append((format_html("{}", come),))
        else:
            pieces += [(format_html("<del>{}</del>", gone),)] if gone else []
            pieces += [(format_html("<ins>{}</ins>", come),)] if come else []
    return format_html_join("", "{}", pieces)


def both(theirs: str, mine: str) -> str:
    """Every line of either once, in order; where they differ, theirs before mine."""
    old, new = theirs.splitlines(), mine.splitlines()
    lines: list[str] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lines += old[a:b]
        lines += [] if what == "equal" else new[c:d]
    return "\n".join(lines)


def _parts(text: str) -> list[str]:
    return _WORDS.findall(text)
