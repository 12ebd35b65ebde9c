"""People of an event: whose meeting it is, who belongs to its hosts, and who speaks."""

from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership, Role
from folkmoot.events.models import Event, Kind
from folkmoot.people.models import Person
from folkmoot.people.naming import find_people

# Whose meeting it is.
CORE = (Role.LEAD, Role.SPONSOR, Role.CORE)
CIRCLES = {Kind.SPONSOR_MEETING.value: (Role.LEAD, Role.SPONSOR), Kind.CORE_MEETING.value: CORE}


def circle_of(event: Event, kind: str | None = None) -> set[int]:
    """The ids of those who are in the inner circle of the communities that hold it; of a meeting, whose it is.

    Or would be, were it of that `kind`.
    """
    roles = CIRCLES.get(kind or event.kind, CORE)
    held = Membership.objects.current(today()).filter(community__hostings__event=event, role__in=roles)
    return set(held.values_list("person", flat=True))


def members_of(event: Event) -> set[int]:
    """The ids of all members of the communities that hold it."""
    held = Membership.objects.current(today()).filter(community__hostings__event=event)
    return set(held.values_list("person", flat=True))


def speakers_named(text: str) -> list[Person | str]:
    """The people named in `text`, one a line; who is not known is a guest by that name."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    known = find_people(lines)
    return [known.get(line, line) for line in lines]
