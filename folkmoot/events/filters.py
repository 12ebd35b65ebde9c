"""What a list of events is narrowed to."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest

from folkmoot.calendar.days import today
from folkmoot.communities.access import Viewer
from folkmoot.events.access import mine, visible_to
from folkmoot.events.models import EventQuerySet, Kind
from folkmoot.people.models import Person

KINDS = [(kind.value, kind.label) for kind in Kind]


@dataclass(frozen=True)
class Filters:
    """What a list of events is narrowed to."""

    past: bool = False
    kind: str = ""
    mine: bool = False
    community: int | None = None
    day: date | None = None

    @classmethod
    def of(cls, request: HttpRequest, community: int | None = None) -> "Filters":
        """Those of the query; what makes no sense is left out."""
        kind = request.GET.get("kind", "")
        return cls(
            past=request.GET.get("when") == "past",
            kind=kind if kind in Kind.values else "",
            mine=request.user.is_authenticated and bool(request.GET.get("mine")),
            community=community,
            day=asked_day(request.GET.get("day", "")),
        )

    @property
    def query(self) -> str:
        """For links to other pages of the same list."""
        chosen = {
            "when": "past" if self.past else "",
            "kind": self.kind,
            "mine": "1" if self.mine else "",
            "day": self.day or "",
        }
        return urlencode({key: value for key, value in chosen.items() if value})

    def apply(self, viewer: Viewer) -> EventQuerySet:
        """The events that `viewer` may see and asked for, whenever they are."""
        events = visible_to(viewer, today())
        if self.kind:
            events = events.filter(kind=self.kind)
        if self.community is not None:
            events = events.hosted_by(self.community)
        if self.mine and isinstance(viewer, Person):
            events = mine(viewer.pk, today(), events)
        return events


def asked_day(asked: str) -> date | None:
    """The day that is asked for; None where there is none, or it is no day that can be."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2200 else None
