"""Who may see and do what in communities, and the one way to fetch a community for a person.

Invisible is 404, visible but not allowed is 403 with the reason, and a visitor is asked to sign in first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BooleanField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, CommunityQuerySet, Membership, Role, Stage
from folkmoot.communities.models.sql import Sql
from folkmoot.core.statements import statement
from folkmoot.people.access import to_sign_in
from folkmoot.people.models import Person

Viewer = Person | AnonymousUser
View = Callable[..., HttpResponse]

FOR_LEADS = gettext_lazy("This is for the leads of this community and the programme team.")
FOR_READERS_OF_FINDINGS = gettext_lazy(
    "How a community stands against the charter is for its leads, sponsor and core members, "
    "and the programme team."
)
FOR_PROGRAMME_TEAM = gettext_lazy("This is for the programme team.")


def visible_to(viewer: Viewer, on: date) -> CommunityQuerySet:
    """What `viewer` may see on the day `on`: staff everything, visitors what is public and not closed."""
    seen = seen_by(on, staff=viewer.is_authenticated)
    return seen.none() if is_shut_to(viewer) else seen


def seen_by(on: date, *, staff: bool) -> CommunityQuerySet:
    """The same for statements, whose viewers have been found not to be shut out."""
    seen = Community.objects.with_stage(on) if staff else Community.objects.open(on).public()
    return seen.defer("words", "search_key")


def can_create(viewer: Viewer) -> bool:
    """Whether `viewer` may found a community: the programme team does."""
    return bool(getattr(viewer, "on_programme_team", False))


@dataclass(frozen=True)
class Standing:
    """How `viewer` stands in `community` on the day `on`: the roles they hold and what these allow."""

    viewer: Viewer
    community: Community
    on: date
    roles: frozenset[str] = frozenset()
    is_invited: bool = False
    has_asked: bool = False
    requests_waiting: int = 0

    @cached_property
    def is_staff(self) -> bool:
        """Whether this is somebody of the organisation who has signed in."""
        return self.viewer.is_authenticated

    @cached_property
    def on_programme_team(self) -> bool:
        """Whether the viewer looks after the whole programme."""
        return bool(getattr(self.viewer, "on_programme_team", False))

    @property
    def is_lead(self) -> bool:
        """Whether the viewer is a lead in post."""
        return Role.LEAD in self.roles

    @property
    def is_sponsor(self) -> bool:
        """Whether the viewer is the sponsor in post."""
        return Role.SPONSOR in self.roles

    @property
    def is_member(self) -> bool:
        """Whether the viewer belongs to the community in any role."""
        return bool(self.roles)

    @property
    def seat(self) -> str:
        """The viewer's role among lead, core and wider, or empty."""
        return next((role for role in (Role.LEAD, Role.CORE, Role.WIDER) if role in self.roles), "")

    @property
    def role_sentence(self) -> str:
        """The viewer's role, said to them: of two, the seat; empty where they have none."""
        sentences = {
            Role.LEAD: _("You are a lead"),
            Role.CORE: _("You are a core member"),
            Role.WIDER: _("You are a member"),
            Role.SPONSOR: _("You are the sponsor"),
        }
        return next((said for role, said in sentences.items() if role in self.roles), "")

    @property
    def is_open(self) -> bool:
        """Whether the community still takes members."""
        return self.community.stage != Stage.CLOSED

    @property
    def shown_on(self) -> date:
        """The day whose members are shown: of a closed community its last, so that knowledge and credit stay."""
        until = self.community.until
        return until if until is not None and not self.is_open and until < self.on else self.on

    @property
    def can_see_members(self) -> bool:
        """Names and units are for staff."""
        return self.is_staff

    @property
    def can_see_inside(self) -> bool:
        """Conversations, minutes and files, as the community decided."""
        if self.community.inside == Community.Inside.STAFF:
            return self.is_staff
        return self.is_member or self.on_programme_team

    @property
    def can_see_findings(self) -> bool:
        """CHARTER.md: its leads, sponsor and core members, and the programme team. Nobody else."""
        return self.on_programme_team or bool(self.roles & {Role.LEAD, Role.SPONSOR, Role.CORE})

    @property
    def can_manage_members(self) -> bool:
        """Leads look after their members; the programme team after everyone's."""
        return self.is_lead or self.on_programme_team

    @property
    def can_record_events(self) -> bool:
        """Leads and sponsor say when they met, and plan ahead."""
        return self.is_lead or self.is_sponsor or self.on_programme_team

    @property
    def can_edit(self) -> bool:
        """Leads keep their community's page."""
        return self.is_lead or self.on_programme_team

    @property
    def can_set_up(self) -> bool:
        """Stages and sponsors are the programme team's."""
        return self.on_programme_team

    @property
    def roles_to_give(self) -> list[Role]:
        """The roles they may give to others: leads all but sponsor, whom the programme team appoints."""
        if not self.can_manage_members:
            return []
        return [Role.WIDER, Role.CORE, Role.LEAD] + ([Role.SPONSOR] if self.can_set_up else [])

    def may_end(self, membership: Membership) -> bool:
        """Leads end memberships of their community; that of its sponsor only the programme team ends."""
        return self.can_set_up or (self.can_manage_members and membership.role != Role.SPONSOR)


def community_for(viewer: Viewer, slug: str, on: date) -> Standing:
    """The community of that slug, as far as `viewer` may see it, with their standing in it. One statement.

    Raises Http404 where it is invisible to them.
    """
    if is_shut_to(viewer):
        raise Http404
    found = _seen_by_person(slug, on, viewer.pk) if isinstance(viewer, Person) else _seen_by_visitor(slug, on)
    if not found:
        raise Http404
    community = found[0]
    return Standing(
        viewer=viewer,
        community=community,
        on=on,
        roles=frozenset(getattr(community, "viewer_roles", ())),
        is_invited=getattr(community, "viewer_is_invited", False),
        has_asked=getattr(community, "viewer_has_asked", False),
        requests_waiting=getattr(community, "waiting", None) or 0,
    )


def of_community(
    *,
    sign_in: bool = True,
    may: Callable[[Standing], bool] = lambda standing: True,
    reason: str | Promise = FOR_LEADS,
    locks: bool = True,
) -> Callable[[View], View]:
    """A view of one community: takes the slug of the URL and hands the view the viewer's `Standing` instead.

    Invisible is 404. Where `sign_in` is asked for, a visitor is sent to sign in and comes back. Who does not
    pass `may` gets 403 with the reason. Of two who change one community at once, the second's standing is read
    after the first is done: two leads who remove each other cannot both succeed. What changes nobody's standing need
    not wait for that (`locks`).
    """

    def decorate(view: View) -> View:
        def through(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            standing = community_for(request.user, slug, today())
            if sign_in and not standing.is_staff:
                return _to_sign_in_and_back(request)
            if not may(standing):
                raise PermissionDenied(str(reason))
            return view(request, standing, *args, **kwargs)

        @wraps(view)
        def wrapped(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_shut_to(request.user):
                return _to_sign_in_and_back(request)
            if not locks or request.method != "POST" or not request.user.is_authenticated:
                return through(request, slug, *args, **kwargs)
            with transaction.atomic():
                Community.objects.select_for_update().only("pk").filter(slug=slug).first()
                return through(request, slug, *args, **kwargs)

        return wrapped

    return decorate


def is_shut_to(viewer: Viewer) -> bool:
    """Whether the organisation keeps its communities to its staff, and `viewer` has not signed in."""
    return not settings.FOLKMOOT_PUBLIC and not viewer.is_authenticated


def directory_door(view: View) -> View:
    """The directory: for everybody, or for staff where the organisation says so."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _to_sign_in_and_back(request) if is_shut_to(request.user) else view(request, *args, **kwargs)

    return wrapped


def _to_sign_in_and_back(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here: every address of this room also answers GET."""
    if request.method == "POST" and "HX-Request" not in request.headers:
        return redirect_to_login(request.get_full_path())
    return to_sign_in(request)


@statement
def _seen_by_visitor(slug: str, on: date) -> CommunityQuerySet:
    return seen_by(on, staff=False).select_related("practice_area").filter(slug=slug)


@statement
def _seen_by_person(slug: str, on: date, person: int) -> CommunityQuerySet:
    """Annotated with what makes the person's standing."""
    yes = BooleanField()
    communities = seen_by(on, staff=True).select_related("practice_area").filter(slug=slug)
    return (
        communities.with_roles_of(person, on)
        .with_requests_waiting()
        .annotate(
            viewer_is_invited=Sql(_IS_INVITED, "pk", params=(person,), output_field=yes),
            viewer_has_asked=Sql(_HAS_ASKED, "pk", params=(person,), output_field=yes),
        )
    )


_IS_INVITED = """
EXISTS(SELECT FROM communities_invitation invitation
       WHERE invitation.community_id = {0} AND invitation.person_id = %s AND invitation.closed_at IS NULL)
"""
_HAS_ASKED = """
EXISTS(SELECT FROM communities_joinrequest asked
       WHERE asked.community_id = {0} AND asked.person_id = %s AND asked.answered_at IS NULL)
"""
