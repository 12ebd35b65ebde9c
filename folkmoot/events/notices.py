"""Whom events concern, and how they are told: members of the hosting communities; of meetings, those in post."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership, Role
from folkmoot.communities.notices import name_of
from folkmoot.events.models import Event, Kind, Status
from folkmoot.notifications.kinds import Kind as NoticeKind
from folkmoot.notifications.kinds import register
from folkmoot.people.models import Person

_WHO = {
    Kind.SPONSOR_MEETING: [Role.LEAD, Role.SPONSOR],
    Kind.CORE_MEETING: [Role.LEAD, Role.SPONSOR, Role.CORE],
}


def _members(entry: Entry) -> QuerySet[Person]:
    """Those of its hosts, while it is still to come; nobody for what is put on record afterwards."""
    coming = Event.objects.filter(pk=entry.about_id or 0, starts_at__gt=entry.at).exclude(status=Status.DRAFT)
    event = coming.first()
    people = Person.objects.get_queryset()
    if event is None:
        return people.none()
    held = Membership.objects.current(today()).filter(community__hostings__event=event)
    if event.kind in _WHO:
        held = held.filter(role__in=_WHO[Kind(event.kind)])
    return people.filter(pk__in=held.values("person"))


def _page(entry: Entry) -> str:
    return Event.objects.get(pk=entry.about_id or 0).get_absolute_url()


def _where(entry: Entry) -> str:
    return name_of(entry) if entry.community_id else ""


register(
    NoticeKind(
        key="event_planned",
        title=_("An event is planned in a community of yours"),
        verbs=frozenset({"event_recorded"}),
        recipients=_members,
        words=_("%(who)s planned “%(about)s”."),
        url=_page,
        where=_where,
        direct=False,
        group=lambda entry: f"event_planned:{entry.about_id}",
    ),
    NoticeKind(
        key="event_cancelled",
        title=_("An event of a community of yours is cancelled"),
        verbs=frozenset({"event_cancelled"}),
        recipients=_members,
        words=_("%(who)s cancelled “%(about)s”."),
        url=_page,
        where=_where,
        direct=False,
        group=lambda entry: f"event_cancelled:{entry.about_id}",
    ),
)
