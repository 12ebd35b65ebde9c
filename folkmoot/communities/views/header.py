"""What stands above every page of a community."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from folkmoot.communities.access import Standing
from folkmoot.communities.actions import leads_left_without
from folkmoot.communities.models import Membership
from folkmoot.core.refused import Refused
from folkmoot.people.models import Person


def header(standing: Standing, tab: str = "") -> dict[str, Any]:
    """The context of `communities/_header.html`, with the community and its figures. One statement."""
    return {
        "standing": standing,
        "community": standing.community,
        "figures": Membership.objects.figures(standing.shown_on, standing.community),
        "tab": tab,
    }


def unconfirmed(request: HttpRequest, standing: Standing, person: Person) -> int | None:
    """How many leads would stay without `person`, where that is too few and they have not been told this number.

    A page that warns sends the number it showed back as `leads_left`.
    """
    left = leads_left_without(standing.community, person)
    return None if request.POST.get("leads_left") == str(left) else left


def say_no(request: HttpRequest, refused: Refused) -> None:
    """Show a refusal on the page that comes next, where there is no field to show it beside."""
    messages.error(request, refused.sentence)
