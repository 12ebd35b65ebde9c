"""A community's online space: where it is, and the days on which it was active."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.communities.access import FOR_LEADS, Standing, of_community
from folkmoot.communities.actions import attest_active
from folkmoot.communities.forms import ActiveDayForm
from folkmoot.communities.views.header import header
from folkmoot.core.refused import Refused
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse

SHOWN = 12


@of_community(may=lambda standing: standing.can_edit, reason=FOR_LEADS, locks=False)
def space(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/space/`: leads say on which day it was active, and see what was said before."""
    form = ActiveDayForm(request.POST or None, initial={"day": standing.on})
    if request.method == "POST" and form.is_valid():
        try:
            attest_active(by=me(request), community=standing.community, day=form.cleaned_data["day"])
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Thank you: it is on record."))
            return redirect("community_space", standing.community.slug)
    days = standing.community.active_days.select_related("by")[:SHOWN]
    context = header(standing, "overview") | {"form": form, "days": days}
    return render(
        request, "communities/space.html", context, status=422 if form.is_bound and form.errors else 200
    )
