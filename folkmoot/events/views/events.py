"""The programme's events: coming and past, a month, one event."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from folkmoot.calendar.days import today
from folkmoot.communities.access import Standing, directory_door, of_community, seen_by
from folkmoot.communities.models import Community
from folkmoot.communities.views.header import header
from folkmoot.core import clock
from folkmoot.core.paging import KeyPage, page_by_key
from folkmoot.core.statements import statement
from folkmoot.events.access import EventStanding, event_for, name_of_host, visible_to, with_answers
from folkmoot.events.actions.attendance import EARLY
from folkmoot.events.actions.series import closures_among
from folkmoot.events.filters import KINDS, Filters
from folkmoot.events.models import (
    Answer,
    Attendance,
    Event,
    FeedbackGiven,
    HostRequest,
    Said,
    Slides,
    Speaker,
    Status,
)
from folkmoot.events.recurrence import said as said_rule
from folkmoot.events.saying import why_cancelled
from folkmoot.events.views.month import agenda, month
from folkmoot.people.models import Person

PAGE = 50


def list_of(request: HttpRequest, filters: Filters) -> dict[str, Any]:
    """One page of events as the template `_list.html` takes it, with what the reader answered. Three statements."""
    at = clock.now()
    events = filters.apply(request.user)
    if filters.day:
        events = events.between(filters.day, filters.day)
    else:
        events = events.past(at) if filters.past else events.coming(at)
    page: KeyPage[Event] = page_by_key(
        events.annotate(host=name_of_host(today(), staff=request.user.is_authenticated)).defer(
            "summary", "note"
        ),
        ["-starts_at", "-id"] if filters.past and not filters.day else ["starts_at", "id"],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=PAGE,
    )
    reader = AnonymousUser() if filters.past else request.user
    return {
        "page": page,
        "events": with_answers(page.items, reader, at),
        "filters": filters,
        "kinds": KINDS,
    }


@directory_door
def events(request: HttpRequest) -> HttpResponse:
    """`/events/`: coming, or past; by kind, mine; as a list, a month or its agenda."""
    if request.GET.get("view") == "month":
        return month(request, Filters.of(request))
    if request.GET.get("view") == "agenda":
        return agenda(request, Filters.of(request))
    return render(request, "events/events.html", list_of(request, Filters.of(request)))


@of_community(sign_in=False)
def events_of_community(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/events/`"""
    filters = Filters.of(request, standing.community.pk)
    context = header(standing, "events") | list_of(request, filters)
    context["asked"] = _asked(standing) if standing.can_edit else []
    planned = Event.objects.drafts_of(standing.community.pk)
    context["drafts"] = planned.count() if standing.can_record_events else 0
    return render(request, "events/of_community.html", context)


def _asked(standing: Standing) -> list[HostRequest]:
    """The latest that its leads may still say yes to: to hold with others what is to come."""
    to_come = Event.objects.settled().filter(ends_at__gt=clock.now())
    asked = HostRequest.objects.open().filter(community=standing.community, event__in=to_come)
    return list(asked.select_related("event__community").order_by("-at", "-pk")[:5])


def event(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """`/events/<id>-<slug>/`: the slug carries no meaning, and another one leads to the right one."""
    standing = event_for(request.user, pk)
    found = standing.event
    if slug != found.slug:
        return redirect(found)
    hosts = _hosts(pk, standing.on, staff=standing.is_staff)
    context = {
        "standing": standing,
        "event": found,
        "hosts": hosts,
        "speakers": _speakers(pk),
        **_afterwards(found, standing),
        "at": clock.now(),
        "why": why_cancelled(found),
        **_series(found, standing),
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
    begins = standing.is_staff and not over and event.starts_at - EARLY <= clock.now()
    may_say = over and standing.is_staff and bool(_has_not_said(event.pk, standing.viewer.pk or 0))
    return {
        "is_over": over,
        "attended": attended,
        "walked_in": sum(not person.was_going for person in attended),
        "slides": slides,
        "material": standing.is_staff and bool(slides or event.recording_url),
        "may_say": may_say,
        "is_here": begins and bool(_there(event.pk, standing.viewer.pk or 0)),
    }


def _answers(event: Event, standing: EventStanding) -> dict[str, Any]:
    """How many come and wait, some faces, the reader's own answer. Three statements; for who waits one more."""
    on = event.counted_on(standing.on)
    counts = dict(_counted(event.pk, on))
    going = counts.get(Said.GOING, 0)
    reader = standing.viewer.pk if standing.is_staff else None
    coming = [answer.person for answer in _some_who_come(event.pk, on)] if standing.is_staff and going else []
    mine = next(iter(_answer_of(event.pk, reader)), None) if reader else None
    return {
        "going": going,
        "waiting": counts.get(Said.WAITING, 0),
        "is_full": event.capacity is not None and going >= event.capacity,
        "coming": coming,
        "more": going - len(coming),
        "mine": mine,
        "place_in_line": Answer.objects.place_in_line(mine) if mine and mine.said == Said.WAITING else 0,
    }


@statement
def _counted(event: int, on: date) -> QuerySet[Answer, Any]:
    return (
        Answer.objects.filter(event=event)
        .here(on)
        .values_list("said")
        .annotate(number=Count("pk"))
        .order_by()
    )


@statement
def _some_who_come(event: int, on: date) -> QuerySet[Answer]:
    people = ("said", "person__name", "person__photo_key", "person__ref")
    return (
        Answer.objects.filter(event=event)
        .going()
        .here(on)
        .select_related("person")
        .only(*people)
        .order_by("at", "id")[:8]
    )


@statement
def _answer_of(event: int, person: int) -> QuerySet[Answer]:
    return Answer.objects.filter(event=event, person=person)


def _series(event: Event, standing: EventStanding) -> dict[str, Any]:
    """The events of its series, with the closure that each is in, for those who plan; those over by now, and others."""
    if event.series_id is None:
        found = closures_among([event], event.community) if _is_planned(event, standing) else []
        return {"closure": found[0][1] if found else None}
    seen = visible_to(standing.viewer, standing.on)
    mine = seen.filter(series=event.series_id).exclude(status=Status.DRAFT)
    mine = mine.only("title", "starts_at", "ends_at", "status", "is_apart", "timezone", "community")
    dates = list(mine.order_by("starts_at", "pk"))
    closed = dict(closures_among(dates, event.community)) if standing.can_record else {}
    at = min(clock.now(), event.ends_at)
    flagged = [(each, closed.get(each)) for each in dates]
    return {
        "before": [(each, closure) for each, closure in flagged if each.ends_at < at],
        "series": [(each, closure) for each, closure in flagged if each.ends_at >= at],
    }


def _is_planned(event: Event, standing: EventStanding) -> bool:
    """Whether it is still to come, for those who plan it."""
    return standing.can_record and event.is_settled and not event.is_over(clock.now())


@statement
def _hosts(event: int, on: date, *, staff: bool) -> QuerySet[Community]:
    """Those that the reader may see."""
    hosts = Community.objects.filter(hostings__event=event).only("slug", "name").order_by("sort_name", "id")
    return hosts if staff else hosts.filter(pk__in=seen_by(on, staff=False).values("pk"))


@statement
def _speakers(event: int) -> QuerySet[Speaker]:
    return Speaker.objects.filter(event=event).select_related("person__unit").order_by("place")


@statement
def _slides(event: int) -> QuerySet[Slides]:
    return Slides.objects.filter(event=event).select_related("file")


@statement
def _there(event: int, person: int) -> QuerySet[Attendance]:
    return Attendance.objects.filter(event=event, person=person)


@statement
def _has_not_said(event: int, person: int) -> QuerySet[Attendance]:
    """Of who was there and has not given feedback yet."""
    given = FeedbackGiven.objects.filter(event=OuterRef("event"), person=OuterRef("person"))
    return Attendance.objects.filter(~Exists(given), event=event, person=person)


@statement
def _attended(event: int) -> QuerySet[Person]:
    attended = Person.objects.get_queryset().filter(attendances__event=event)
    came = Answer.objects.filter(event=event, person=OuterRef("pk"), said=Said.GOING)
    attended = attended.annotate(was_going=Exists(came))
    return attended.select_related("unit").order_by("sort_name", "id")[:500]
