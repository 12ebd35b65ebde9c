"""Formatted text as people write it: made safe when it is written, and said in plain words where those are wanted.

What is kept is a small set of HTML without attributes but a link's address; nh3 (ammonia) parses it as a browser does.
"""

import re
from html import escape
from html.parser import HTMLParser

import nh3

TAGS = {"p", "br", "b", "strong", "i", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
LONGEST = 100_000  # characters of HTML that are looked at
DEEPEST = 40  # tags within each other; nobody writes so, and browsers and readers choke on it
_INDENTS = 5
_FORMATTED = re.compile(r"<(?!/?(?:p|br)>)")
_BLOCKS = re.compile(r"(?i)<(/?)(?:div|h[1-6]|section|article|header|footer|tr)\b[^>]*>")
_SCHEMES = {"http", "https", "mailto"}
# An address with a scheme, or a page of this site; “//host” and backslashes are neither.
_ADDRESS = re.compile(r"(?i)(?:https?://|mailto:)[^\s]+|/(?![/\\])[^\s\\]*")
_EMPTY = re.compile(r"(?:\s|<p>(?:\s|&nbsp;|<br>)*</p>|<br>)*")
_PIECE = re.compile(r"(?P<empty><p>(?:\s|&nbsp;|<br>)*</p>|<br>|\s+)|[^<\s]+|<")


def clean(html: str) -> str:
    """The HTML with what is allowed and nothing else; what is not is unwrapped, or gone where it is not text.

    Empty where nothing is to be read in it.
    """
    safe = nh3.clean(
        _BLOCKS.sub(r"<\1p>", html[:LONGEST]),
        tags=TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_kept,
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
        clean_content_tags={"script", "style", "title", "textarea", "svg", "math", "template", "iframe"},
    )
    # Editors keep a space at the end of what is typed from collapsing.
    safe = _trimmed(re.sub(r"(?<! )&nbsp;(?! |&nbsp;)", " ", safe))
    reader = _read(safe)
    if reader.deepest > DEEPEST or len(safe) > LONGEST:
        return escape(reader.text())
    return safe if reader.text() else ""


def as_kept(text: str, html: str) -> tuple[str, str]:
    """(the words, the HTML where it says more than they do), as typed; `text` counts where there is no `html`."""
    safe = clean(html)
    words = as_text(safe) if safe else text.strip()
    return words, safe if _FORMATTED.search(safe) else ""


def as_text(html: str) -> str:
    """The words of clean HTML: paragraphs apart, a dash before the items of a list, “>” before what is quoted."""
    return _read(html).text()


def _read(html: str) -> "_Reader":
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def _kept(tag: str, name: str, value: str) -> str | None:
    """The address of a link if it is a good one; `rel` is ours."""
    return value if tag == "a" and (name == "rel" or _ADDRESS.fullmatch(value.strip())) else None


def _trimmed(html: str) -> str:
    """Without the empty paragraphs that a writer leaves before and behind. Looks at each piece once."""
    start = _EMPTY.match(html)
    html = html[start.end() :] if start else html
    return html[: max((piece.end() for piece in _PIECE.finditer(html) if not piece["empty"]), default=0)]


class _Reader(HTMLParser):
    """Reads clean HTML into lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.quoted = 0
        self.lists: list[int | None] = []  # the number of the last item, None where they have none
        self.is_exact = False
        self.depth = self.deepest = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.depth += tag != "br"
        self.deepest = max(self.deepest, self.depth)
        if tag == "br":
            self._line()
        elif tag in {"p", "pre", "blockquote"}:
            self._paragraph()
        elif tag in {"ul", "ol"}:
            if not self.lists:
                self._paragraph()
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._line(unless_new=True)
            number = self.lists[-1] if self.lists else None
            if self.lists and number is not None:
                self.lists[-1] = number + 1
            indent = "  " * min(_INDENTS, len(self.lists) - 1) if self.lists else ""
            self.lines[-1] += f"{indent}{'-' if number is None else f'{number + 1}.'} "
        if tag == "blockquote":
            self.quoted += 1
            self._begin()
        self.is_exact = self.is_exact or tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        if tag == "pre":
            self.is_exact = False
        if tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)
            if self.lists:
                self._begin()
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if tag in {"p", "pre", "blockquote"} or (tag in {"ul", "ol"} and not self.lists):
            self._paragraph()

    def handle_data(self, data: str) -> None:
        if self.is_exact:
            first, *others = data.split("\n")
            self.lines[-1] += first
            for other in others:
                self._line()
                self.lines[-1] += other
        else:
            words = re.sub(r"[ \t\r\n\f]+", " ", data).replace("\u00a0", " ")
            begins = self.lines[-1].strip("> ") == ""
            self.lines[-1] += words.lstrip() if begins else words

    def text(self) -> str:
        """All of it."""
        joined = "\n".join(line.rstrip() for line in self.lines)
        joined = re.sub(r"(?:(?<=\n)|^)(?:> ?)+\n(?=(?:[^>]|$))", "\n", joined)
        return re.sub(r"\n{3,}", "\n\n", joined).strip()

    def _margin(self) -> str:
        return "> " * min(_INDENTS, self.quoted)

    def _line(self, unless_new: bool = False) -> None:
        if not (unless_new and self.lines[-1].strip("> ") == ""):
            self.lines.append(self._margin())

    def _begin(self) -> None:
        """The next words stand on a line of their own, with the margin that holds now."""
        if self.lines[-1].strip("> ") == "":
            self.lines[-1] = self._margin()
        else:
            self.lines.append(self._margin())

    def _paragraph(self) -> None:
        """The next words stand apart; within an item they follow its mark."""
        if self.lists:
            return
        if self.lines[-1].strip("> ") != "":
            self.lines += [self._margin().rstrip(), self._margin()]
        else:
            self.lines[-1] = self._margin()
