"""The directory of communities."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.calendar.days import today
from folkmoot.communities.access import Viewer, can_create, directory_door, seen_by, visible_to
from folkmoot.communities.models import Community, CommunityQuerySet, Membership, PracticeArea, Role, Stage
from folkmoot.core.paging import KeyPage, first_page, page_by_key
from folkmoot.core.statements import statement
from folkmoot.people.models import Person

PAGE = 48
KEYS = ["sort_name", "id"]


@dataclass(frozen=True)
class Filters:
    """What the directory is narrowed to. Stage and “mine” are for staff; closed ones are shown on demand."""

    find: str
    area: str
    stage: str
    mine: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Filters":
        """Those of the query; what makes no sense is left out."""
        staff = request.user.is_authenticated
        stage = request.GET.get("stage", "")
        return cls(
            find=request.GET.get("q", "").replace("\x00", "").strip()[:200],
            area=request.GET.get("area", "").replace("\x00", "")[:100],
            stage=stage if staff and stage in Stage.values else "",
            mine=staff and bool(request.GET.get("mine")),
        )

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return bool(self.find or self.area or self.stage or self.mine)

    @property
    def query(self) -> str:
        """For links to other pages of the same list."""
        chosen = {"q": self.find, "area": self.area, "stage": self.stage, "mine": "1" if self.mine else ""}
        return urlencode({key: value for key, value in chosen.items() if value})

    def apply(self, viewer: Viewer) -> CommunityQuerySet:
        """The communities that `viewer` may see and asked for."""
        on = today()
        found = visible_to(viewer, on).matching(self.find)
        found = found.filter(Q(stage=self.stage)) if self.stage else found.exclude(Q(stage=Stage.CLOSED))
        if self.area:
            found = found.filter(practice_area__slug=self.area)
        if self.mine and isinstance(viewer, Person):
            found = found.filter(
                Exists(Membership.objects.current(on).filter(community=OuterRef("pk"), person=viewer))
            )
        return found


@directory_door
def communities(request: HttpRequest) -> HttpResponse:
    """`/communities/`"""
    filters = Filters.of(request)
    page = _page(request, filters)
    ids = [community.pk for community in page]
    sizes = Membership.objects.sizes(today(), ids)
    roles = _roles_of(request.user, ids)
    context = {
        "page": page,
        "cards": [(community, sizes.get(community.pk, 0), roles.get(community.pk, "")) for community in page],
        "filters": filters,
        "areas": _areas(today(), staff=request.user.is_authenticated),
        "stages": Stage.choices,
        "can_create": can_create(request.user),
    }
    return render(request, "communities/communities.html", context)


def _page(request: HttpRequest, filters: Filters) -> KeyPage[Community]:
    """One page of the list; the one that most people open is asked for by a statement that is ready."""
    staff = request.user.is_authenticated
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    if not (filters.any or after or before):
        return first_page(_first(today(), staff=staff), KEYS, size=PAGE)
    found = filters.apply(request.user).select_related("practice_area")
    return page_by_key(found, KEYS, after=after, before=before, size=PAGE)


@statement
def _first(on: date, *, staff: bool) -> CommunityQuerySet:
    living = seen_by(on, staff=staff).exclude(Q(stage=Stage.CLOSED))
    return living.select_related("practice_area").order_by(*KEYS)[: PAGE + 1]


@statement
def _areas(on: date, *, staff: bool) -> QuerySet[PracticeArea, tuple[str, str]]:
    """The practice areas of what the viewer may see, so that no name of a hidden community's area slips out."""
    seen = seen_by(on, staff=staff).filter(practice_area=OuterRef("pk"))
    return PracticeArea.objects.filter(Exists(seen)).values_list("slug", "name")


def _roles_of(viewer: Viewer, communities: list[int]) -> dict[int, str]:
    """{community id: the viewer's role there, as a person says it}; of two roles the one they sit in."""
    if not isinstance(viewer, Person) or not communities:
        return {}
    held = Membership.objects.current(today()).filter(person=viewer, community__in=communities)
    by_sponsor_first = sorted(
        held.values_list("community_id", "role"), key=lambda row: row[1] != Role.SPONSOR
    )
    return {community: str(Role(role).label) for community, role in by_sponsor_first}
