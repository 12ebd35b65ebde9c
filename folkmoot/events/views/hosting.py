"""Holding an event together, and inviting people to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.calendar.days import today
from folkmoot.communities.access import FOR_LEADS, Standing, of_community
from folkmoot.communities.models import Community, CommunityQuerySet, Stage
from folkmoot.core.refused import Refused
from folkmoot.events.access import event_for, whose_hosting_ends
from folkmoot.events.actions import Scope, answer_host_request, ask_host, invite, leave_hosting
from folkmoot.events.actions.series import of_scope
from folkmoot.events.forms import HostForm, InvitationForm
from folkmoot.events.models import Event, HostRequest
from folkmoot.events.people import circle_of, members_of
from folkmoot.people.access import me, signed_in
from folkmoot.ui.forms import refuse


@signed_in
def hosts(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/hosts/`: who holds it; a POST asks another community."""
    standing = event_for(request.user, pk, may_record=True)
    event = standing.event
    form = HostForm(request.POST or None, communities=_others(event))
    if request.method == "POST" and form.is_valid():
        community = form.cleaned_data["community"]
        try:
            ask_host(by=me(request), event=event, community=community)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The leads of %(name)s are asked.") % {"name": community.name})
            return redirect("event_hosts", pk)
    context = {
        "event": event,
        "form": form,
        "hosts": Community.objects.filter(hostings__event=event).order_by("sort_name"),
        "may_take_off": whose_hosting_ends(me(request), event, standing.on),
        "asked": event.host_requests.filter(agreed=None).select_related("community"),
        "declined": event.host_requests.filter(agreed=False).select_related("community"),
    }
    return render(request, "events/hosts.html", context, status=422 if form.is_bound else 200)


@of_community(may=lambda standing: standing.can_edit, reason=FOR_LEADS, locks=False)
def host_request(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`/communities/<slug>/events/requests/<id>/`: to hold an event together, and the answer."""
    asked = get_object_or_404(
        HostRequest.objects.select_related("event__community", "by"), community=standing.community, pk=pk
    )
    if request.method == "POST":
        try:
            asked = answer_host_request(by=me(request), asked=asked, agreed=bool(request.POST.get("agree")))
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            said = _("You hold it together now.") if asked.agreed else _("You do not hold it.")
            messages.success(request, said)
        return redirect("community_events", standing.community.slug)
    dates = of_scope(asked.event, Scope.ALL).count() if asked.event.series_id else 1
    context = {"asked": asked, "event": asked.event, "community": standing.community, "dates": dates}
    return render(request, "events/host_request.html", context)


@of_community(locks=False)
def host_removal(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`/communities/<slug>/events/<id>/removal/`: a POST ends holding it with the others."""
    event, community = event_for(request.user, pk).event, standing.community
    if not standing.can_edit and community.pk not in whose_hosting_ends(me(request), event, standing.on):
        raise PermissionDenied(str(FOR_LEADS))
    if request.method == "POST":
        try:
            dates = leave_hosting(by=me(request), event=event, community=community)
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _said_of_leaving(community, dates))
    return redirect(event)


def _said_of_leaving(community: Community, dates: int) -> str:
    said = ngettext(
        "%(name)s no longer holds it.", "%(name)s no longer holds these %(n)d dates.", max(dates, 1)
    )
    return said % {"name": community.name, "n": dates}


@signed_in
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/invitations/`: invite all members, the core, or people by name."""
    standing = event_for(request.user, pk, may_record=True)
    event = standing.event
    circles = {InvitationForm.CORE: circle_of(event), InvitationForm.ALL: members_of(event)}
    numbers = {who: len(people) for who, people in circles.items()}
    form = InvitationForm(request.POST or None, kind=event.kind, numbers=numbers)
    if request.method == "POST" and form.is_valid():
        try:
            named = {person.pk for person in form.cleaned_data.get("people", ())}
            chosen = circles.get(form.cleaned_data["who"], named)
            number = invite(by=me(request), event=event, people=chosen)
        except Refused as refused:
            refuse(form, refused)
        else:
            said = ngettext("One person is invited.", "%(n)d people are invited.", number) % {"n": number}
            messages.success(
                request, said if number else _("All of them have been invited or have answered.")
            )
            return redirect("event_answers", pk)
    return render(
        request, "events/invite.html", {"event": event, "form": form}, status=422 if form.is_bound else 200
    )


def _others(event: Event) -> CommunityQuerySet:
    """The communities that can be asked."""
    others = Community.objects.open(today()).exclude(Q(stage=Stage.PROPOSED)).exclude(hostings__event=event)
    return others.order_by("sort_name", "id")
