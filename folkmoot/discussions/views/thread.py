"""One thread: reading on and replying; following, answering, locking and moving it; as a file."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.communities.access import Standing, community_for
from folkmoot.communities.views.header import header, say_no
from folkmoot.core.live import live_url
from folkmoot.core.refused import Refused
from folkmoot.core.statements import statement
from folkmoot.discussions.access import (
    FOR_MEMBERS,
    ThreadStanding,
    can_moderate,
    can_read,
    doors_of,
    inside,
    post_for,
    thread_for,
    where_to_move,
)
from folkmoot.discussions.actions import (
    accept_answer,
    follow_thread,
    lock_thread,
    move_thread,
    read_thread,
    reply,
)
from folkmoot.discussions.actions.locks import topic_of
from folkmoot.discussions.exporting import FORMS, as_html, as_markdown, file_name
from folkmoot.discussions.forms import MoveForm, PostForm
from folkmoot.discussions.models import Draft, Reading, Thread
from folkmoot.discussions.notices import groups_of
from folkmoot.discussions.shown import posts_of, quoted, shown
from folkmoot.notifications.actions import read_notices
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse

POSTS = 50


@inside
def thread(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/<id>/`: its posts, from where one stopped reading; a POST writes the next."""
    try:
        found = thread_for(standing, pk)
    except Http404:
        return _where_it_is_now(request, standing, pk)
    form = _form(request, found)
    if request.method == "POST":
        if not found.can_reply:
            raise PermissionDenied(str(FOR_MEMBERS))
        if form.is_valid():
            try:
                post = reply(by=me(request), thread=found.thread, **form.values())
            except Refused as refused:
                refuse(form, refused)
            else:
                return redirect(f"{found.thread.get_absolute_url()}?at={post.number}#post-{post.number}")
    read = next(iter(_reading(found.thread.pk, me(request).pk)), None)
    window = _window(request, found.thread, read)
    posts = posts_of(found.thread, window.first, window.first + POSTS)
    if posts and (read is None or read.number < posts[-1].number):
        read_thread(by=me(request), thread=found.thread, number=posts[-1].number)
    read_notices(by=me(request), groups=groups_of(found.thread))
    context = {
        "found": found,
        "thread": found.thread,
        "posts": shown(found, posts),
        "live": _live(found) if window.later is None else "",
        "new_from": read.number + 1 if read and 0 < read.number < found.thread.posts else None,
        "follows": bool(read and read.follows),
        "window": window,
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
    some = posts_of(pk, first, first + (POSTS if only is None else 1))
    if some and only is None:
        read_thread(by=me(request), thread=found.thread, number=some[-1].number)
    context = {
        "community": standing.community,
        "found": found,
        "thread": found.thread,
        "posts": shown(found, some),
    }
    response = render(request, "discussions/_posts.html", context)
    response["Live"] = _live(found)
    return response


@inside
def export(request: HttpRequest, standing: Standing, pk: int, form: str) -> HttpResponse:
    """`…/export.md` and `.html`: the whole thread as a file."""
    found = thread_for(standing, pk)
    if form not in FORMS:
        raise Http404
    said = [post for post in posts_of(pk, 1, found.thread.posts + 1) if found.can_see(post)]
    content = (as_markdown if form == "md" else as_html)(found.thread, said)
    response = HttpResponse(content, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="{file_name(found.thread, form)}"'
    return response


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
def move(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/move/`: to another community that one looks after."""
    found = thread_for(standing, pk)
    if not found.can_move:
        raise PermissionDenied(
            _("Leads move threads between the communities they lead, and the programme team.")
        )
    viewer = me(request)
    choices = list(where_to_move(standing).values_list("slug", "name"))
    form = MoveForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        target = community_for(viewer, form.cleaned_data["to"], standing.on)
        if not can_moderate(target):
            raise PermissionDenied(_("This is for the leads of that community and the programme team."))
        try:
            move_thread(by=viewer, thread=found.thread, to=target.community)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("It is in %(name)s now.") % {"name": target.community.name})
            return redirect("thread", target.community.slug, pk)
    context = {"form": form, "thread": found.thread, "none": not choices}
    status = 422 if form.is_bound else 200
    return render(request, "discussions/move.html", header(standing, "talk") | context, status=status)


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


def _form(request: HttpRequest, found: ThreadStanding) -> PostForm:
    """The form for a reply: what was typed before, and the post that is quoted."""
    initial: dict[str, Any] = {}
    if request.method != "POST" and found.can_reply:
        kept = next(iter(_draft(found.thread.pk, me(request).pk)), None)
        if kept:
            initial = {"text": kept.text, "html": kept.html}
        number = _number(request.GET.get("quote"))
        for post in posts_of(found.thread, number, number + 1) if number else ():
            if found.can_quote(post):
                text, html = quoted(post)
                html = f"{initial.get('html', '')}{html}"
                initial = {"text": f"{initial.get('text', '')}\n\n{text}".lstrip(), "html": html}
    mentions = reverse("mentionable", args=[found.standing.community.slug])
    return PostForm(request.POST or None, request.FILES or None, mentions=mentions, initial=initial)


def _where_it_is_now(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """To the community that the thread was moved to, for whoever may read there; else 404."""
    thread = get_object_or_404(Thread.objects.select_related("community"), pk=pk)
    target = community_for(request.user, thread.community.slug, standing.on)
    if thread.community_id == standing.community.pk or not can_read(target):
        raise Http404
    return redirect(thread)


def _live(found: ThreadStanding) -> str:
    return live_url(topic_of(found.thread), doors=doors_of(found.standing, found.thread))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 9 else None


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
def _draft(thread: int, person: int) -> QuerySet[Draft]:
    return Draft.objects.filter(thread=thread, person=person)
