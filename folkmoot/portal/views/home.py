"""The first page: what this is for a visitor, what is mine and what is next for a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.calendar.days import today
from folkmoot.communities.access import visible_to
from folkmoot.communities.models import Membership
from folkmoot.people.models import Person
from folkmoot.portal.mine import my_page

SHOWN_TO_VISITORS = 24


def home(request: HttpRequest) -> HttpResponse:
    """`/`"""
    if isinstance(request.user, Person):
        return render(request, "portal/home.html", {"mine": my_page(request.user, today())})
    communities = (
        visible_to(request.user, today()).select_related("practice_area").order_by("sort_name", "id")
    )
    shown = list(communities[: SHOWN_TO_VISITORS + 1])
    more = len(shown) > SHOWN_TO_VISITORS
    shown = shown[:SHOWN_TO_VISITORS]
    sizes = Membership.objects.sizes(today(), [community.pk for community in shown])
    cards = [(community, sizes.get(community.pk, 0)) for community in shown]
    return render(request, "portal/welcome.html", {"cards": cards, "more": more})
