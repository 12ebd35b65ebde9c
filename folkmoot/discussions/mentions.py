"""Who is named in what somebody writes: “@Ada Okafor”, chosen from a list or typed in full."""

import re
from html import unescape
from urllib.parse import unquote

from django.db.models import Q
from django.urls import reverse

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership
from folkmoot.people.models import Person, PersonQuerySet

_LINKED = re.compile(r'<a href="([^"]*)"[^>]*>@')
_TYPED = re.compile(r"(?<![\w@.])@(?=\w)")
_MOST_WORDS = 5
_WORD = re.compile(r"[\w.'’-]+")


def mentionable(community: Community) -> PersonQuerySet:
    """Who can be named in a community: those who belong to it."""
    members = Membership.objects.current(today()).filter(community=community)
    return Person.objects.here(today()).filter(pk__in=members.values("person"))


def mentioned(community: Community, text: str, html: str) -> list[int]:
    """The ids of those who are named. No statement where there is no “@”, else one."""
    refs, names = _refs(html), _names(text)
    if not refs and not names:
        return []
    named = Q(ref__in=refs) | Q(name__in=names)
    return sorted(mentionable(community).filter(named).values_list("pk", flat=True))


def _refs(html: str) -> list[str]:
    """The organisation's ids of those whose profile is linked behind an “@”."""
    people = reverse("people")
    paths = [unescape(found) for found in _LINKED.findall(html)]
    return [unquote(path.removeprefix(people).rstrip("/")) for path in paths if path.startswith(people)]


def _names(text: str) -> set[str]:
    """What may be a name behind an “@”: its next word, two words, and so on."""
    found = set()
    for at in _TYPED.finditer(text):
        line = text[at.end() : at.end() + 200].partition("\n")[0]
        words = [word.group() for word in _WORD.finditer(line)][:_MOST_WORDS]
        for number in range(1, len(words) + 1):
            name = " ".join(words[:number])
            found |= {name, name.rstrip(".,’'-"), re.sub(r"['’]s$", "", name)}
    return found
