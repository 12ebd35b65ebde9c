"""Who looks after the programme: shown, appointed and removed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.core.refused import Refused
from folkmoot.people.access import me, person_with_ref, programme_team_only
from folkmoot.people.actions import appoint_to_programme_team, remove_from_programme_team
from folkmoot.people.models import Person

FOUND = 20


@programme_team_only
def team(request: HttpRequest) -> HttpResponse:
    """`/programme/people/`"""
    refusal = _changed(request) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect("/" if request.POST.get("person") == me(request).ref else "programme_people")
    text = request.GET.get("q", "").strip()[:200]
    here = Person.objects.here(today()).select_related("unit").order_by("sort_name", "id")
    found = list(here.filter(on_programme_team=False).matching(text)[: FOUND + 1]) if text else []
    context = {
        "team": Person.objects.programme_team().select_related("unit").order_by("sort_name", "id"),
        "text": text,
        "found": found[:FOUND],
        "more": len(found) > FOUND,
        "refusal": refusal,
    }
    return render(request, "portal/programme_people.html", context, status=422 if refusal else 200)


def _changed(request: HttpRequest) -> Refused | None:
    """Appoint or remove whom the form names. Returns what was refused."""
    person = person_with_ref(request.POST.get("person", ""))
    try:
        if request.POST.get("on_team") == "yes":
            appoint_to_programme_team(by=me(request), person=person)
            said = _("%(name)s is on the programme team.")
        else:
            remove_from_programme_team(by=me(request), person=person)
            said = _("%(name)s is no longer on the programme team.")
    except Refused as refusal:
        return refusal
    messages.success(request, said % {"name": person.name})
    return None
