"""A community's overview, and where it stands against the charter: pages that mix several rooms."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.calendar.days import today
from folkmoot.communities.access import FOR_READERS_OF_FINDINGS, Standing, of_community
from folkmoot.communities.models import Community, Membership, MembershipQuerySet
from folkmoot.communities.views.header import header
from folkmoot.core.statements import statement
from folkmoot.health.findings import CommunityHealth
from folkmoot.health.measuring import measure, measure_these
from folkmoot.portal.days import asked_day
from folkmoot.portal.recent import recently


@of_community(sign_in=False)
def community(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/`: at most nine statements."""
    context = header(standing, "overview") | {
        "in_post": _in_post(standing),
        "pressing": _pressing(standing),
        "recent": recently(standing.community, by_month=not standing.can_see_members),
    }
    return render(request, "portal/community.html", context)


@of_community(may=lambda standing: standing.can_see_findings, reason=FOR_READERS_OF_FINDINGS)
def charter(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/charter/`: every finding with its evidence and next step, for any day (`?on=`)."""
    on, understood = asked_day(request)
    health = next(iter(measure(on, Community.objects.filter(pk=standing.community.pk))), None)
    context = header(standing, "charter") | {
        "on": on,
        "today": today(),
        "understood": understood,
        "health": health,
    }
    return render(request, "portal/community_charter.html", context)


def _in_post(standing: Standing) -> dict[str, list[Membership]]:
    """Leads and sponsors with their units, for staff. One statement."""
    if not standing.can_see_members:
        return {}
    rows = _those_in_post(standing.community.pk, standing.on)
    return {role: [row for row in rows if row.role == role] for role in ("lead", "sponsor")}


@statement
def _those_in_post(community: int, on: date) -> MembershipQuerySet:
    in_post = Membership.objects.current(on).in_post().filter(community=community)
    return in_post.select_related("person__unit").order_by("person__sort_name", "id")


def _pressing(standing: Standing) -> tuple[CommunityHealth, int] | None:
    """What the charter asks next of who may read it: the health, and how many more findings press."""
    asked = standing.is_lead or standing.is_sponsor or standing.on_programme_team
    if not asked or not standing.community.is_measured(standing.on):
        return None
    health = measure_these(standing.on, [standing.community])[0]
    return (health, len(health.pressing) - 1) if health.pressing else None
