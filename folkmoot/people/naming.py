"""People as others name them: by id, e-mail address, or a name of their own; and who may be meant while one types."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext

from folkmoot.core.text import sort_key, words
from folkmoot.people.models import Person, PersonQuerySet

MOST = 500
PROPOSED, FEW = 6, 20
_SHORTEST = 2
_LONGEST_REF = 100


def find_people(names: Iterable[str]) -> dict[str, Person]:
    """{name, its spaces made one: the person}, of those that are known and mean one person.

    All of a name is tried as an id and as an address, then what stands in brackets at its end, then it is a name. One
    statement for each MOST of them.
    """
    given = [name for name in dict.fromkeys(map(_one_line, names)) if name]
    known: dict[str, Person] = {}
    for first in range(0, len(given), MOST):
        known |= _find(given[first : first + MOST])
    return known


def people_of(emails: Iterable[str], names: Iterable[str]) -> tuple[dict[str, Person], dict[str, Person]]:
    """({address: whose it is}, {name: the one person who is called so}), for what others than ours have typed.

    A name is a name whatever it looks like: never an id, an address or what stands in its brackets. One statement for
    each MOST of them.
    """
    addresses, called = list(dict.fromkeys(emails)), list(dict.fromkeys(names))
    by_email: dict[str, Person] = {}
    by_name: dict[str, Person] = {}
    for first in range(0, max(len(addresses), len(called)), MOST):
        keys = {name: _keys(name) for name in called[first : first + MOST]}
        asked = {email.lower() for email in addresses[first : first + MOST]}
        people = Person.objects.get_queryset()
        found = list(
            people.filter(email__in=asked)
            | people.filter(sort_name__in={key for each in keys.values() for key in each})
        )
        by_email |= {person.email: person for person in found if person.email}
        alone = _alone(found)
        meant = {name: {alone[key] for key in each if key in alone} for name, each in keys.items()}
        by_name |= {name: one for name, those in meant.items() if len(those) == 1 for one in those}
    return {email: by_email[email.lower()] for email in addresses if email.lower() in by_email}, by_name


def _keys(name: str) -> list[str]:
    """By what somebody is sorted who is called so; “Byron, Ada” may be Ada Byron."""
    family, comma, given = name.partition(",")
    return [sort_key(name), sort_key(f"{given} {family}")] if comma else [sort_key(name)]


def _find(given: list[str]) -> dict[str, Person]:
    keys = {name: sort_key(name) for name in given}
    marks = {mark for name in given for _before, mark in _marks(name)} | set(given)
    people = Person.objects.get_queryset()
    found = list(
        people.filter(ref__in=[mark for mark in marks if len(mark) <= _LONGEST_REF])
        | people.filter(email__in=[mark.lower() for mark in marks if "@" in mark])
        | people.filter(sort_name__in=keys.values())
    )
    by_ref = {person.ref: person for person in found}
    by_email = {person.email: person for person in found if person.email}
    alone = _alone(found)
    known = {}
    for name in given:
        whole = by_ref.get(name) or by_email.get(name.lower())
        if meant := whole or _marked(name, by_ref, by_email) or alone.get(keys[name]):
            known[name] = meant
    return known


def _alone(found: Iterable[Person]) -> dict[str, Person]:
    """{key of a name: the person}, where one only is called so."""
    by_name: dict[str, list[Person]] = {}
    for person in found:
        by_name.setdefault(person.sort_name, []).append(person)
    return {key: people[0] for key, people in by_name.items() if len(people) == 1}


def with_mark(person: Person) -> str:
    """“Ada Byron (w123)”: their name, and by what they are found again whoever else has it."""
    return _one_line(f"{person.name} ({person.ref})")


def _marked(name: str, by_ref: dict[str, Person], by_email: dict[str, Person]) -> Person | None:
    """Whom the brackets at the end name; who is called as stands before them is meant before others."""
    found = [
        (person, _one_line(person.name) == before)
        for before, mark in _marks(name)
        if (person := by_ref.get(mark) or by_email.get(mark.lower()))
    ]
    called = [person for person, is_called in found if is_called]
    if len(called) > 1:
        return None
    return called[0] if called else found[0][0] if found else None


def _marks(name: str) -> Iterator[tuple[str, str]]:
    """(what stands before a bracket, what stands in it up to the one that ends the name), from the last bracket on.

    Ids are any text, brackets too: in “Ada (x(1))” it is “1)” or “x(1)”.
    """
    at = name.rfind("(") if name.endswith(")") else -1
    last = at
    while at >= 0 and (at == last or len(name) - at - 2 <= _LONGEST_REF):
        yield name[:at].rstrip(), name[at + 1 : -1].strip()
        at = name.rfind("(", 0, at)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def named_people(text: str) -> tuple[list[Person], list[tuple[str, str]]]:
    """(the people named in `text`, one a line; (what is not known, a name that may be meant or empty)).

    Who may be meant is looked for where few are not known: a statement each.
    """
    lines = [_one_line(line) for line in text.splitlines() if line.strip()]
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
