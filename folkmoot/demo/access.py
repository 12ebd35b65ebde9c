"""Who may look around as whom: anybody, as the cast, and only where the database is the demo."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from folkmoot.demo.invention import CastMember, cast
from folkmoot.demo.models import DemoProgramme
from folkmoot.people.models import Person

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


@dataclass(frozen=True)
class Face:
    """A member of the cast and the person of the directory who they are."""

    member: CastMember
    person: Person

    @property
    def first_name(self) -> str:
        """For the button; the cast write their given name first."""
        return self.member.name.split()[0]


def in_demo_only(view: View[P]) -> View[P]:
    """The page does not exist in any other programme; the database itself is asked, as this opens every door."""

    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not DemoProgramme.objects.exists():
            raise Http404
        return view(request, *args, **kwargs)

    return door


def faces() -> list[Face]:
    """The cast as the directory has them now, without any who have left. One statement."""
    members = {member.ref: member for member in cast()}
    people = Person.objects.filter(ref__in=members).select_related("unit")
    found = {person.ref: person for person in people if person.is_active}
    return [Face(member, found[ref]) for ref, member in members.items() if ref in found]


def face_of(key: str) -> Face:
    """The member of the cast that is called `key`; 404 for anybody else."""
    for face in faces():
        if face.member.key == key:
            return face
    raise Http404
