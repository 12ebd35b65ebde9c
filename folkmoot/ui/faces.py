"""A person's face: their photo, or their initials on a hue that stays theirs."""

import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

HUES = 12
TITLES = {"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lord", "lady", "rev"}
SIZES = {"": ("", 36), "small": (" face-small", 28), "large": (" face-large", 96)}


@lru_cache(maxsize=16384)
def initials(name: str) -> str:
    """The first letters of the first and the last word, without titles: “Dr Hana Yıldız” gives “HY”."""
    latin = name.partition(" (")[0]  # a second spelling in another script often follows in brackets
    words = [word.strip("()[]\"'“”‘’.,") for word in (latin or name).split()]
    words = [word for word in words if word and word[0].isalpha()]
    named = [word for word in words if word.casefold() not in TITLES] or words
    if not named:
        return "?"
    ends = named[0][0] + (named[-1][0] if len(named) > 1 else "")
    # One letter each, also where the capital of a letter is two (ß).
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in ends)


@lru_cache(maxsize=16384)
def hue(name: str) -> int:
    """0 to 11, the same for the same name, whatever the process."""
    return zlib.crc32(name.encode()) % HUES


def name_of(person: Any) -> str:
    """The name of anything that has one: an object, a mapping, or the name itself."""
    if isinstance(person, str):
        return person
    named = person.get("name") if isinstance(person, Mapping) else getattr(person, "name", "")
    return str(named or "")


def photo_of(person: Any) -> str:
    """Where the photo is, or empty."""
    if isinstance(person, str):
        return ""
    url = person.get("photo_url") if isinstance(person, Mapping) else getattr(person, "photo_url", "")
    return str(url or "")


@lru_cache(maxsize=16384)
def drawn(name: str, photo: str, size: str) -> SafeString:
    """The face as HTML. Decoration: the name stands beside it."""
    extra, pixels = SIZES.get(size, SIZES[""])
    if photo:
        return SafeString(
            f'<img class="face{extra}" src="{escape(photo)}" alt="" '
            f'width="{pixels}" height="{pixels}" loading="lazy">'
        )
    letters = escape(initials(name))
    return SafeString(f'<span class="face{extra} hue-{hue(name)}" aria-hidden="true">{letters}</span>')


def face(person: Any, size: str = "") -> SafeString:
    """The face of a person; `size` is "", "small" or "large".

    Their photo is shown large only: fifty of them in a list would be fifty requests.
    """
    return drawn(name_of(person), photo_of(person) if size == "large" else "", size)


def faces(people: Iterable[Any], more: int = 0, size: str = "") -> SafeString:
    """Faces in a row, each with its name for those who do not see it, and how many `more` there are."""
    shown = "".join(
        f'<li title="{escape(name_of(person))}">{face(person, size)}'
        f'<span class="visually-hidden">{escape(name_of(person))}</span></li>'
        for person in people
    )
    if more > 0:
        extra = SIZES.get(size, SIZES[""])[0]
        words = escape(_("and %(number)s more") % {"number": f"{more:,}"})
        shown += (
            f'<li><span class="face{extra} face-more" aria-hidden="true">+{more:,}</span>'
            f'<span class="visually-hidden">{words}</span></li>'
        )
    return SafeString(f'<ul class="faces">{shown}</ul>')
