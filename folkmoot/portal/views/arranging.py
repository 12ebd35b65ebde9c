"""Arranging a meeting: three times that fit, by the day on which the charter asks for it."""

from datetime import date

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.views.header import header
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.events.access import FOR_RECORDERS
from folkmoot.events.filters import asked_day
from folkmoot.events.models import Event, Kind
from folkmoot.events.people import CIRCLES
from folkmoot.health.findings import Status
from folkmoot.health.measuring import measure_these
from folkmoot.meetings.access import those_who_meet
from folkmoot.meetings.actions import open_poll
from folkmoot.meetings.arranging import planned_already, times_that_fit
from folkmoot.meetings.forms import TimeForm, Times, WhereForm, of_offers
from folkmoot.meetings.models import Poll
from folkmoot.people.access import me


@of_community(may=lambda standing: standing.can_record_events, reason=FOR_RECORDERS)
def arranging(request: HttpRequest, standing: Standing, kind: str) -> HttpResponse:
    """`/communities/<slug>/arranging/<kind>/?by=<day>`: three times that fit; a POST sends them to whom it concerns."""
    if kind not in CIRCLES:
        raise Http404
    running = Poll.objects.open().filter(community=standing.community, kind=kind).first()
    if running is not None:
        return redirect("poll", running.pk)
    by = asked_day(request.GET.get("by", "")) or _due(standing, kind)
    offers = times_that_fit(standing.community, kind, clock.now(), by=by)
    times = Times(request.POST or None, initial=of_offers(offers))
    where = WhereForm(request.POST or None, initial=_last_place(standing.community.pk, kind))
    if request.method == "POST" and (poll := _opened(request, standing, kind, times, where)):
        messages.success(request, _("It is sent. You are told once it is booked."))
        return redirect("poll", poll.pk)
    context = _frame(standing, kind) | {"offers": offers, "times": times, "where": where}
    return render(request, "portal/arranging.html", context, status=422 if times.is_bound else 200)


def _opened(
    request: HttpRequest, standing: Standing, kind: str, times: "BaseFormSet[TimeForm]", where: WhereForm
) -> Poll | None:
    """The poll; None where it could not be, with the reason in the forms."""
    if not times.is_valid() or not where.is_valid():
        return None
    wanted = [time for form in times if (time := form.time())]
    try:
        return open_poll(
            by=me(request), community=standing.community, kind=kind, times=wanted, **where.cleaned_data
        )
    except Refused as refused:
        where.add_error(refused.field if refused.field in where.fields else None, refused.sentence)
        return None


def _frame(standing: Standing, kind: str) -> dict[str, object]:
    """What stands around the forms: who is asked, and what is planned or looked for already."""
    asked = those_who_meet(standing.community, kind, standing.on).order_by("sort_name", "id")
    return header(standing, "events") | {
        "kind": Kind(kind),
        "asked": list(asked[:200]),
        "planned": planned_already(standing.community, kind, clock.now()),
        "polls": list(Poll.objects.open().filter(community=standing.community)),
    }


def _due(standing: Standing, kind: str) -> date | None:
    """By when the charter asks for it; None where it asks for none, or has had that of the term. Two statements.

    The commitment to such a meeting has the key of its kind.
    """
    if not standing.community.is_measured(standing.on):
        return None
    finding = measure_these(standing.on, [standing.community])[0].finding(kind)
    is_kept = finding.status == Status.MET and kind == Kind.CORE_MEETING
    return None if is_kept else finding.due


def _last_place(community: int, kind: str) -> dict[str, str]:
    """Where they met last time, and most likely will again."""
    last = Event.objects.settled().filter(community=community, kind=kind).order_by("-starts_at").first()
    return {"place": last.place, "online_url": last.online_url} if last else {}
