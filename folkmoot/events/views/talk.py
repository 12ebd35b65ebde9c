"""Talking about an event, in the community that plans it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from folkmoot.communities.access import community_for
from folkmoot.core.refused import Refused
from folkmoot.discussions.access import FOR_INSIDERS, FOR_MEMBERS, can_read, can_write
from folkmoot.discussions.forms import PostForm
from folkmoot.events.access import event_for
from folkmoot.events.actions import talk_about
from folkmoot.people.access import me, signed_in
from folkmoot.ui.forms import refuse


@signed_in
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/thread/`: to the event's thread; where there is none yet, the form for its first post."""
    standing = event_for(request.user, pk)
    event = standing.event
    if not standing.can_be_talked_about or event.community is None:
        raise Http404
    here = community_for(request.user, event.community.slug, standing.on)
    if not can_read(here):
        raise PermissionDenied(str(FOR_INSIDERS))
    if event.thread is not None:
        return redirect("thread", event.thread.community.slug, event.thread_id)
    if not can_write(here):
        raise PermissionDenied(str(FOR_MEMBERS))
    mentions = reverse("mentionable", args=[event.community.slug])
    form = PostForm(request.POST or None, request.FILES or None, mentions=mentions)
    if request.method == "POST" and form.is_valid():
        try:
            post = talk_about(by=me(request), event=event, **form.values())
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect(post.thread)
    status = 422 if form.is_bound else 200
    return render(request, "events/thread.html", {"form": form, "event": event}, status=status)
