"""The threads of a community: the list, starting one, and what helps while one writes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.views.header import header
from folkmoot.core.numbers import as_id
from folkmoot.core.paging import KeyPage, page_by_key
from folkmoot.core.refused import Refused
from folkmoot.discussions.access import (
    FOR_MEMBERS,
    can_announce,
    can_moderate,
    can_write,
    inside,
    thread_for,
)
from folkmoot.discussions.actions import keep_draft, read_all, start_thread
from folkmoot.discussions.finding import likely as likely_threads
from folkmoot.discussions.finding import to_name
from folkmoot.discussions.forms import ThreadForm
from folkmoot.discussions.models import Draft, Post, Report, Thread
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse

PAGE = 30
KINDS = [(kind.value, kind.label) for kind in Thread.Kind]
for_writers = of_community(may=can_write, reason=FOR_MEMBERS, locks=False)


@inside
def threads(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/threads/`: the latest first, announcements that are pinned above them."""
    person = me(request).pk
    every = Thread.objects.filter(community=standing.community)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Thread.Kind.values else ""
    page: KeyPage[Thread] = page_by_key(
        (every.filter(kind=kind) if kind else every).with_unread(person).select_related("by", "last_by"),
        ["-last_at", "-id"],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=PAGE,
    )
    pinned = list(every.pinned(standing.on).with_unread(person).select_related("by", "last_by")[:5])
    context = {
        "page": page,
        "threads": page.items,
        "pinned": pinned,
        "kinds": KINDS,
        "kind": kind,
        "can_write": can_write(standing),
        "reported": Report.objects.waiting(standing.community.pk).count() if can_moderate(standing) else 0,
    }
    return render(request, "discussions/threads.html", header(standing, "talk") | context)


@for_writers
def new(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/new/`: a thread with its first post, from where one left off."""
    community = standing.community
    kept = Draft.objects.filter(person=me(request), community=community, thread=None).first()
    form = ThreadForm(
        request.POST or None,
        request.FILES or None,
        may_announce=can_announce(standing),
        mentions=reverse("mentionable", args=[community.slug]),
        initial={"title": kept.title, "text": kept.text, "html": kept.html} if kept else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            thread = start_thread(by=me(request), community=community, **form.values())
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect(thread)
    context = header(standing, "talk") | {"form": form, "kept": kept}
    return render(request, "discussions/new.html", context, status=422 if form.is_bound else 200)


@inside
def reading(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/threads/reading/`: the button that has all of it read."""
    if request.method == "POST":
        read_all(by=me(request), community=standing.community)
    return redirect("threads", standing.community.slug)


@inside
def likely(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/likely/?title=…`: the fragment with threads that may be about the same."""
    if "HX-Request" not in request.headers:
        return redirect("threads", standing.community.slug)
    found = likely_threads(standing.community, request.GET.get("title", "")[:200]).select_related(None)
    return render(
        request, "discussions/_likely.html", {"community": standing.community, "threads": list(found)}
    )


@for_writers
def mentionable(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/mentionable/?q=…`: the fragment with people to name, for the editor."""
    if "HX-Request" not in request.headers:
        return redirect("threads", standing.community.slug)
    people = to_name(standing.community, request.GET.get("q", "")[:80])
    return render(request, "discussions/_mentionable.html", {"people": people})


@for_writers
def draft(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/draft/`, with `thread`: what somebody types is kept; answers with nothing."""
    said = request.POST
    if request.method != "POST":
        return redirect("threads", standing.community.slug)
    number = as_id(said.get("thread"))
    thread = None if number is None else thread_for(standing, number).thread
    if not Post.objects.filter(once=said.get("once", "")).exists():
        keep_draft(
            by=me(request),
            community=standing.community,
            thread=thread,
            text=said.get("text", ""),
            html=said.get("html", ""),
            title=said.get("title", ""),
        )
    return HttpResponse(status=204)
