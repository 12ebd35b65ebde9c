"""The programme's events: coming and past, a month, one event."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from folkmoot.calendar.days import today, zone
from folkmoot.communities.access import Viewer, directory_door
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.paging import KeyPage, page_by_key
from folkmoot.core.statements import statement
from folkmoot.events.access import event_for, mine, visible_to
from folkmoot.events.models import Event, EventQuerySet, Kind, Speaker
from folkmoot.people.models import Person

PAGE = 50
SHOWN_A_DAY = 3
KINDS = [(kind.value, kind.label) for kind in Kind]


@dataclass(frozen=True)
class Filters:
    """What a list of events is narrowed to."""

    past: bool = False
    kind: str = ""
    mine: bool = False
    community: int | None = None

    @classmethod
    def of(cls, request: HttpRequest, community: int | None = None) -> "Filters":
        """Those of the query; what makes no sense is left out."""
        kind = request.GET.get("kind", "")
        return cls(
            past=request.GET.get("when") == "past",
            kind=kind if kind in Kind.values else "",
            mine=request.user.is_authenticated and bool(request.GET.get("mine")),
            community=community,
        )

    @property
    def query(self) -> str:
        """For links to other pages of the same list."""
        chosen = {"when": "past" if self.past else "", "kind": self.kind, "mine": "1" if self.mine else ""}
        return urlencode({key: value for key, value in chosen.items() if value})

    def apply(self, viewer: Viewer) -> EventQuerySet:
        """The events that `viewer` may see and asked for, whenever they are."""
        events = visible_to(viewer, today())
        if self.kind:
            events = events.filter(kind=self.kind)
        if self.community is not None:
            events = events.hosted_by(self.community)
        if self.mine and isinstance(viewer, Person):
            events = mine(viewer, today(), events)
        return events


def list_of(request: HttpRequest, filters: Filters) -> dict[str, Any]:
    """One page of events as the template `_list.html` takes it. Two statements."""
    at = clock.now()
    events = filters.apply(request.user)
    events = events.past(at) if filters.past else events.coming(at)
    page: KeyPage[Event] = page_by_key(
        events.select_related("community").defer("summary", "note"),
        ["-starts_at", "-id"] if filters.past else ["starts_at", "id"],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=PAGE,
    )
    return {"page": page, "events": page.items, "filters": filters, "kinds": KINDS}


@directory_door
def events(request: HttpRequest) -> HttpResponse:
    """`/events/`: coming, or past; by kind, mine; as a list or a month."""
    if request.GET.get("view") == "month":
        return _month(request, Filters.of(request))
    return render(request, "events/events.html", list_of(request, Filters.of(request)))


def event(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """`/events/<id>-<slug>/`: the slug carries no meaning, and another one leads to the right one."""
    standing = event_for(request.user, pk)
    found = standing.event
    if slug != found.slug:
        return redirect(found)
    hosts = _hosts(pk)
    context = {
        "standing": standing,
        "event": found,
        "hosts": hosts,
        "speakers": _speakers(pk),
        "attended": _attended(pk) if standing.can_see_attendance else [],
        "is_over": found.is_over(clock.now()),
    }
    return render(request, "events/event.html", context)


@statement
def _hosts(event: int) -> QuerySet[Community]:
    return Community.objects.filter(hostings__event=event).only("slug", "name").order_by("sort_name", "id")


@statement
def _speakers(event: int) -> QuerySet[Speaker]:
    return Speaker.objects.filter(event=event).select_related("person__unit").order_by("place")


@statement
def _attended(event: int) -> QuerySet[Person]:
    attended = Person.objects.get_queryset().filter(attendances__event=event)
    return attended.select_related("unit").order_by("sort_name", "id")[:500]


def _month(request: HttpRequest, filters: Filters) -> HttpResponse:
    """One month as a grid of whole weeks; of a day the first few, and how many more. One statement for the events."""
    first = _asked_month(request)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    begin = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    own_day = TruncDate("starts_at", tzinfo=zone())
    numbered = (
        filters.apply(request.user)
        .between(begin, end)
        .annotate(
            number=Window(RowNumber(), partition_by=own_day, order_by=["starts_at", "id"]),
            on_day=Window(Count("pk"), partition_by=own_day),
        )
    )
    shown = numbered.filter(number__lte=SHOWN_A_DAY).order_by("starts_at", "id")
    by_day: dict[date, list[Event]] = {}
    for each in shown.defer("summary", "note"):
        by_day.setdefault(max(each.day, begin), []).append(each)
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    weeks = [
        [(day, day.month == first.month, *_shown(by_day.get(day, []))) for day in days[at : at + 7]]
        for at in range(0, len(days), 7)
    ]
    context = {
        "filters": filters,
        "kinds": KINDS,
        "month": first,
        "weeks": weeks,
        "today": today(),
        "previous": (first - timedelta(days=1)).replace(day=1),
        "next": last + timedelta(days=1),
        "nothing": not by_day,
    }
    return render(request, "events/month.html", context)


def _shown(events: list[Event]) -> tuple[list[Event], int]:
    """The events of a day that are shown, and how many more there are."""
    counted = events[-1].on_day if events else 0  # type: ignore[attr-defined]
    return events[:SHOWN_A_DAY], max(counted - SHOWN_A_DAY, 0)


def _asked_month(request: HttpRequest) -> date:
    """The first day of `?month=2026-11`, of this month where there is none or it is no month."""
    try:
        asked = date.fromisoformat(request.GET.get("month", "") + "-01")
    except ValueError:
        asked = today()
    return (asked if 1970 <= asked.year <= 2200 else today()).replace(day=1)
