"""The inbox: what one was told, reading it, and being done with it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from folkmoot.notifications.actions import finish_notices, read_notices
from folkmoot.notifications.inbox import inbox_of
from folkmoot.notifications.models import Notice
from folkmoot.people.access import me, signed_in


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """`/inbox/`: what waits for the viewer; a POST has all of it read."""
    if request.method == "POST":
        read_notices(by=me(request))
        return redirect("inbox")
    return render(request, "notifications/inbox.html", {"groups": inbox_of(me(request).pk)})


@signed_in
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """`/inbox/<n>/`: to what it is about; it is read by that."""
    found = _mine(request, pk)
    read_notices(by=me(request), groups=[found.group])
    return redirect(found.url)


@signed_in
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    """`/inbox/<n>/completion/`: done with, it leaves the inbox."""
    found = _mine(request, pk)
    if request.method == "POST":
        finish_notices(by=me(request), group=found.group)
    return redirect("inbox")


def _mine(request: HttpRequest, pk: int) -> Notice:
    return get_object_or_404(Notice, pk=pk, person=me(request))
