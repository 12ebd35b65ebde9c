"""The drafts of a community, for those who plan its events."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.models import Community
from folkmoot.communities.views.header import header
from folkmoot.core.numbers import as_id
from folkmoot.events.access import FOR_RECORDERS
from folkmoot.events.actions import drop_drafts, publish_drafts
from folkmoot.events.models import Event
from folkmoot.people.access import me

SHOWN = 200


@of_community(may=lambda standing: standing.can_record_events, reason=FOR_RECORDERS)
def drafts(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/events/drafts/`: a POST publishes the drafts that are ticked, or throws them away."""
    if request.method == "POST":
        return _done(request, standing.community)
    mine = Event.objects.drafts_of(standing.community.pk)
    shown = mine.defer("summary", "note").order_by("starts_at", "pk")[:SHOWN]
    context = {"drafts": shown, "number": mine.count()}
    return render(request, "events/drafts.html", header(standing, "events") | context)


def _done(request: HttpRequest, community: Community) -> HttpResponse:
    ticked = {pk for text in request.POST.getlist("draft") if (pk := as_id(text))}
    if "all" in request.POST:
        ticked = set(Event.objects.drafts_of(community.pk).values_list("pk", flat=True))
    published: list[Event] = []
    if request.POST.get("do") == "drop":
        number = drop_drafts(by=me(request), community=community, drafts=ticked)
        said = ngettext("One draft is thrown away.", "%(n)d drafts are thrown away.", number)
    else:
        published = publish_drafts(by=me(request), community=community, drafts=ticked)
        number = len(published)
        said = ngettext("It is published.", "%(n)d events are published.", number)
    if number:
        messages.success(request, said % {"n": number})
    else:
        messages.warning(request, _("Tick a draft first."))
    return redirect(published[0]) if number == 1 and published else redirect("event_drafts", community.slug)
