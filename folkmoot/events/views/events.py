"""The programme's events: coming and past, a month, one event."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from folkmoot.calendar.days import start_of, today
from folkmoot.communities.access import Viewer, directory_door
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.paging import KeyPage, page_by_key
from folkmoot.core.statements import statement
from folkmoot.events.access import EventStanding, event_for, mine, visible_to
from folkmoot.events.models import (
    Answer,
    Attendance,
    Event,
    EventQuerySet,
    Kind,
    Said,
    Slides,
    Speaker,
    Status,
)
from folkmoot.events.recurrence import said as said_rule
from folkmoot.people.models import Person

PAGE = 50
SHOWN_A_DAY = 3
LONGEST = timedelta(days=31)  # how long before a month an event may have begun that goes on in it
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
            day=_day(request.GET.get("day", "")),
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
            events = mine(viewer, today(), events)
        return events


def list_of(request: HttpRequest, filters: Filters) -> dict[str, Any]:
    """One page of events as the template `_list.html` takes it, with what the reader answered. Three statements."""
    at = clock.now()
    events = filters.apply(request.user)
    if filters.day:
        events = events.between(filters.day, filters.day)
    else:
        events = events.past(at) if filters.past else events.coming(at)
    page: KeyPage[Event] = page_by_key(
        events.select_related("community").defer("summary", "note"),
        ["-starts_at", "-id"] if filters.past and not filters.day else ["starts_at", "id"],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=PAGE,
    )
    reader = request.user.pk if request.user.is_authenticated and not filters.past else None
    mine = dict(_answered([event.pk for event in page.items], reader)) if reader and page.items else {}
    return {
        "page": page,
        "events": [(event, mine.get(event.pk, "")) for event in page.items],
        "filters": filters,
        "kinds": KINDS,
        "may_answer": reader is not None,
    }


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
        **_afterwards(found, standing),
        "series": list(_series(found)) if found.series_id else [],
        "again": said_rule(found.series.rule) if found.series else "",
        "begins": standing.may_join(clock.now()),
        **_answers(found, standing),
    }
    return render(request, "events/event.html", context)


def _afterwards(event: Event, standing: EventStanding) -> dict[str, Any]:
    """Who was there, and what is left of it. No statement for what is still to come; three at most."""
    over = event.is_over(clock.now())
    attended = list(_attended(event.pk)) if standing.can_see_attendance else []
    slides = list(_slides(event.pk)) if over and standing.is_staff else []
    there = over and standing.is_staff and bool(list(_was_there(event.pk, standing.viewer.pk or 0)))
    return {
        "is_over": over,
        "attended": attended,
        "walked_in": sum(not person.was_going for person in attended),
        "slides": slides,
        "material": standing.is_staff and bool(slides or event.recording_url),
        "was_there": there,
    }


def _answers(event: Event, standing: EventStanding) -> dict[str, Any]:
    """How many come and wait, the faces of some for staff, and the reader's own answer. Three statements at most."""
    counts = dict(_counted(event.pk))
    going = counts.get(Said.GOING, 0)
    reader = standing.viewer.pk if standing.is_staff else None
    coming = [answer.person for answer in _some_who_come(event.pk)] if standing.is_staff and going else []
    return {
        "going": going,
        "waiting": counts.get(Said.WAITING, 0),
        "is_full": event.capacity is not None and going >= event.capacity,
        "coming": coming,
        "more": going - len(coming),
        "mine": next(iter(_answer_of(event.pk, reader)), None) if reader else None,
    }


def _answered(events: list[int], person: int) -> QuerySet[Answer, Any]:
    return Answer.objects.filter(event__in=events, person=person).values_list("event", "said")


@statement
def _counted(event: int) -> QuerySet[Answer, Any]:
    return Answer.objects.filter(event=event).values_list("said").annotate(number=Count("pk")).order_by()


@statement
def _some_who_come(event: int) -> QuerySet[Answer]:
    people = ("said", "person__name", "person__photo_key", "person__ref")
    return (
        Answer.objects.filter(event=event)
        .going()
        .select_related("person")
        .only(*people)
        .order_by("at", "id")[:8]
    )


@statement
def _answer_of(event: int, person: int) -> QuerySet[Answer]:
    return Answer.objects.filter(event=event, person=person)


def _series(event: Event) -> EventQuerySet:
    """The events of its series from the one before it on."""
    mine = (
        Event.objects.filter(series=event.series_id).exclude(status=Status.DRAFT).order_by("starts_at", "pk")
    )
    before = event.starts_at - timedelta(days=1)
    return mine.filter(starts_at__gte=before).only("title", "starts_at", "status", "occurrence", "timezone")[
        :12
    ]


@statement
def _hosts(event: int) -> QuerySet[Community]:
    return Community.objects.filter(hostings__event=event).only("slug", "name").order_by("sort_name", "id")


@statement
def _speakers(event: int) -> QuerySet[Speaker]:
    return Speaker.objects.filter(event=event).select_related("person__unit").order_by("place")


@statement
def _slides(event: int) -> QuerySet[Slides]:
    return Slides.objects.filter(event=event).select_related("file")


@statement
def _was_there(event: int, person: int) -> QuerySet[Attendance]:
    return Attendance.objects.filter(event=event, person=person)


@statement
def _attended(event: int) -> QuerySet[Person]:
    attended = Person.objects.get_queryset().filter(attendances__event=event)
    came = Answer.objects.filter(event=event, person=OuterRef("pk"), said=Said.GOING)
    attended = attended.annotate(was_going=Exists(came))
    return attended.select_related("unit").order_by("sort_name", "id")[:500]


def _month(request: HttpRequest, filters: Filters) -> HttpResponse:
    """One month as a grid of whole weeks; of a day the first few, and whether there are more. One statement."""
    first = _asked_month(request)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    begin = first - timedelta(days=first.weekday())
    days = [begin + timedelta(days=n) for n in range((last - begin).days + 7 - last.weekday())]
    by_day: dict[date, list[Event]] = {}
    for each in _first_of_each(days, filters.apply(request.user)):
        by_day.setdefault(max(each.day, begin), []).append(each)
    weeks = [
        [
            (
                day,
                day.month == first.month,
                by_day.get(day, [])[:SHOWN_A_DAY],
                len(by_day.get(day, [])) > SHOWN_A_DAY,
            )
            for day in days[at : at + 7]
        ]
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


def _first_of_each(days: list[date], events: EventQuerySet) -> list[Event]:
    """Of each day the first few events that begin on it and one more; on the first day also those that go on."""
    begins = [start_of(day) for day in days]
    # Not a condition on a column alone: its index would find every event that is not over by then.
    of_a_day = events.alias(over=Greatest("starts_at", "ends_at")).filter(
        starts_at__gte=RawSQL("day.begins", []), starts_at__lt=RawSQL("day.ends", []), over__gte=begins[0]
    )
    columns = (
        of_a_day.only("title", "kind", "status", "starts_at")
        .annotate(host=F("community__name"))
        .order_by("starts_at", "id")[: SHOWN_A_DAY + 1]
    )
    sql, values = columns.query.sql_with_params()
    ends = [*begins[1:], start_of(days[-1] + timedelta(days=1))]
    begins[0] -= LONGEST
    every_day = f"""
        SELECT shown.* FROM unnest(%s::timestamptz[], %s::timestamptz[]) day (begins, ends)
        CROSS JOIN LATERAL ({sql}) shown ORDER BY shown.starts_at, shown.id
    """  # noqa: S608 - our own statement inside our own statement
    return list(Event.objects.raw(every_day, [begins, ends, *values]))


def _asked_month(request: HttpRequest) -> date:
    """The first day of `?month=2026-11`, of this month where there is none or it is no month."""
    return (_day(request.GET.get("month", "") + "-01") or today()).replace(day=1)


def _day(asked: str) -> date | None:
    """The day that is asked for; None where there is none, or it is no day that can be."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2200 else None
