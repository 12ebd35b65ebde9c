"""What is mine: my communities, what waits for me, and what the charter asks of those I answer for."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from folkmoot.communities.models import Community, Invitation, Membership, Role
from folkmoot.health.findings import Finding
from folkmoot.health.measuring import measure
from folkmoot.people.models import Person
from folkmoot.portal.suggestions import Suggestion, suggestions


@dataclass(frozen=True)
class MyCommunity:
    """A community of mine, the role I hold in it, and how many people wait for an answer of its leads."""

    community: Community
    role: str
    role_label: str
    waiting: int = 0


@dataclass(frozen=True)
class Asked:
    """Something the charter asks next of a community I lead or sponsor."""

    community: Community
    finding: Finding


@dataclass(frozen=True)
class MyPage:
    """Everything the first page shows to a person."""

    person: Person
    communities: list[MyCommunity]
    asked: list[Asked]
    invitations: list[Invitation]
    suggestions: list[Suggestion]

    @property
    def waiting(self) -> list[MyCommunity]:
        """Communities in which somebody waits for my answer."""
        return [mine for mine in self.communities if mine.waiting]


def my_page(person: Person, on: date) -> MyPage:
    """The first page of `person` on the day `on`. At most nine statements, whatever they belong to."""
    communities = _my_communities(person, on)
    answerable = [mine.community.pk for mine in communities if mine.role in {Role.LEAD, Role.SPONSOR}]
    healths = measure(on, Community.objects.filter(pk__in=answerable)) if answerable else []
    invitations = Invitation.objects.open().filter(person=person)
    return MyPage(
        person=person,
        communities=communities,
        asked=[Asked(health.community, finding) for health in healths for finding in health.pressing],
        invitations=list(invitations.select_related("community", "invited_by")[:20]),
        suggestions=[] if communities else suggestions(person, on),
    )


def _my_communities(person: Person, on: date) -> list[MyCommunity]:
    held = Membership.objects.current(on).filter(person=person).values_list("community_id", "role")
    roles: dict[int, list[str]] = {}
    for community_id, role in held:
        roles.setdefault(community_id, []).append(role)
    if not roles:
        return []
    order = [Role.LEAD, Role.SPONSOR, Role.CORE, Role.WIDER]
    waiting = Count("join_requests", filter=Q(join_requests__answered_at__isnull=True))
    found = (
        Community.objects.open(on)
        .filter(pk__in=roles)
        .select_related("practice_area")
        .annotate(waiting=waiting)
    )
    mine = []
    for community in found.order_by("sort_name", "id"):
        role = min(roles[community.pk], key=lambda role: order.index(Role(role)))
        is_lead = Role.LEAD in roles[community.pk]
        mine.append(MyCommunity(community, role, str(Role(role).label), community.waiting if is_lead else 0))
    return sorted(mine, key=lambda one: order.index(Role(one.role)))
