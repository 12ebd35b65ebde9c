"""Whom the ledger's lines about memberships concern, and how they are told."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership, Role
from folkmoot.notifications.kinds import Kind, only_reaches, register
from folkmoot.people.models import Person


def leads_of(entry: Entry) -> QuerySet[Person]:
    """The leads of the community that the line is of."""
    held = Membership.objects.current(today()).leads().filter(community=entry.community_id)
    return Person.objects.get_queryset().filter(pk__in=held.values("person"))


def _them(entry: Entry) -> QuerySet[Person]:
    """The one whom the line is about."""
    return Person.objects.get_queryset().filter(pk=entry.about_id or 0)


def _slug(entry: Entry) -> str:
    return Community.objects.values_list("slug", flat=True).get(pk=entry.community_id or 0)


def name_of(entry: Entry) -> str:
    """What the community is called."""
    return Community.objects.values_list("name", flat=True).get(pk=entry.community_id or 0)


def _page(name: str) -> Callable[[Entry], str]:
    return lambda entry: reverse(name, args=[_slug(entry)])


def _role(entry: Entry) -> str:
    role = entry.data.get("role", "")
    return str(Role(role).label).lower() if role in Role.values else ""


def _holds(*roles: Role) -> Callable[[Person], bool]:
    held = Membership.objects.filter(role__in=roles)
    return lambda person: held.current(today()).filter(person=person).exists()


leads_one, sponsors_one = _holds(Role.LEAD), _holds(Role.SPONSOR)
only_reaches(leads_of, leads_one)
register(
    Kind(
        key="asked_to_join",
        title=gettext_lazy("Somebody asks to join a community you lead"),
        verbs=frozenset({"asked_to_join"}),
        recipients=leads_of,
        words=gettext_lazy("%(who)s asked to join %(community)s."),
        url=lambda entry: reverse("community_request", args=[_slug(entry), entry.about_id]),
        where=name_of,
    ),
    Kind(
        key="request_accepted",
        title=gettext_lazy("Your request to join is accepted"),
        verbs=frozenset({"accepted"}),
        recipients=_them,
        words=gettext_lazy("Welcome: %(who)s accepted your request to join %(community)s."),
        url=_page("community"),
        where=name_of,
    ),
    Kind(
        key="request_declined",
        title=gettext_lazy("Your request to join is declined"),
        verbs=frozenset({"declined"}),
        recipients=_them,
        words=gettext_lazy("%(who)s declined your request to join %(community)s."),
        url=_page("community_membership"),
        where=name_of,
    ),
    Kind(
        key="invited",
        title=gettext_lazy("You are invited to a community"),
        verbs=frozenset({"invited"}),
        recipients=_them,
        words=gettext_lazy("%(who)s invited you to %(community)s."),
        url=_page("community_membership"),
        where=name_of,
    ),
    Kind(
        key="role_given",
        title=gettext_lazy("You are given a role"),
        verbs=frozenset({"added", "appointed", "role_changed"}),
        recipients=_them,
        words=gettext_lazy("%(who)s gave you a role in %(community)s: %(about)s."),
        url=_page("community"),
        where=name_of,
        about=_role,
        group=lambda entry: f"role_given:{entry.pk}",
    ),
    Kind(
        key="removed",
        title=gettext_lazy("Your membership is ended"),
        verbs=frozenset({"removed"}),
        recipients=_them,
        words=gettext_lazy("%(who)s ended your membership of %(community)s."),
        url=_page("community"),
        where=name_of,
    ),
    Kind(
        key="joined",
        title=gettext_lazy("Somebody joins a community you lead"),
        verbs=frozenset({"joined"}),
        recipients=leads_of,
        words=gettext_lazy("%(who)s joined %(community)s."),
        url=_page("community_members"),
        where=name_of,
        direct=False,
    ),
    Kind(
        key="left",
        title=gettext_lazy("Somebody leaves a community you lead"),
        verbs=frozenset({"left"}),
        recipients=leads_of,
        words=gettext_lazy("%(who)s left %(community)s."),
        url=_page("community_members"),
        where=name_of,
        direct=False,
    ),
)
