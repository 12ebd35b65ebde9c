"""Requests to join and invitations, as leads handle them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.actions import (
    InvitationResult,
    addresses_in,
    answer_request,
    invite_people,
    withdraw_invitation,
)
from folkmoot.communities.forms import AnswerForm, InviteForm
from folkmoot.communities.models import Invitation, JoinRequest
from folkmoot.communities.views.header import header, say_no
from folkmoot.core.refused import Refused
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse

manages = of_community(may=lambda standing: standing.can_manage_members)


@manages
def join_request(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/requests/<id>/`: what somebody asks, and a lead's answer."""
    requests = JoinRequest.objects.filter(community=standing.community)
    found = requests.select_related("person__unit", "answered_by", "community").filter(pk=pk).first()
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accepted = form.cleaned_data["answer"] == "accept"
        try:
            answer_request(by=me(request), request=found, accept=accepted, note=form.cleaned_data["note"])
        except Refused as refused:
            say_no(request, refused)
            return redirect("community_members", standing.community.slug)
        said = _("%(name)s is a member now.") if accepted else _("You have declined the request of %(name)s.")
        messages.success(request, said % {"name": found.person.name})
        return redirect("community_members", standing.community.slug)
    return render(request, "communities/join_request.html", header(standing) | {"asked": found, "form": form})


@manages
def invitations(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/invitations/`: invite by address, with a result for each, and those that are open."""
    form = InviteForm(request.POST or None)
    results: list[InvitationResult] = []
    if request.method == "POST" and form.is_valid():
        try:
            results = invite_people(
                by=me(request),
                community=standing.community,
                addresses=addresses_in(form.cleaned_data["addresses"]),
                role=form.cleaned_data["role"],
            )
            form = _again(form, results)
        except Refused as refused:
            refuse(form, refused)
    waiting = (
        Invitation.objects.open().filter(community=standing.community).select_related("person", "invited_by")
    )
    invited = sum(result.outcome == "invited" for result in results)
    context = {
        "form": form,
        "results": results,
        "invited": invited,
        "waiting": waiting.order_by("-invited_at")[:200],
    }
    return render(request, "communities/invitations.html", header(standing) | context)


@manages
def invitation(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/invitations/<id>/`: POST takes it back."""
    found = Invitation.objects.filter(community=standing.community).select_related("person", "community")
    open_one = found.filter(pk=pk).first()
    if open_one is None:
        raise Http404
    if request.method == "POST":
        try:
            withdraw_invitation(by=me(request), invitation=open_one)
            messages.success(
                request, _("The invitation of %(name)s is withdrawn.") % {"name": open_one.person.name}
            )
        except Refused as refused:
            say_no(request, refused)
    return redirect("community_invitations", standing.community.slug)


def _again(form: InviteForm, results: list[InvitationResult]) -> InviteForm:
    """An empty form, or one that keeps the addresses that came to nothing, to be corrected."""
    wrong = [result.address for result in results if result.outcome in {"invalid", "unknown"}]
    return InviteForm(initial={"addresses": "\n".join(wrong), "role": form.cleaned_data["role"]})
