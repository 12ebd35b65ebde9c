"""People as others name them: by id, e-mail address, or a name of their own; and who may be meant while one types."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext

from folkmoot.core.text import sort_key, words
from folkmoot.people.models import Person, PersonQuerySet

MOST = 500
PROPOSED, FEW = 6, 20
_SHORTEST = 2
_IN_BRACKETS = re.compile(r"\(([^()]+)\)$")


def find_people(names: Iterable[str]) -> dict[str, Person]:
    """{name as given: the person}, of those that are known and mean one person. One statement for each MOST of them."""
    given = [name for name in dict.fromkeys(" ".join(name.split()) for name in names) if name]
    known: dict[str, Person] = {}
    for first in range(0, len(given), MOST):
        known |= _find(given[first : first + MOST])
    return known


def _find(given: list[str]) -> dict[str, Person]:
    keys = {name: sort_key(name) for name in given}
    marks = {name: _mark(name) for name in given}
    people = Person.objects.get_queryset()
    found = list(
        people.filter(ref__in=marks.values())
        | people.filter(email__in=[mark.lower() for mark in marks.values()])
        | people.filter(sort_name__in=[key for key in keys.values() if key])
    )
    by_ref = {person.ref: person for person in found}
    by_email = {person.email: person for person in found if person.email}
    by_name: dict[str, list[Person]] = {}
    for person in found:
        by_name.setdefault(person.sort_name, []).append(person)
    known = {}
    for name in given:
        named = by_name.get(keys[name], [])
        mark = marks[name]
        meant = by_ref.get(mark) or by_email.get(mark.lower()) or (named[0] if len(named) == 1 else None)
        if meant:
            known[name] = meant
    return known


def with_mark(person: Person) -> str:
    """“Ada Byron (w123)”: their name, and by what they are found again whoever else has it."""
    return f"{person.name} ({person.ref})"


def _mark(name: str) -> str:
    """By what somebody is named: what stands in brackets at the end, else all of it."""
    found = _IN_BRACKETS.search(name)
    return found[1].strip() if found else name


def named_people(text: str) -> tuple[list[Person], list[tuple[str, str]]]:
    """(the people named in `text`, one a line; (what is not known, a name that may be meant or empty)).

    Who may be meant is looked for where few are not known: a statement each.
    """
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    known = find_people(lines)
    unknown = [line for line in dict.fromkeys(lines) if line not in known]
    near = [_near(line) for line in unknown] if len(unknown) <= FEW else [""] * len(unknown)
    return [known[line] for line in lines if line in known], list(zip(unknown, near, strict=True))


def say_unknown(line: str, near: str) -> str:
    """That nobody is called so; and who may be meant, if anybody."""
    if near:
        return gettext("“%(line)s” is nobody of the directory. Do you mean %(near)s?") % {
            "line": line,
            "near": near,
        }
    return gettext("“%(line)s” is nobody of the directory, or more than one: give the e-mail address.") % {
        "line": line
    }


def _near(name: str) -> str:
    """Somebody whose name begins so, where that is one person."""
    found = list(Person.objects.matching(name)[:2])
    return f"{found[0].name} ({found[0].email or found[0].ref})" if len(found) == 1 else ""


def proposed(among: PersonQuerySet, beginning: str) -> list[Person]:
    """Some of these people in whose names every word of `beginning` begins a word; by name.

    Whom one calls by their first name stands first. One statement, or two.
    """
    asked = words(beginning)
    if not asked or len("".join(asked)) < _SHORTEST:
        return []
    named = among.matching(beginning).order_by("sort_name", "id")
    for word in asked:
        named = named.filter(sort_name__regex=rf"(^| ){re.escape(word)}")
    first = list(named.filter(sort_name__startswith=asked[0])[:PROPOSED])
    others = named.exclude(sort_name__startswith=asked[0])[: PROPOSED - len(first)]
    return first + (list(others) if len(first) < PROPOSED else [])
