"""One post: other words, removing and hiding it, what it said before, its files, and what others say of it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.communities.access import Standing
from folkmoot.communities.views.header import header, say_no
from folkmoot.core.files import file_url
from folkmoot.core.refused import Refused
from folkmoot.discussions.access import inside, post_for
from folkmoot.discussions.actions import edit_post, hide_post, react, remove_post, show_post
from folkmoot.discussions.forms import EditForm, ReasonForm
from folkmoot.discussions.models import Post, Reaction
from folkmoot.discussions.shown import posts_of, shown
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse


@inside
def edit(request: HttpRequest, standing: Standing, pk: int, number: int) -> HttpResponse:
    """`…/posts/<n>/edit/`: one's own words, said otherwise."""
    found, post = post_for(standing, pk, number)
    if not found.can_edit(post):
        raise PermissionDenied(_("Who wrote it can say it otherwise."))
    mentions = reverse("mentionable", args=[standing.community.slug])
    form = EditForm(request.POST or None, post=post, mentions=mentions)
    if request.method == "POST" and form.is_valid():
        try:
            edit_post(by=me(request), post=post, **form.values())
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect(_place(post))
    context = {"form": form, "post": post, "thread": found.thread}
    status = 422 if form.is_bound else 200
    return render(request, "discussions/edit.html", header(standing, "talk") | context, status=status)


@inside
def removal(request: HttpRequest, standing: Standing, pk: int, number: int) -> HttpResponse:
    """`…/posts/<n>/removal/`: a page that asks, and the answer."""
    found, post = post_for(standing, pk, number)
    if not found.can_remove(post):
        raise PermissionDenied(_("Who wrote it can remove it, or a lead."))
    if request.method == "POST":
        try:
            remove_post(by=me(request), post=post)
        except Refused as refused:
            say_no(request, refused)
        return redirect(_place(post))
    context = {"post": post, "thread": found.thread}
    return render(request, "discussions/removal.html", header(standing, "talk") | context)


@inside
def hiding(request: HttpRequest, standing: Standing, pk: int, number: int) -> HttpResponse:
    """`…/posts/<n>/hiding/`: out of sight for a reason, or back."""
    found, post = post_for(standing, pk, number)
    if not found.can_hide(post):
        raise PermissionDenied(_("This is for the leads of this community and the programme team."))
    form = ReasonForm(request.POST if request.method == "POST" and not post.is_hidden else None)
    if request.method == "POST" and (post.is_hidden or form.is_valid()):
        try:
            if post.is_hidden:
                show_post(by=me(request), post=post)
            else:
                hide_post(by=me(request), post=post, reason=form.cleaned_data["reason"])
        except Refused as refused:
            say_no(request, refused)
        return redirect(_place(post))
    context = {"form": form, "post": post, "thread": found.thread}
    status = 422 if form.is_bound else 200
    return render(request, "discussions/hiding.html", header(standing, "talk") | context, status=status)


@inside
def history(request: HttpRequest, standing: Standing, pk: int, number: int) -> HttpResponse:
    """`…/posts/<n>/history/`: what it said before."""
    found, post = post_for(standing, pk, number)
    if post.is_removed:
        raise Http404
    context = {"post": post, "thread": found.thread, "earlier": post.earlier.all()[:50]}
    return render(request, "discussions/history.html", header(standing, "talk") | context)


@inside
def reactions(request: HttpRequest, standing: Standing, pk: int, number: int) -> HttpResponse:
    """`…/posts/<n>/reactions/`: its buttons; the answer is the post as it is now, or the thread without script."""
    found, post = post_for(standing, pk, number)
    if request.method == "POST":
        for given, name in ((True, "give"), (False, "take")):
            kind = request.POST.get(name)
            if kind in Reaction.Kind.values and found.can_react(post):
                try:
                    react(by=me(request), post=post, kind=str(kind), given=given)
                except Refused as refused:
                    say_no(request, refused)
    if "HX-Request" not in request.headers:
        return redirect(_place(post))
    context = {
        "community": standing.community,
        "found": found,
        "thread": found.thread,
        "posts": shown(found, posts_of(pk, number, number + 1)),
    }
    return render(request, "discussions/_posts.html", context)


@inside
def attachment(request: HttpRequest, standing: Standing, pk: int, number: int, file: int) -> HttpResponse:
    """`…/posts/<n>/attachments/<id>/`: to the file, for a minute."""
    _found, post = post_for(standing, pk, number)
    return redirect(file_url(get_object_or_404(post.attachments, pk=file).file_id))


def _place(post: Post) -> str:
    return f"{post.thread.get_absolute_url()}?at={post.number}#post-{post.number}"
