"""Threads: the list, one of them, starting one; locking, following, accepting an answer."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.views.header import header, say_no
from folkmoot.core.live import live_url
from folkmoot.core.paging import KeyPage, page_by_key
from folkmoot.core.refused import Refused
from folkmoot.core.statements import statement
from folkmoot.discussions.access import (
    FOR_INSIDERS,
    FOR_MEMBERS,
    ThreadStanding,
    can_announce,
    can_moderate,
    can_read,
    can_write,
    post_for,
    thread_for,
)
from folkmoot.discussions.actions import (
    accept_answer,
    follow_thread,
    lock_thread,
    read_all,
    read_thread,
    reply,
    start_thread,
    topic_of,
)
from folkmoot.discussions.exporting import FORMS, as_html, as_markdown, file_name
from folkmoot.discussions.forms import PostForm, ThreadForm
from folkmoot.discussions.models import Post, Reading, Report, Thread
from folkmoot.discussions.notices import groups_of
from folkmoot.notifications.actions import read_notices
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse

PAGE = 30
POSTS = 50
KINDS = [(kind.value, kind.label) for kind in Thread.Kind]

inside = of_community(may=can_read, reason=FOR_INSIDERS, locks=False)


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


@of_community(may=can_write, reason=FOR_MEMBERS, locks=False)
def new(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/new/`: a thread with its first post."""
    form = ThreadForm(request.POST or None, may_announce=can_announce(standing))
    if request.method == "POST" and form.is_valid():
        try:
            thread = start_thread(by=me(request), community=standing.community, **form.values())
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect(thread)
    status = 422 if form.is_bound else 200
    return render(request, "discussions/new.html", header(standing, "talk") | {"form": form}, status=status)


@inside
def thread(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/<id>/`: its posts, from where one stopped reading; a POST writes the next."""
    found = thread_for(standing, pk)
    form = PostForm(request.POST or None)
    if request.method == "POST":
        if not found.can_reply:
            raise PermissionDenied(str(FOR_MEMBERS))
        if form.is_valid():
            try:
                post = reply(by=me(request), thread=found.thread, **form.cleaned_data)
            except Refused as refused:
                refuse(form, refused)
            else:
                return redirect(f"{found.thread.get_absolute_url()}?at={post.number}#post-{post.number}")
    read = next(iter(_reading(found.thread.pk, me(request).pk)), None)
    shown = _window(request, found.thread, read)
    posts = _written(found.thread.pk, shown.first, shown.first + POSTS)
    if posts and (read is None or read.number < posts[-1].number):
        read_thread(by=me(request), thread=found.thread, number=posts[-1].number)
    read_notices(by=me(request), groups=groups_of(found.thread))
    context = {
        **_as_shown(found, posts),
        "live": live_url(topic_of(found.thread)) if shown.later is None else "",
        "new_from": read.number + 1 if read and 0 < read.number < found.thread.posts else None,
        "follows": bool(read and read.follows),
        "window": shown,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "discussions/thread.html", header(standing, "talk") | context, status=status)


@inside
def posts(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/posts/?after=<n>`: the fragment with what was written since; `?only=<n>` is one post as it is now."""
    found = thread_for(standing, pk)
    if "HX-Request" not in request.headers:
        return redirect(found.thread)
    after, only = _number(request.GET.get("after")), _number(request.GET.get("only"))
    first = (after or 0) + 1 if only is None else only
    some = _written(pk, first, first + (POSTS if only is None else 1))
    if some and only is None:
        read_thread(by=me(request), thread=found.thread, number=some[-1].number)
    context = {"community": standing.community, **_as_shown(found, some)}
    return render(request, "discussions/_posts.html", context)


def _as_shown(found: ThreadStanding, posts: list[Post]) -> dict[str, Any]:
    """What `_posts.html` takes, but for the community."""
    return {
        "found": found,
        "thread": found.thread,
        "posts": [
            (post, found.can_edit(post), found.can_remove(post), found.can_report(post)) for post in posts
        ],
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 9 else None


@inside
def export(request: HttpRequest, standing: Standing, pk: int, form: str) -> HttpResponse:
    """`…/export.md` and `.html`: the whole thread as a file."""
    thread = thread_for(standing, pk).thread
    if form not in FORMS:
        raise Http404
    posts = _written(pk, 1, thread.posts + 1)
    content = (as_markdown if form == "md" else as_html)(thread, posts)
    response = HttpResponse(content, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="{file_name(thread, form)}"'
    return response


@inside
def reading(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/threads/reading/`: the button that has all of it read."""
    if request.method == "POST":
        read_all(by=me(request), community=standing.community)
    return redirect("threads", standing.community.slug)


@inside
def lock(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/lock/`: the button that ends a thread, or opens it again."""
    found = thread_for(standing, pk)
    if not found.can_lock:
        raise PermissionDenied(_("This is for the leads of this community and the programme team."))
    if request.method == "POST":
        lock_thread(by=me(request), thread=found.thread, locked=request.POST.get("locked") == "yes")
    return redirect(found.thread)


@inside
def following(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/following/`: the button to hear of what is written, or no longer."""
    found = thread_for(standing, pk)
    if request.method == "POST":
        follow_thread(by=me(request), thread=found.thread, follows=request.POST.get("follows") == "yes")
    return redirect(found.thread)


@inside
def answer(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/answer/`: the button that accepts a post, or takes that back."""
    found = thread_for(standing, pk)
    if not found.can_accept:
        raise PermissionDenied(_("Who asked says what answers it, or a lead."))
    if request.method == "POST":
        number = _number(request.POST.get("number"))
        post = post_for(standing, pk, number)[1] if number is not None else None
        try:
            accept_answer(by=me(request), thread=found.thread, post=post)
        except Refused as refused:
            say_no(request, refused)
        else:
            messages.success(request, _("That answers it.") if post else _("It is open again."))
    return redirect(found.thread)


@dataclass(frozen=True)
class Window:
    """Which posts are shown: those from the number `first` on."""

    thread: Thread
    first: int

    @property
    def earlier(self) -> int | None:
        """Where the page before begins."""
        return max(1, self.first - POSTS) if self.first > 1 else None

    @property
    def later(self) -> int | None:
        """Where the page behind begins."""
        return self.first + POSTS if self.first + POSTS <= self.thread.posts else None


def _window(request: HttpRequest, thread: Thread, reading: Reading | None) -> Window:
    """From the number that is asked for, else from shortly before what is new, else the last of them."""
    last_page = max(1, thread.posts - POSTS + 1)
    asked, at = _number(request.GET.get("from")), _number(request.GET.get("at"))
    if asked is not None:
        return Window(thread, max(1, min(asked, thread.posts)))
    if at is not None:
        return Window(thread, max(1, min(at - 5, last_page)))
    read = reading.number if reading else thread.posts
    return Window(thread, max(1, min(read - 2, last_page)))


@statement
def _reading(thread: int, person: int) -> QuerySet[Reading]:
    return Reading.objects.filter(thread=thread, person=person)


@statement
def _written(thread: int, first: int, end: int) -> QuerySet[Post]:
    """The posts from the number `first` to before `end`, with what is shown of who wrote them."""
    posts = Post.objects.filter(thread=thread, number__gte=first, number__lt=end).select_related("by")
    shown = [field.name for field in Post._meta.concrete_fields] + ["by__ref", "by__name", "by__photo_key"]
    return posts.only(*shown).order_by("number")
