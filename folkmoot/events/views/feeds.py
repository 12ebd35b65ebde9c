"""Calendars that people subscribe to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership
from folkmoot.core import clock
from folkmoot.core.address import site_address
from folkmoot.core.numbers import as_id
from folkmoot.events.actions import feeds_of, renew_feed
from folkmoot.events.calendars import feed as as_feed
from folkmoot.events.feeds import events_of, name_of, stamp_of
from folkmoot.events.models import Feed
from folkmoot.people.access import me, signed_in


@signed_in
def feeds(request: HttpRequest) -> HttpResponse:
    """`/calendars/`: the addresses of one's calendars; a POST has another one made."""
    reader = me(request)
    if request.method == "POST":
        mine = get_object_or_404(Feed, person=reader, pk=as_id(request.POST.get("feed")) or 0)
        renew_feed(by=reader, feed=mine)
        messages.success(request, _("It has another address now. The one before gives nothing any more."))
        return redirect("calendars")
    held = Membership.objects.current(today()).filter(person=reader).values("community")
    communities = Community.objects.open(today()).filter(pk__in=held).order_by("sort_name")
    found = feeds_of(by=reader, communities=communities.values_list("pk", flat=True))
    return render(request, "events/feeds.html", {"feeds": found, "site": site_address()})


def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """`/calendars/<secret>.ics`: what a calendar reads, without signing in. 304 where nothing is new."""
    if "\x00" in secret:  # the database takes none
        raise Http404
    found = get_object_or_404(Feed.objects.select_related("person", "community"), secret=secret)
    if not found.person.is_active:
        return HttpResponse(_("This calendar is no more."), status=410, content_type="text/plain")
    stamp = f'"{stamp_of(found, clock.now())}"'
    response = get_conditional_response(request, etag=stamp)
    if response is None:
        content = "".join(as_feed(name_of(found), events_of(found, clock.now())))
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = stamp
    response["Cache-Control"] = "private, max-age=300"
    return response
