"""One post: other words, removing it, and what it said before."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.communities.access import Standing
from folkmoot.communities.views.header import header, say_no
from folkmoot.core.refused import Refused
from folkmoot.discussions.access import post_for
from folkmoot.discussions.actions import edit_post, remove_post
from folkmoot.discussions.forms import PostForm
from folkmoot.discussions.models import Post
from folkmoot.discussions.views.threads import inside
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse


@inside
def edit(request: HttpRequest, standing: Standing, pk: int, number: int) -> HttpResponse:
    """`…/posts/<n>/edit/`: one's own words, said otherwise."""
    found, post = post_for(standing, pk, number)
    if not found.can_edit(post):
        raise PermissionDenied(_("Who wrote it can say it otherwise."))
    form = PostForm(request.POST or None, initial={"text": post.text})
    if request.method == "POST" and form.is_valid():
        try:
            edit_post(by=me(request), post=post, text=form.cleaned_data["text"])
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
def history(request: HttpRequest, standing: Standing, pk: int, number: int) -> HttpResponse:
    """`…/posts/<n>/history/`: what it said before."""
    found, post = post_for(standing, pk, number)
    if post.is_removed:
        raise Http404
    context = {"post": post, "thread": found.thread, "earlier": post.earlier.all()[:50]}
    return render(request, "discussions/history.html", header(standing, "talk") | context)


def _place(post: Post) -> str:
    return f"{post.thread.get_absolute_url()}?at={post.number}#post-{post.number}"
