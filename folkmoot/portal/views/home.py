"""The first page: what this is for a visitor, what is mine and what is next for a person."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.calendar.days import today
from folkmoot.communities.access import is_shut_to, seen_by
from folkmoot.communities.models import CommunityQuerySet, Membership
from folkmoot.core import clock
from folkmoot.core.statements import statement
from folkmoot.events.coming import for_visitors
from folkmoot.people.models import Person
from folkmoot.portal.mine import my_page

SHOWN_TO_VISITORS = 24


def home(request: HttpRequest) -> HttpResponse:
    """`/`"""
    if isinstance(request.user, Person):
        return render(request, "portal/home.html", {"mine": my_page(request.user, today()), "today": today()})
    is_shut = is_shut_to(request.user)
    shown = [] if is_shut else _first_for_visitors(today())
    more = len(shown) > SHOWN_TO_VISITORS
    shown = shown[:SHOWN_TO_VISITORS]
    sizes = Membership.objects.sizes(today(), [community.pk for community in shown])
    cards = [(community, sizes.get(community.pk, 0)) for community in shown]
    coming = [] if is_shut else [(event, "", False) for event in for_visitors(clock.now(), today())]
    return render(request, "portal/welcome.html", {"cards": cards, "more": more, "events": coming})


@statement
def _first_for_visitors(on: date) -> CommunityQuerySet:
    """One more than is shown."""
    ordered = seen_by(on, staff=False).select_related("practice_area").order_by("sort_name", "id")
    return ordered[: SHOWN_TO_VISITORS + 1]
