"""Choosing through whose eyes to look around."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from folkmoot.demo.access import face_of, faces, in_demo_only
from folkmoot.demo.models import DemoProgramme


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
