"""Choosing through whose eyes to look around."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from folkmoot.demo.access import face_of, faces, in_demo_only
from folkmoot.demo.mailbox import letter_of, letters
from folkmoot.demo.models import DemoProgramme
from folkmoot.people.mail import is_configured

_OF_LETTERS = {
    "default-src": ["'none'"],
    "script-src": None,
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'none'"],
}


@in_demo_only
@require_safe
@never_cache
def demo(request: HttpRequest) -> HttpResponse:
    """`/demo/`: the cast, each with a button that signs in."""
    return render(request, "demo/demo.html", {"faces": faces(), "demo": DemoProgramme.objects.latest("pk")})


@in_demo_only
def session(request: HttpRequest, key: str) -> HttpResponse:
    """`/demo/<key>/session/`: sign in as that member of the cast, and go where one was going."""
    if request.method != "POST":
        return redirect("demo")
    face = face_of(key)
    login(request, face.person, backend=settings.AUTHENTICATION_BACKENDS[0])
    going = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(going, {request.get_host()}, require_https=request.is_secure()):
        return redirect(going)
    return redirect(face.member.starts_at)


@in_demo_only
@require_safe
@never_cache
def mail(request: HttpRequest) -> HttpResponse:
    """`/demo/mail/`: the letters that would have been sent; there are none where a mail server sends them."""
    if is_configured():
        raise Http404
    return render(request, "demo/mail.html", {"letters": letters()})


@in_demo_only
@require_safe
@never_cache
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """`/demo/mail/<file>/`: a letter as a mail program shows it."""
    found = None if is_configured() else letter_of(name)
    if found is None or not found.html:
        raise Http404
    response = HttpResponse(found.html)
    # As django-csp's own decorator does, which does not know of a door around it.
    response._csp_replace = _OF_LETTERS  # type: ignore[attr-defined]
    return response
