"""What one hears of a community, where that differs from all others."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.views.header import header
from folkmoot.notifications.actions import choose_here
from folkmoot.notifications.forms import ChoicesHereForm
from folkmoot.people.access import me


@of_community(locks=False)
def notices(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/notices/`: how soon one hears of what in this community."""
    here = standing.community.pk
    form = ChoicesHereForm(request.POST or None, person=me(request), community=here)
    if request.method == "POST" and form.is_valid():
        choose_here(by=me(request), community=here, chosen=form.values())
        messages.success(request, _("Your choices are kept."))
        return redirect("community_notices", standing.community.slug)
    context = header(standing, "talk") | {"form": form}
    return render(request, "communities/notices.html", context, status=422 if form.is_bound else 200)
