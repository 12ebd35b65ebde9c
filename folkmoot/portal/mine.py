"""What is mine: my communities, what waits for me, and what the charter asks of those I answer for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from folkmoot.communities.models import (
    Community,
    CommunityQuerySet,
    Invitation,
    JoinRequest,
    Membership,
    Role,
)
from folkmoot.core import clock
from folkmoot.core.statements import statement
from folkmoot.discussions.unread import unread_threads
from folkmoot.events.coming import coming_up
from folkmoot.events.models import Event, EventQuerySet, Kind
from folkmoot.health.findings import CommunityHealth, Finding
from folkmoot.health.measuring import measure_these
from folkmoot.meetings.models import Action, ActionQuerySet, Ask, Poll
from folkmoot.meetings.waiting import waiting_asks, waiting_polls
from folkmoot.people.models import Person
from folkmoot.portal.suggestions import Suggestion, suggestions

ANSWER_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class MyCommunity:
    """A community of mine, the role I hold in it, how many people wait for an answer of its leads, what is unread."""

    community: Community
    role: str
    role_label: str
    waiting: int = 0
    unread: int = 0


@dataclass(frozen=True)
class Sponsored:
    """A community that I sponsor: when its leads and I meet next, and where it stands; None where nothing is known."""

    mine: MyCommunity
    meeting: Event | None
    health: CommunityHealth | None


@dataclass(frozen=True)
class MyPage:
    """Everything the first page shows to a person.

    `asked` is what the charter asks next of communities I lead, what is to be done first; `coming` are events, each
    with what I said.
    """

    person: Person
    communities: list[MyCommunity]
    sponsored: list[Sponsored]
    asked: list[Finding]
    invitations: list[Invitation]
    requests: list[JoinRequest]
    suggestions: list[Suggestion]
    actions: list[Action]
    polls: list[Poll]
    asks: list[Ask]
    coming: list[tuple[Event, str, bool]]

    @property
    def waiting(self) -> list[MyCommunity]:
        """Communities in which somebody waits for my answer."""
        return [mine for mine in self.communities if mine.waiting]

    @property
    def others(self) -> list[MyCommunity]:
        """Communities of mine that I do not sponsor."""
        return [mine for mine in self.communities if mine.role != Role.SPONSOR]


def my_page(person: Person, on: date) -> MyPage:
    """The first page of `person` on the day `on`. At most thirteen statements, whatever they belong to."""
    now = clock.now()
    communities = _my_communities(person, on)
    requests = _requests(person.pk, now - ANSWER_SHOWN)
    roles = {mine.community.pk: mine.role for mine in communities}
    answerable = [mine.community for mine in communities if mine.role in {Role.LEAD, Role.SPONSOR}]
    healths = measure_these(on, [community for community in answerable if community.is_measured(on)])
    pressing = [
        finding
        for health in healths
        for finding in health.pressing
        if roles[health.community.pk] == Role.LEAD
    ]
    sponsored = [mine for mine in communities if mine.role == Role.SPONSOR]
    asked = {request.community_id for request in requests}
    return MyPage(
        person=person,
        communities=communities,
        sponsored=_sponsored(person, on, sponsored, healths),
        asked=sorted(pressing, key=lambda finding: finding.waits),
        invitations=_invitations(person.pk),
        requests=requests,
        actions=list(_actions(person.pk)),
        suggestions=[] if communities else suggestions(person, on, leaving_out=asked),
        polls=waiting_polls(person.pk, on, now),
        asks=waiting_asks(person.pk, on) if sponsored else [],
        coming=coming_up(person.pk, roles, now),
    )


def _sponsored(
    person: Person, on: date, communities: list[MyCommunity], healths: list[CommunityHealth]
) -> list[Sponsored]:
    if not communities:
        return []
    meetings = {event.community_id: event for event in _meetings(person.pk, on, clock.now())}
    stand = {health.community.pk: health for health in healths}
    return [
        Sponsored(mine, meetings.get(mine.community.pk), stand.get(mine.community.pk)) for mine in communities
    ]


@statement
def _meetings(sponsor: int, on: date, at: datetime) -> EventQuerySet:
    """The next one of leads and sponsor, of each community that they sponsor."""
    held = Membership.objects.current(on).sponsors().filter(person=sponsor).values("community")
    booked = Event.objects.settled().filter(kind=Kind.SPONSOR_MEETING, community__in=held, ends_at__gt=at)
    return booked.defer("summary", "note").order_by("community_id", "starts_at").distinct("community_id")


def _my_communities(person: Person, on: date) -> list[MyCommunity]:
    order = [Role.LEAD, Role.SPONSOR, Role.CORE, Role.WIDER]
    mine = []
    found = _communities_of(person.pk, on)
    unread = unread_threads(person.pk, [community.pk for community in found])
    for community in found:
        role = min(community.viewer_roles, key=lambda role: order.index(Role(role)))
        waiting = community.waiting if Role.LEAD in community.viewer_roles else 0
        new = unread.get(community.pk, 0)
        mine.append(MyCommunity(community, role, str(Role(role).label), waiting, new))
    return sorted(mine, key=lambda one: order.index(Role(one.role)))


@statement
def _communities_of(person: int, on: date) -> CommunityQuerySet:
    held = Membership.objects.current(on).filter(person=person).values("community")
    mine = Community.objects.open(on).filter(pk__in=held).with_roles_of(person, on).with_requests_waiting()
    return mine.defer("words", "search_key").order_by("sort_name", "id")


@statement
def _requests(person: int, answered_after: datetime) -> QuerySet[JoinRequest]:
    mine = JoinRequest.objects.fresh(answered_after).filter(person=person)
    return mine.select_related("community").order_by("-asked_at")[:5]


@statement
def _actions(person: int) -> ActionQuerySet:
    return Action.objects.open().filter(owner=person).select_related("community", "owner")[:5]


@statement
def _invitations(person: int) -> QuerySet[Invitation]:
    return Invitation.objects.open().filter(person=person).select_related("community", "invited_by")[:20]
