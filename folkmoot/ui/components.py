"""Components that stand in lists of fifty, written as functions that return HTML and take plain values.

A template calls them as tags (`{% load ui %}`); a room's own tags import them from here. They escape what
they are given and cost a few microseconds each.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.ui.emblem import emblem
from folkmoot.ui.faces import face
from folkmoot.ui.icons import icon

# What a status looks like. The words come with the value; see `status_chip`.
TONES = {
    "met": "met",
    "due_soon": "soon",
    "soon": "soon",
    "missed": "missed",
    "not_yet": "quiet",
    "waived": "quiet",
    "quiet": "quiet",
    "": "quiet",
}


def chip(words: Any, tone: str = "") -> SafeString:
    """A word or two on a tint: tone "" (quiet), "met", "soon" or "missed"."""
    return SafeString(f'<span class="chip {TONES[tone]}">{esc(words)}</span>')


def status_chip(status: Any) -> SafeString:
    """The chip of a status, in the words it brings with it (`label`)."""
    return chip(getattr(status, "label", status), str(status))


def health_cell(status: Any, words: Any, url: str = "", column: Any = "", below: Any = "") -> SafeString:
    """A cell of the health table: tinted by status, which is also said in words, and linked to the evidence.

    `column` is the heading of its column, shown beside the cell where the table is read as cards on a phone;
    `below` stands under it, a strip for instance.
    """
    opening, inside = _cell(str(status), str(getattr(status, "label", "")), str(words), str(column))
    if not url:
        return SafeString(f"{opening}<span{inside}</span>{esc(below)}</td>")
    return SafeString(f'{opening}<a href="{esc(url)}"{inside}</a>{esc(below)}</td>')


@lru_cache(maxsize=4096)
def _cell(status: str, label: str, words: str, column: str) -> tuple[str, str]:
    """What comes before the element in a cell, and what follows its name: the same on board after board."""
    said = f'<span class="visually-hidden">{esc(label)}: </span>' if label and label != words else ""
    return f'<td role="cell" data-column="{esc(column)}">', f' class="{TONES[status]}">{said}{esc(words)}'


def community_card(
    *,
    slug: str,
    url: str,
    name: str,
    summary: str = "",
    area: str = "",
    members: int | None = None,
    role: str = "",
    stage: str = "",
    heading: str = "h2",
) -> SafeString:
    """A card of the directory, as an `<li>` of `<ul class="cards">`.

    `role` is the viewer's own, `stage` is said where it is not the usual one; `heading` is the level that
    follows the page's own headings.
    """
    chips = [chip(role, "met")] if role else []
    if stage:
        chips.append(chip(stage, "soon"))
    if area:
        chips.append(chip(area))
    if members is not None:
        words = ngettext("%(number)s member", "%(number)s members", members) % {"number": f"{members:,}"}
        chips.append(SafeString(f"<small>{esc(words)}</small>"))
    about = f'<p class="clamp soft">{esc(summary)}</p>' if summary else ""
    return SafeString(
        f'<li class="card">{emblem(slug)}<div class="grow">'
        f'<{heading}><a href="{esc(url)}">{esc(name)}</a></{heading}>{about}'
        f'<p class="row chips">{"".join(chips)}</p></div></li>'
    )


def person_row(
    person: Any, *, url: str = "", title: str = "", unit: str = "", chips: Iterable[Any] = (), aside: Any = ""
) -> SafeString:
    """A person in a list, as an `<li>` of `<ul class="list people">`: face, name, job title and unit, chips.

    `chips` are words, or (words, tone) pairs; `aside` is what stands at the end of the row, a button perhaps.
    """
    name = esc(person if isinstance(person, str) else person.name)
    named = f'<a href="{esc(url)}">{name}</a>' if url else name
    about = " · ".join(str(esc(part)) for part in (title, unit) if part)
    small = f'<small class="block">{about}</small>' if about else ""
    tags = "".join(chip(*one) if isinstance(one, tuple) else chip(one) for one in chips)
    tags = f'<span class="row chips">{tags}</span>' if tags else ""
    return SafeString(
        f'<li>{face(person)}<div class="grow"><strong>{named}</strong>{small}{tags}</div>{esc(aside)}</li>'
    )


def share_bar(share: float) -> SafeString:
    """Two parts of a whole, the first `share` per cent of it. The numbers stand in words beside it."""
    first = max(0.0, min(100.0, float(share)))
    gap = 0.8 if 0 < first < 100 else 0
    left, right = first - gap / 2, first + gap / 2
    return SafeString(
        '<svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" width="100%" height="10" '
        f'aria-hidden="true" focusable="false"><rect class="share-first" width="{max(left, 0):g}" '
        f'height="6"/><rect class="share-second" x="{right:g}" width="{max(100 - right, 0):g}" '
        'height="6"/></svg>'
    )


# How a stretch of a strip looks: its tone, and how high it stands, so that colour is not alone.
_STRETCHES = {
    "m": ("missed", 0, 8),
    "d": ("soon", 2, 6),
    "k": ("met", 5, 3),
    "w": ("quiet", 6, 1),
    "n": ("quiet", 6, 1),
}


def strip(stretches: Iterable[tuple[str, float, float]], words: Any) -> SafeString:
    """How something stood over a time, from left to right; `words` say the same.

    `stretches` are (letter, begin, width) in per cent: m(issed), d(ue soon), k(ept), w(aived), n(ot yet).
    """
    rects = "".join(
        f'<rect class="{tone}" x="{begin:g}" y="{top}" width="{width:g}" height="{height}"/>'
        for letter, begin, width in stretches
        for tone, top, height in (_STRETCHES[letter],)
    )
    return SafeString(
        f'<svg class="strip" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{esc(words)}">'
        f"<title>{esc(words)}</title>{rects}</svg>"
    )


def progress(value: float, most: float, words: str) -> SafeString:
    """A bar of what is done, with the same in words."""
    return SafeString(
        f'<label class="progress"><span>{esc(words)}</span>'
        f'<progress value="{value:g}" max="{most:g}"></progress></label>'
    )


def options(choices: Iterable[tuple[Any, Any]], chosen: Any = None) -> SafeString:
    """The options of a choice or of a list of suggestions, of (value, words); the one of value `chosen` is selected."""
    return SafeString(
        "".join(
            f'<option value="{esc(value)}"{" selected" if value == chosen else ""}>{esc(words)}</option>'
            for value, words in choices
        )
    )


def empty_state(title: Any, sentence: Any = "", url: str = "", action: Any = "") -> SafeString:
    """What stands where a list has nothing: what is so, and what to do first."""
    said = f'<p class="soft">{esc(sentence)}</p>' if sentence else ""
    button = f'<p><a class="button quiet" href="{esc(url)}">{esc(action)}</a></p>' if url and action else ""
    return SafeString(
        f'<div class="empty">{icon("leaf")}<p class="empty-title">{esc(title)}</p>{said}{button}</div>'
    )


def copy_button(target: str) -> SafeString:
    """Copies what the element `target` holds, or selects it. Without script it is not there: text can be selected."""
    return SafeString(
        f'<button type="button" class="button quiet small" data-behaviour="copy" data-copy="{esc(target)}" '
        f'data-copied="{esc(_("Copied"))}" data-selected="{esc(_("Selected: press Ctrl+C"))}" hidden>{icon("copy")}'
        f'<span aria-live="polite">{esc(_("Copy"))}</span></button>'
    )


def pages(page: Any, query: str = "") -> SafeString:
    """Links to the pages before and after; `page` has the keys `previous` and `next`, `query` is kept."""
    if not page.previous and not page.next:
        return SafeString("")
    kept = f"{query}&" if query else ""
    back, on = _("Previous"), _("Next")
    links = ""
    if page.previous:
        url = esc(f"?{kept}before={quote(page.previous)}")
        links += f'<a class="button quiet" rel="prev" href="{url}">{icon("arrow-left")}{esc(back)}</a>'
    if page.next:
        url = esc(f"?{kept}after={quote(page.next)}")
        links += f'<a class="button quiet" rel="next" href="{url}">{esc(on)}{icon("arrow-right")}</a>'
    return SafeString(f'<nav class="pages" aria-label="{esc(_("Pages"))}">{links}</nav>')
