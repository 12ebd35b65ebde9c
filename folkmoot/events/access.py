"""Who may see and do what with events, and the one way to fetch an event for a person.

Learning events and socials are seen by whoever may see a community that hosts them. Core and sponsor meetings are for
those who may read the community's findings (CHARTER.md); drafts for those who plan them.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy

from folkmoot.calendar.days import today
from folkmoot.communities.access import Viewer, is_shut_to, seen_by
from folkmoot.communities.models import Membership, Role
from folkmoot.events.models import MEETINGS, Event, EventQuerySet, Hosting, Status
from folkmoot.people.models import Person

FOR_RECORDERS = gettext_lazy(
    "This is for the leads and the sponsor of a community that hosts it, and the programme team."
)
RECORDERS = (Role.LEAD, Role.SPONSOR)
READERS = (Role.LEAD, Role.SPONSOR, Role.CORE)


def visible_to(viewer: Viewer, on: date) -> EventQuerySet:
    """The events that `viewer` may see on the day `on`."""
    events = Event.objects.all()
    if is_shut_to(viewer):
        return events.none()
    if not isinstance(viewer, Person):
        open_ones = Hosting.objects.filter(
            event=OuterRef("pk"), community__in=seen_by(on, staff=False).values("pk")
        )
        hosted = Hosting.objects.filter(event=OuterRef("pk"))
        return (
            events.exclude(kind__in=MEETINGS)
            .exclude(status=Status.DRAFT)
            .filter(Q(Exists(open_ones)) | ~Q(Exists(hosted)))
        )
    if viewer.on_programme_team:
        return events
    public = ~Q(kind__in=MEETINGS) & ~Q(status=Status.DRAFT)
    meetings = (
        Q(kind__in=MEETINGS) & ~Q(status=Status.DRAFT) & Q(Exists(_hosted_by_mine(viewer, on, READERS)))
    )
    drafts = Q(status=Status.DRAFT) & Q(Exists(_hosted_by_mine(viewer, on, RECORDERS)))
    return events.filter(public | meetings | drafts)


def mine(viewer: Person, on: date, events: EventQuerySet) -> EventQuerySet:
    """Those of these events that a community of `viewer` hosts."""
    return events.filter(Exists(_hosted_by_mine(viewer, on, tuple(Role))))


def _hosted_by_mine(viewer: Person, on: date, roles: tuple[Role, ...]) -> QuerySet[Hosting]:
    held = Membership.objects.current(on).filter(person=viewer, role__in=[role.value for role in roles])
    return Hosting.objects.filter(event=OuterRef("pk"), community__in=held.values("community"))


@dataclass(frozen=True)
class EventStanding:
    """How `viewer` stands to an event on the day `on`: the roles they hold in the communities that host it."""

    viewer: Viewer
    event: Event
    on: date
    roles: frozenset[str] = frozenset()

    @cached_property
    def is_staff(self) -> bool:
        """Whether this is somebody of the organisation who has signed in."""
        return self.viewer.is_authenticated

    @cached_property
    def on_programme_team(self) -> bool:
        """Whether the viewer looks after the whole programme."""
        return bool(getattr(self.viewer, "on_programme_team", False))

    @property
    def can_record(self) -> bool:
        """Leads and sponsor of a community that hosts it correct it, and the programme team."""
        return self.on_programme_team or bool(self.roles & set(RECORDERS))

    @property
    def can_see_attendance(self) -> bool:
        """Who was there, and the note, are for those who may read the community's findings."""
        return self.on_programme_team or bool(self.roles & set(READERS))


def event_for(viewer: Viewer, pk: int, on: date | None = None) -> EventStanding:
    """The event of that id, as far as `viewer` may see it, with their standing. Two statements, for visitors one.

    Raises Http404 where it is invisible to them.
    """
    on = on or today()
    event = visible_to(viewer, on).select_related("community").filter(pk=pk).first()
    if event is None:
        raise Http404
    roles: frozenset[str] = frozenset()
    if isinstance(viewer, Person):
        hosts = Hosting.objects.filter(event=pk).values("community")
        held = Membership.objects.current(on).filter(person=viewer, community__in=hosts)
        roles = frozenset(held.values_list("role", flat=True))
    return EventStanding(viewer, event, on, roles)
