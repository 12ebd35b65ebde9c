"""Commitments waived for a community, by the programme team."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from folkmoot.communities.access import FOR_PROGRAMME_TEAM, Standing, of_community
from folkmoot.communities.actions import end_waiver, waive
from folkmoot.communities.forms import WaiverForm
from folkmoot.communities.models import Waiver
from folkmoot.communities.views.header import header, say_no
from folkmoot.core.refused import Refused
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse

for_team = of_community(may=lambda standing: standing.can_set_up, reason=FOR_PROGRAMME_TEAM)


@for_team
def new(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/charter/waivers/new/`"""
    form = WaiverForm(request.POST or None, initial={"commitment": request.GET.get("commitment", "")})
    if request.method == "POST" and form.is_valid():
        try:
            waive(by=me(request), community=standing.community, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("It is waived."))
            return redirect("community_charter", standing.community.slug)
    return render(request, "communities/waiver.html", header(standing, "charter") | {"form": form})


@for_team
def end(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/charter/waivers/<id>/end/`: a button's address; it answers GET with the page the button is on."""
    waiver = get_object_or_404(Waiver, pk=pk, community=standing.community)
    if request.method == "POST":
        try:
            end_waiver(by=me(request), waiver=waiver)
        except Refused as refused:
            say_no(request, refused)
        else:
            messages.success(request, _("It is no longer waived."))
    return redirect("community_charter", standing.community.slug)
