"""What posts say, as HTML."""

import re
from functools import lru_cache

from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString

from folkmoot.people.models import Person
from folkmoot.ui.faces import face

_QUOTED = re.compile(r"(?:^>.*(?:\n|$))+", re.MULTILINE)
_MARGIN = re.compile(r"^> ?", re.MULTILINE)


@lru_cache(maxsize=4096)
def said(text: str, html: str = "") -> SafeString:
    """What a post says: its HTML, which was made safe when it was written; else its text, with links and quotations."""
    return SafeString(html or _plain(text))


def _plain(text: str) -> str:
    """Text with paragraphs, links, and what stands behind “>” as a quotation; everything else in it is only text."""
    parts, at = [], 0
    for quoted in _QUOTED.finditer(text):
        inner = _plain(_MARGIN.sub("", quoted.group()))
        parts += [_paragraphs(text[at : quoted.start()]), f"<blockquote>{inner}</blockquote>"]
        at = quoted.end()
    return "".join([*parts, _paragraphs(text[at:])])


def _paragraphs(text: str) -> str:
    return linebreaks(urlize(text.strip(), nofollow=True, autoescape=True)) if text.strip() else ""


def author(person: Person, number: int) -> SafeString:
    """Who wrote a post: their face, and their name as the post's label."""
    return format_html(
        '{}<strong id="by-{}"><a href="{}">{}</a></strong>',
        face(person),
        number,
        person.get_absolute_url(),
        person.name,
    )
