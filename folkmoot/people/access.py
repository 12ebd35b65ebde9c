"""Who may open a page: anybody of the organisation who has signed in, or only the programme team; and the one
way to fetch a person.

A visitor is sent to sign in and comes back; somebody signed in who may not is told why (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from folkmoot.people.models import Person

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def signed_in(view: V) -> V:
    """Lets people of the organisation through; a visitor goes to the sign-in page and back."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(_viewer(request), Person):
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return cast(V, door)


def programme_team_only(view: V) -> V:
    """Lets the programme team through; others who are signed in get 403 with the reason."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        viewer = _viewer(request)
        if not isinstance(viewer, Person):
            return to_sign_in(request)
        if not viewer.on_programme_team:
            raise PermissionDenied(_("This page is for the programme team, who look after all communities."))
        return view(request, *args, **kwargs)

    return cast(V, door)


def person_with_ref(ref: str) -> Person:
    """The person with this id of the organisation, with their unit. Raises Http404 where there is none."""
    person = (
        None
        if "\x00" in ref
        else Person.objects.get_queryset().select_related("unit").filter(ref=ref).first()
    )
    if person is None:
        raise Http404
    return person


def me(request: HttpRequest) -> Person:
    """The person signed in, for views behind one of the doors above."""
    viewer = _viewer(request)
    if not isinstance(viewer, Person):
        raise PermissionDenied(_("Sign in first."))
    return viewer


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and from there back to where the visitor was.

    htmx cannot follow a redirect out of a fragment, so it gets 401 and the header that moves the whole page.
    """
    by_htmx = request.headers.get("HX-Request") == "true"
    if by_htmx:
        back = request.headers.get("HX-Current-URL", "/")
    elif request.method in {"GET", "HEAD"}:
        back = request.get_full_path()
    else:
        back = request.headers.get("Referer", "/")
    target = resolve_url("account_login") + "?" + urlencode({"next": _own_path(request, back)})
    if by_htmx:
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _own_path(request: HttpRequest, url: str) -> str:
    """The path and query of `url` where it is one of ours, else the first page."""
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}):
        return "/"
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _viewer(request: HttpRequest) -> object:
    """The user, taken out of the lazy wrapper in which Django's middleware keeps it."""
    user = request.user
    return user if user.is_authenticated else None
