"""A month of events: as a grid, and as an agenda with what the reader answered."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import F
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest
from django.db.models.lookups import Exact
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.calendar.days import start_of, today
from folkmoot.communities.access import Viewer, is_shut_to
from folkmoot.core import clock
from folkmoot.core.statements import statement
from folkmoot.events.access import mine, name_of_host, seen_by_person, seen_by_visitors, with_answers
from folkmoot.events.filters import KINDS, Filters, asked_day
from folkmoot.events.models import Event, EventQuerySet, Status

SHOWN_A_DAY = 3
LONGEST = timedelta(days=31)  # how long before a month an event may have begun that goes on in it
OF_AGENDA = 5  # events of a day
AHEAD = timedelta(weeks=4)  # how far the agenda looks where no month is asked for
_TITLES = ("title", "kind", "status", "starts_at")
_LINES = (*_TITLES, "ends_at", "place", "online_url", "audience", "timezone")


def month(request: HttpRequest, filters: Filters) -> HttpResponse:
    """One month as a grid of whole weeks; of a day the first few, and whether there are more. One statement."""
    first = _asked_month(request)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    begin = first - timedelta(days=first.weekday())
    days = [begin + timedelta(days=n) for n in range((last - begin).days + 7 - last.weekday())]
    by_day: dict[date, list[Event]] = {}
    for each in _first_of_each(days, request.user, filters, _TITLES, SHOWN_A_DAY):
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
    context = _frame(first, last, filters) | {"weeks": weeks, "nothing": not by_day}
    return render(request, "events/month.html", context)


def agenda(request: HttpRequest, filters: Filters) -> HttpResponse:
    """What is coming in four weeks, or one month, day by day: of a day the first few, with what the reader answered.

    Two statements, at any number of events.
    """
    first, at = _asked_month(request), clock.now()
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    begin, end, since = first, last, None
    if coming := "month" not in request.GET:
        begin, end, since = today(), today() + AHEAD - timedelta(days=1), at
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    events = _first_of_each(days, request.user, filters, _LINES, OF_AGENDA, since)
    rows = groupby(with_answers(events, request.user, at), key=lambda row: max(row[0].day, begin))
    by_day = [(day, list(those)) for day, those in rows]
    context = _frame(first, last, filters) | {
        "days": [
            (day, sorted(those[:OF_AGENDA], key=lambda row: row[0].starts_at), len(those) > OF_AGENDA)
            for day, those in by_day
        ],
        "coming": coming,
    }
    return render(request, "events/agenda.html", context | ({"previous": first} if coming else {}))


def _frame(first: date, last: date, filters: Filters) -> dict[str, Any]:
    """What both ways to show a month have around it."""
    return {
        "filters": filters,
        "kinds": KINDS,
        "month": first,
        "today": today(),
        "previous": (first - timedelta(days=1)).replace(day=1),
        "next": last + timedelta(days=1),
    }


def _first_of_each(
    days: list[date],
    viewer: Viewer,
    filters: Filters,
    columns: tuple[str, ...],
    number: int,
    since: datetime | None = None,
) -> list[Event]:
    """Of each day the first `number` events that begin on it and one more; on the first day also those that go on.

    Drafts come last, and leave their places to what takes place. What is over by the moment `since` is left out.
    """
    if is_shut_to(viewer):
        return []
    begins = [start_of(day) for day in days]
    ends = [*begins[1:], start_of(days[-1] + timedelta(days=1))]
    sql, values = _few.sql(
        viewer.pk, today(), since or begins[0], filters.kind, team=getattr(viewer, "on_programme_team", None),
        of_kind=bool(filters.kind), of_mine=filters.mine, columns=columns, number=number + 1,
    )  # fmt: skip
    every_day = f"""
        SELECT shown.* FROM unnest(%s::timestamptz[], %s::timestamptz[]) day (begins, ends)
        CROSS JOIN LATERAL ({sql}) shown
        ORDER BY day.begins, shown.status = '{Status.DRAFT}', shown.starts_at, shown.id
    """  # noqa: S608 - our own statement inside our own statement
    return list(Event.objects.raw(every_day, [[begins[0] - LONGEST, *begins[1:]], ends, *values]))


@statement
def _few(
    person: int, on: date, first: datetime, kind: str, *, team: bool | None, of_kind: bool, of_mine: bool,
    columns: tuple[str, ...], number: int,
) -> EventQuerySet:  # fmt: skip
    """The first events of a `day` that stands outside, from the moment `first` on; a visitor's `team` is None."""
    events = seen_by_visitors(on) if team is None else seen_by_person(person, on, team=team)
    if of_kind:
        events = events.filter(kind=kind)
    if of_mine:
        events = mine(person, on, events)
    # Not a condition on a column alone: its index would find every event that is not over by then.
    of_a_day = events.alias(over=Greatest("starts_at", "ends_at")).filter(
        starts_at__gte=RawSQL("day.begins", []), starts_at__lt=RawSQL("day.ends", []), over__gte=first
    )
    of_a_day = of_a_day.exclude(starts_at__lt=first, ends_at=first)  # midnight ends the day before
    host = name_of_host(on, staff=team is not None)
    drafts_last = [] if team is None else [Exact(F("status"), Status.DRAFT.value)]  # visitors see none
    return of_a_day.only(*columns).annotate(host=host).order_by(*drafts_last, "starts_at", "id")[:number]


def _asked_month(request: HttpRequest) -> date:
    """The first day of `?month=2026-11`, of this month where there is none or it is no month."""
    return (asked_day(request.GET.get("month", "") + "-01") or today()).replace(day=1)
