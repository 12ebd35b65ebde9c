"""A community's overview, and where it stands against the charter: pages that mix several rooms."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.calendar.days import today
from folkmoot.charter.commitments import commitment_named
from folkmoot.communities.access import FOR_READERS_OF_FINDINGS, Standing, of_community
from folkmoot.communities.models import Community, Membership, MembershipQuerySet, Waiver
from folkmoot.communities.views.header import header
from folkmoot.core import clock
from folkmoot.core.statements import statement
from folkmoot.events.models import MEETINGS, Event, EventQuerySet
from folkmoot.health.findings import Finding
from folkmoot.health.measuring import measure, measure_these, strips
from folkmoot.meetings.access import circle_read_by
from folkmoot.meetings.models import Action, ActionQuerySet
from folkmoot.people.models import Person
from folkmoot.portal.days import asked_day
from folkmoot.portal.history import history
from folkmoot.portal.recent import recently


@of_community(sign_in=False)
def community(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/`: at most nine statements, and ten for those who answer for it."""
    context = header(standing, "overview") | {
        "in_post": _in_post(standing),
        "pressing": _pressing(standing),
        "coming": _coming(standing),
        "today": standing.on,
        "actions": _actions(standing),
        "recent": recently(standing.community, by_month=not standing.can_see_members),
    }
    return render(request, "portal/community.html", context)


@of_community(may=lambda standing: standing.can_see_findings, reason=FOR_READERS_OF_FINDINGS)
def charter(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/charter/`: every finding with its evidence and next step, for any day (`?on=`)."""
    on, understood = asked_day(request)
    health = next(iter(measure(on, Community.objects.filter(pk=standing.community.pk))), None)
    found = strips(on, [standing.community.pk]).get(standing.community.pk, {}) if health else {}
    waivers = (
        Waiver.objects.not_ended(today()).filter(community=standing.community).select_related("given_by")
    )
    context = header(standing, "charter") | {
        "on": on,
        "today": today(),
        "understood": understood,
        "health": health,
        "findings": [
            (finding, history(found.get(finding.commitment.key)))
            for finding in (health.findings if health else ())
        ],
        "waivers": [(waiver, commitment_named(waiver.commitment)) for waiver in waivers],
    }
    return render(request, "portal/community_charter.html", context)


def _in_post(standing: Standing) -> dict[str, list[Membership]]:
    """Leads and sponsors with their units, for staff. One statement."""
    if not standing.can_see_members:
        return {}
    rows = _those_in_post(standing.community.pk, standing.shown_on)
    return {role: [row for row in rows if row.role == role] for role in ("lead", "sponsor")}


def _coming(standing: Standing) -> list[Event]:
    """The next few events that the viewer may see. One statement."""
    return _coming_of(standing.community.pk, clock.now(), meetings=standing.can_see_findings)


@statement
def _coming_of(community: int, at: datetime, *, meetings: bool) -> EventQuerySet:
    events = Event.objects.settled().hosted_by(community).coming(at)
    if not meetings:
        events = events.exclude(kind__in=MEETINGS)
    return events.defer("summary", "note")[:4]


def _actions(standing: Standing) -> list[Action]:
    """What is to be done first, of what the viewer may read. One statement."""
    if not isinstance(standing.viewer, Person) or not standing.can_see_findings:
        return []
    return _open_actions(standing.community.pk, standing.viewer.pk, circle=circle_read_by(standing))


@statement
def _open_actions(community: int, viewer: int, *, circle: str) -> ActionQuerySet:
    given = Action.objects.open().filter(community=community).read_in(circle, owner=viewer)
    return given.select_related("owner")[:4]


@statement
def _those_in_post(community: int, on: date) -> MembershipQuerySet:
    in_post = Membership.objects.current(on).in_post().filter(community=community)
    return in_post.select_related("person__unit").order_by("person__sort_name", "id")


def _pressing(standing: Standing) -> tuple[Finding, int] | None:
    """What the charter asks next of who may read it, what is to be done first, and how many more findings press."""
    asked = standing.is_lead or standing.is_sponsor or standing.on_programme_team
    if not asked or not standing.community.is_measured(standing.on):
        return None
    pressing = measure_these(standing.on, [standing.community])[0].pressing
    return (min(pressing, key=lambda finding: finding.waits), len(pressing) - 1) if pressing else None
