"""People of an event: whose meeting it is; and as others name them: by id, e-mail address, or a name of their own."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext

from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership, Role
from folkmoot.core.text import sort_key
from folkmoot.events.models import Event, Kind
from folkmoot.people.models import Person

MOST = 500
_IN_BRACKETS = re.compile(r"\(([^()]+)\)$")
# Whose meeting it is.
CIRCLES = {
    Kind.SPONSOR_MEETING.value: (Role.LEAD, Role.SPONSOR),
    Kind.CORE_MEETING.value: (Role.LEAD, Role.SPONSOR, Role.CORE),
}


def circle_of(event: Event) -> set[int]:
    """The ids of those who are in the inner circle of the communities that hold it; of a meeting, whose it is."""
    roles = CIRCLES.get(event.kind, CIRCLES[Kind.CORE_MEETING.value])
    held = Membership.objects.current(today()).filter(community__hostings__event=event, role__in=roles)
    return set(held.values_list("person", flat=True))


def members_of(event: Event) -> set[int]:
    """The ids of all members of the communities that hold it."""
    held = Membership.objects.current(today()).filter(community__hostings__event=event)
    return set(held.values_list("person", flat=True))


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
    """(the people named in `text`, one a line; (what is not known, a name that may be meant or empty))."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    known = find_people(lines)
    return [known[line] for line in lines if line in known], [
        (line, _near(line)) for line in dict.fromkeys(lines) if line not in known
    ]


def speakers_named(text: str) -> list[Person | str]:
    """The people named in `text`, one a line; who is not known is a guest by that name."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    known = find_people(lines)
    return [known.get(line, line) for line in lines]


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
