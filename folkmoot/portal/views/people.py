"""A person's page, with the communities they belong to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership
from folkmoot.events.access import visible_to
from folkmoot.events.models import Event, Status
from folkmoot.people.access import me, person_with_ref, signed_in
from folkmoot.people.models import Person


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
        "talks": _talks(somebody, me(request)),
        "own": somebody == me(request),
        "on": on,
    }
    return render(request, "portal/person.html", context)


def _talks(speaker: Person, viewer: Person) -> list[Event]:
    """What they spoke at or will, as far as `viewer` may see it, the latest first. One statement."""
    events = visible_to(viewer, today()).filter(speakers__person=speaker).exclude(status=Status.CANCELLED)
    return list(
        events.select_related("community").defer("summary", "note").order_by("-starts_at", "-id")[:10]
    )
