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
from folkmoot.health.findings import Finding
from folkmoot.health.measuring import measure_these
from folkmoot.meetings.models import Action, ActionQuerySet
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
class Asked:
    """Something the charter asks next of a community I lead or sponsor."""

    community: Community
    finding: Finding
    role: str

    @property
    def is_mine(self) -> bool:
        """Whether it is for me to do: a sponsor is told what leads do next, and where it stands."""
        return self.role == Role.LEAD


@dataclass(frozen=True)
class MyPage:
    """Everything the first page shows to a person."""

    person: Person
    communities: list[MyCommunity]
    asked: list[Asked]
    invitations: list[Invitation]
    requests: list[JoinRequest]
    suggestions: list[Suggestion]
    actions: list[Action]

    @property
    def waiting(self) -> list[MyCommunity]:
        """Communities in which somebody waits for my answer."""
        return [mine for mine in self.communities if mine.waiting]


def my_page(person: Person, on: date) -> MyPage:
    """The first page of `person` on the day `on`. At most ten statements, whatever they belong to."""
    communities = _my_communities(person, on)
    requests = _requests(person.pk, clock.now() - ANSWER_SHOWN)
    asked = {request.community_id for request in requests}
    answerable = [mine.community for mine in communities if mine.role in {Role.LEAD, Role.SPONSOR}]
    roles = {mine.community.pk: mine.role for mine in communities}
    healths = measure_these(on, [community for community in answerable if community.is_measured(on)])
    return MyPage(
        person=person,
        communities=communities,
        asked=[
            Asked(health.community, finding, roles[health.community.pk])
            for health in healths
            for finding in health.pressing
        ],
        invitations=_invitations(person.pk),
        requests=requests,
        actions=list(_actions(person.pk)),
        suggestions=[] if communities else suggestions(person, on, leaving_out=asked),
    )


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
