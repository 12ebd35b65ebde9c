"""A person's page, with the communities they belong to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership
from folkmoot.people.access import me, person_with_ref, signed_in


@signed_in
def person(request: HttpRequest, ref: str) -> HttpResponse:
    """`/people/<id>/`: the id is the organisation's own, any text."""
    on = today()
    somebody = person_with_ref(ref)
    memberships = Membership.objects.current(on).filter(
        person=somebody, community__in=Community.objects.open(on).values("pk")
    )
    context = {
        "person": somebody,
        "units": [*somebody.unit.ancestors(), somebody.unit] if somebody.unit else [],
        "memberships": memberships.in_role_order().select_related("community"),
        "own": somebody == me(request),
        "on": on,
    }
    return render(request, "portal/person.html", context)
