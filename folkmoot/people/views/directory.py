"""The directory of people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from folkmoot.core import clock
from folkmoot.people.access import signed_in
from folkmoot.people.directory import Search
from folkmoot.people.models import Person
from folkmoot.people.naming import proposed


@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """`/people/`: a plain form; while one types, htmx asks the same view for the list alone."""
    search = Search.asked(request.GET, clock.today())
    whole = (
        request.headers.get("HX-Target") != "people-found" or "HX-History-Restore-Request" in request.headers
    )
    template = "people/people.html" if whole else "people/_found.html"
    response = render(request, template, {"search": search})
    patch_vary_headers(response, ["HX-Target"])
    return response


@signed_in
def names(request: HttpRequest) -> HttpResponse:
    """`/names/?q=…`: the fragment with people who may be meant, while somebody types a name into a form."""
    asked = request.GET.get("q", "")[:80]
    if "HX-Request" not in request.headers:
        return redirect("people")
    here = (
        Person.objects.here(clock.today())
        .select_related("unit")
        .only("ref", "name", "job_title", "unit__name")
    )
    return render(request, "people/_names.html", {"people": proposed(here, asked)})
