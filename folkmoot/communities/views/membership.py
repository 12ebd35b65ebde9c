"""One's own membership: joining, asking, stepping up and back, leaving."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.actions import (
    ask_to_join,
    decline_invitation,
    join,
    leave,
    step_back,
    step_down,
    step_up,
    withdraw_request,
)
from folkmoot.communities.forms import AskForm
from folkmoot.communities.models import Community, Invitation, JoinRequest, Membership, Role
from folkmoot.communities.views.header import header, say_no, unconfirmed
from folkmoot.core.refused import Refused
from folkmoot.people.access import me
from folkmoot.people.models import Person
from folkmoot.ui.forms import refuse


@of_community()
def membership(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/membership/`: how one stands, and the choices from there."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _chosen(me(request), standing.community, request, form))
            return redirect(standing.community)
        except Refused as refused:
            refuse(form, refused)
    return render(
        request, "communities/membership.html", header(standing) | {"form": form} | _choices(standing)
    )


@of_community()
def end(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/membership/end/`: what leaving means, and leaving; a lead may stay as a core member."""
    if not standing.seat:
        messages.info(request, _("You are not a member of %(name)s.") % {"name": standing.community.name})
        return redirect(standing.community)
    left = unconfirmed(request, standing, me(request))
    if request.method == "POST" and left is None:
        return _end(request, standing)
    return render(request, "communities/end_membership.html", header(standing) | {"leads_left": left})


def _end(request: HttpRequest, standing: Standing) -> HttpResponse:
    person, community = me(request), standing.community
    said = {"name": community.name}
    try:
        if request.POST.get("then") == "core":
            step_down(by=person, community=community)
            messages.success(
                request, _("You are a core member of %(name)s now. Thank you for leading.") % said
            )
        else:
            leave(by=person, community=community)
            messages.success(request, _("You have left %(name)s. You are welcome back at any time.") % said)
    except Refused as refused:
        say_no(request, refused)
    return redirect(community)


def _chosen(person: Person, community: Community, request: HttpRequest, form: AskForm) -> str:
    """Do what was chosen and say so. Refuses what is no choice."""
    said = {"name": community.name}
    choice = request.POST.get("choice", "")
    if choice == "ask":
        ask_to_join(by=person, community=community, message=form.cleaned_data["message"])
        return _("You have asked to join %(name)s. A lead will answer.") % said
    choices: dict[str, tuple[Callable[..., object], str]] = {
        "join": (join, _("You are a member of %(name)s now. See who else is here.") % said),
        "withdraw": (withdraw_request, _("Your request has been withdrawn.")),
        "decline": (decline_invitation, _("You have declined. You can still join another time.")),
        "core": (step_up, _("You are a core member of %(name)s now.") % said),
        "wider": (step_back, _("You are a wider member of %(name)s now.") % said),
    }
    if choice not in choices:
        raise Refused(_("Choose one of the buttons on this page."))
    action, sentence = choices[choice]
    action(by=person, community=community)
    return sentence


def _choices(standing: Standing) -> dict[str, object]:
    """What the page needs to know of the viewer's request, invitation and seat."""
    mine = {"community": standing.community, "person": standing.viewer}
    leads = Membership.objects.current(standing.on).leads().filter(community=standing.community)
    return {
        "seat": Membership.objects.current(standing.on).seats().filter(**mine).first(),
        "request_made": JoinRequest.objects.filter(**mine)
        .select_related("answered_by")
        .order_by("-asked_at")
        .first(),
        "invitation": Invitation.objects.open().filter(**mine).select_related("invited_by").first(),
        "leads": leads.select_related("person__unit").order_by("person__sort_name", "id"),
        "Role": Role,
    }
