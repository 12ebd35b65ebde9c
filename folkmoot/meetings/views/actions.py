"""Actions: mine, a community's, one; and done by a link from a letter."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.communities.access import FOR_READERS_OF_FINDINGS, Standing
from folkmoot.communities.access import of_community as of
from folkmoot.communities.views.header import header
from folkmoot.core.address import own_path
from folkmoot.core.refused import Refused
from folkmoot.events.models import Kind
from folkmoot.meetings.access import FOR_ITS_OWNER, action_by_token, action_for, actions_in, those_who_meet
from folkmoot.meetings.actions import change_action, finish_action, give_action, reopen_action
from folkmoot.meetings.forms import ActionCorrectionForm, ActionForm, of_action
from folkmoot.meetings.models import Action
from folkmoot.people.access import me, signed_in
from folkmoot.people.models import Person
from folkmoot.ui.forms import refuse

SHOWN_DONE = 20


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """`/actions/`: what the reader is to do, and what they did lately."""
    everything = Action.objects.filter(owner=me(request)).select_related("community", "owner")
    context = {
        "open": list(everything.open()[:200]),
        "done": list(everything.exclude(done_at=None).order_by("-done_at", "-id")[:SHOWN_DONE]),
        "today": today(),
    }
    return render(request, "meetings/actions.html", context)


@of(may=lambda standing: standing.can_see_findings, reason=FOR_READERS_OF_FINDINGS, locks=False)
def of_community(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/actions/`: what is open and was done lately; leads and sponsor give more."""
    community = standing.community
    form = ActionForm(
        request.POST or None,
        people=those_who_meet(community, Kind.CORE_MEETING, standing.on),
        initial={"owner": me(request).pk},
    )
    if request.method == "POST":
        if not standing.can_record_events:
            raise PermissionDenied(str(FOR_ITS_OWNER))
        if form.is_valid():
            try:
                give_action(by=me(request), community=community, **form.cleaned_data)
            except Refused as refused:
                refuse(form, refused)
            else:
                messages.success(request, _("It is given."))
                return redirect("community_actions", community.slug)
    everything = actions_in(standing).select_related("owner")
    context = header(standing, "actions") | {
        "open": list(everything.open()[:200]),
        "done": list(everything.exclude(done_at=None).order_by("-done_at", "-id")[:SHOWN_DONE]),
        "form": form,
        "today": today(),
    }
    return render(request, "meetings/of_community.html", context, status=422 if form.is_bound else 200)


@signed_in
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """`/actions/<id>/`: an action, to be said otherwise or given to somebody else."""
    found = action_for(me(request), pk)
    people = those_who_meet(found.community, Kind.CORE_MEETING, today())
    people = (people | Person.objects.get_queryset().filter(actions_to_do=found)).distinct()
    form = ActionCorrectionForm(request.POST or None, people=people, initial=of_action(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_action(by=me(request), action=found, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("It is changed."))
            return redirect("action", pk)
    context = {"action": found, "form": form, "today": today(), "is_mine": found.owner_id == me(request).pk}
    return render(request, "meetings/action.html", context, status=422 if form.is_bound else 200)


@signed_in
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    """`/actions/<id>/completion/`: a POST says that it is done, given up (`dropped`) or open again (`open`)."""
    found = action_for(me(request), pk)
    if request.method == "POST":
        if request.POST.get("open"):
            reopen_action(by=me(request), action=found)
            messages.success(request, _("It is open again."))
        else:
            finish_action(by=me(request), action=found, dropped=bool(request.POST.get("dropped")))
            messages.success(request, _("Noted. Thank you."))
    return redirect(own_path(request.POST.get("next", "")) or "actions")


def done(request: HttpRequest, token: str) -> HttpResponse:
    """`/actions/done/<token>/`: from a letter, without signing in: the button that says it is done.

    Only the POST does something, so that whoever looks through links in mail does not.
    """
    found = action_by_token(token)
    if found is None:
        return render(request, "ui/no_more.html", status=410)
    action, owner = found
    if request.method == "POST":
        action = finish_action(by=owner, action=action)
    return render(request, "meetings/done.html", {"action": action, "token": token})
