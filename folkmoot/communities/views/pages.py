"""Founding a community, its page, and its stage."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.communities.access import FOR_PROGRAMME_TEAM, Standing, of_community
from folkmoot.communities.actions import change_stage, create_community, edit_community
from folkmoot.communities.forms import NewCommunityForm, PageForm, StageForm, TeamPageForm
from folkmoot.communities.models import Community
from folkmoot.communities.views.header import header
from folkmoot.core.refused import Refused
from folkmoot.people.access import me, programme_team_only
from folkmoot.ui.forms import refuse


@programme_team_only
def new(request: HttpRequest) -> HttpResponse:
    """`/communities/new/`"""
    form = NewCommunityForm(request.POST or None, instance=Community())
    if request.method == "POST" and form.is_valid():
        try:
            community = create_community(by=me(request), **form.changes())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(
                request, _("%(name)s is founded. Next: appoint its leads.") % {"name": community.name}
            )
            return redirect("community_new_member", community.slug)
    return render(request, "communities/new.html", {"form": form})


@of_community(may=lambda standing: standing.can_edit)
def edit(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/edit/`"""
    form_class = TeamPageForm if standing.can_set_up else PageForm
    form = form_class(request.POST or None, instance=Community.objects.get(pk=standing.community.pk))
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            edit_community(by=me(request), community=standing.community, seen=seen, **form.changes())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The page has been changed."))
            return redirect(standing.community)
    return render(request, "communities/edit.html", header(standing) | {"form": form})


@of_community(may=lambda standing: standing.can_set_up, reason=FOR_PROGRAMME_TEAM)
def stage(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/stage/`"""
    form = StageForm(request.POST or None, initial={"stage": standing.community.stage, "on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            change = change_stage(by=me(request), community=standing.community, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            said = _("The stage has been changed.") if change else _("That is how it stands already.")
            messages.success(request, said)
            return redirect("community_stage", standing.community.slug)
    stages = standing.community.stages.order_by("since")
    return render(request, "communities/stage.html", header(standing) | {"form": form, "stages": stages})
