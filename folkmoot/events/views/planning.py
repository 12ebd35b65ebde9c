"""Planning an event, recording “we met on…”, correcting and cancelling."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.calendar.days import today
from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.models import Community, Membership, Role, Stage
from folkmoot.communities.views.header import header
from folkmoot.core import clock
from folkmoot.core.numbers import as_id
from folkmoot.core.refused import Refused
from folkmoot.events.access import FOR_RECORDERS, event_for, visible_to, whose_hosting_ends
from folkmoot.events.actions import Scope, cancel_series, change_series, plan
from folkmoot.events.actions.series import closures_among, of_scope
from folkmoot.events.forms import (
    OF_PROGRAMME,
    RECORDED,
    CorrectionForm,
    EventForm,
    again,
    of_event,
    to_begin_with,
)
from folkmoot.events.models import Event, Kind, Status
from folkmoot.events.people import CIRCLES, CORE
from folkmoot.people.access import me, programme_team_only, signed_in
from folkmoot.people.models import Person
from folkmoot.ui.forms import refuse

# Whoever was in post lately can be ticked for a meeting that is recorded late.
LATELY = timedelta(days=400)
# Who is ticked at first.
TICKED = {
    Kind.SPONSOR_MEETING: {Role.LEAD, Role.SPONSOR},
    Kind.CORE_MEETING: {Role.LEAD, Role.CORE},
}


@of_community(may=lambda standing: standing.can_record_events, reason=FOR_RECORDERS)
def new(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/events/new/?kind=` or `?like=<id>`: what took place, or is planned: the same form."""
    return _new(request, standing.community, _like(request, standing), header(standing, "events"))


@programme_team_only
def new_of_programme(request: HttpRequest) -> HttpResponse:
    """`/events/new/?kind=`: an event of the programme itself."""
    return _new(request, None, None, {})


def _new(
    request: HttpRequest, community: Community | None, like: Event | None, around: dict[str, Any]
) -> HttpResponse:
    kind = like.kind if like else _kind(request)
    form = _form(request, community, kind, like)
    if request.method == "POST" and form.is_bound and form.is_valid():
        values = form.values() | ({"status": Status.DRAFT} if request.POST.get("draft") else {})
        try:
            events = plan(by=me(request), community=community, **values)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _said_of(events))
            _flag_days(request, events)
            return redirect(events[0])
    context = {"form": form, "is_meeting": kind in TICKED, "kinds": form.kinds, "kind": kind}
    return render(request, "events/new.html", around | context, status=422 if form.errors else 200)


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/edit/`: correct it; the ledger keeps both."""
    standing = event_for(request.user, pk, may_record=True)
    event = standing.event
    people, _ticked = _people(event.community, event.kind, event)
    hosts, shown = _hosts(me(request), event.community, event), of_event(event)
    form = CorrectionForm(request.POST or None, event=event, people=people, hosts=hosts, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            changed = _changed(me(request), event, form.values(), hosts)
        except Refused as refused:
            refuse(form, refused)
        else:
            said = ngettext("It is changed.", "%(n)d events are changed.", len(changed))
            messages.success(request, said % {"n": len(changed)})
            _flag_days(request, changed, was=event)
            _flag_apart(request, changed, event, form.cleaned_data.get("scope", ""))
            return redirect(changed[0])
    context = {"event": event, "form": form, "is_meeting": event.is_meeting}
    return render(request, "events/edit.html", context, status=422 if form.errors else 200)


@signed_in
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/cancellation/`: a page that asks, and the answer."""
    event = event_for(request.user, pk, may_record=True).event
    if request.method == "POST":
        scope = request.POST.get("scope", "")
        scope = scope if scope in Scope.values else Scope.THIS
        why = request.POST.get("why", "").replace("\x00", "")
        try:
            number = cancel_series(by=me(request), event=event, scope=scope, why=why)
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            said = ngettext("It is cancelled.", "%(n)d events are cancelled.", number) % {"n": number}
            messages.success(request, said)
        return redirect(event)
    return render(request, "events/cancellation.html", {"event": event, "scopes": Scope.choices})


def _kind(request: HttpRequest) -> str:
    kind = request.POST.get("another", "") or request.GET.get("kind", "")
    return kind if kind in Kind.values else Kind.LUNCH_AND_LEARN.value


def _like(request: HttpRequest, standing: Standing) -> Event | None:
    """The event of this community that the new one is to be like, if one is named."""
    number = as_id(request.GET.get("like"))
    if number is None:
        return None
    events = visible_to(request.user, standing.on).hosted_by(standing.community.pk)
    return events.filter(pk=number).first()


def _form(request: HttpRequest, community: Community | None, kind: str, like: Event | None) -> EventForm:
    """The form as it is sent; or to begin with, and with what was typed where another kind of event is chosen."""
    people, ticked = _people(community, kind)
    kinds = RECORDED if community else OF_PROGRAMME
    choices: dict[str, Any] = {"people": people, "hosts": _hosts(me(request), community), "kinds": kinds}
    begins = again(like) if like else to_begin_with(kind, ticked)
    form = EventForm(request.POST or None, initial=begins, **choices)
    if "another" in request.POST:
        return EventForm(initial=form.as_another(kind, ticked), **choices)
    return form


def _changed(
    person: Person, event: Event, values: dict[str, Any], offered: QuerySet[Community]
) -> list[Event]:
    """The event as it is now, and others of its series that were changed with it; a host that is not offered stays."""
    scope = values.pop("scope", "") or Scope.THIS
    if "hosts" in values:
        values["hosts"] = [*values["hosts"], *event.hosts.exclude(pk__in=offered.order_by().values("pk"))]
    return change_series(by=person, event=event, scope=scope, **values)


def _said_of(events: list[Event]) -> str:
    """What became of what was typed."""
    if events[0].status == Status.DRAFT:
        return _("It is kept as a draft.")
    if events[0].is_over(clock.now()):
        return _("It is on record.")
    return ngettext("It is planned.", "%(n)d events are planned.", len(events)) % {"n": len(events)}


def _flag_days(request: HttpRequest, events: list[Event], was: Event | None = None) -> None:
    """Say so where it is planned for days on which nobody is there, goes on now, or `was` to come and is over now."""
    at = clock.now()
    if was is None and events[0].starts_at <= at < events[0].ends_at:
        messages.warning(request, _("It is not over yet: who was there is put on record on the day."))
    if was and not was.is_over(at) and events[0].is_settled and events[0].is_over(at):
        messages.warning(request, _("Mind that its day is over: it counts as held."))
    coming = [event for event in events if not event.is_over(at)]
    for event, closure in closures_among(coming, events[0].community)[:5]:
        said = {"day": date_format(event.starts.date(), "j F"), "name": closure.name}
        messages.warning(request, _("Mind that %(day)s is in “%(name)s”.") % said)


def _flag_apart(request: HttpRequest, events: list[Event], was: Event, scope: str) -> None:
    """Say so where the others are moved, and dates of the series that were moved by themselves stay where they are."""
    if len(events) == 1 or events[0].starts_at == was.starts_at:
        return
    if apart := of_scope(was, scope).filter(is_apart=True).exclude(pk=was.pk).count():
        said = ngettext(
            "One date that was moved by itself stays where it is.",
            "%(n)d dates that were moved by themselves stay where they are.",
            apart,
        )
        messages.info(request, said % {"n": apart})


def _people(
    community: Community | None, kind: str, event: Event | None = None
) -> tuple[QuerySet[Person], list[int]]:
    """Who can be ticked: leads, sponsor and core members of late, and whoever was there; and who is at first."""
    ticked: list[int] = []
    wanted = Q(attendances__event=event) if event else Q()
    if community is not None:
        offered = CIRCLES.get(kind, CORE)
        held = Membership.objects.filter(community=community, role__in=offered)
        lately = held.filter(since__lte=today()).not_ended((event.day if event else today()) - LATELY)
        wanted |= Q(pk__in=lately.values("person"))
        roles = TICKED.get(Kind(kind), set())
        ticked = list(held.current(today()).filter(role__in=roles).values_list("person", flat=True))
    people = Person.objects.get_queryset().filter(wanted) if wanted else Person.objects.none()
    return people.order_by("sort_name", "id").distinct(), ticked


def _hosts(person: Person, community: Community | None, event: Event | None = None) -> QuerySet[Community]:
    """With whom they may hold it: communities they answer for too; the programme team with any; and whom they may take
    off it.
    """
    open_ones = Community.objects.open(today()).exclude(Q(stage=Stage.PROPOSED))
    if not person.on_programme_team:
        led = Membership.objects.current(today()).leads().filter(person=person).values("community")
        ends = whose_hosting_ends(person, event, today()) if event else set()
        open_ones = open_ones.filter(Q(pk__in=led) | Q(pk__in=ends))
    others = open_ones.exclude(pk=community.pk) if community else open_ones
    return others.order_by("sort_name", "id").distinct()
