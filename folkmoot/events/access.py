"""Who may see and do what with events, and the one way to fetch an event for a person.

Learning events and socials are seen by whoever may see a community that hosts them. Core and sponsor meetings are for
those who may read the community's findings (CHARTER.md), and who was invited; drafts for those who plan them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable, RawSQL
from django.http import Http404
from django.utils.translation import gettext_lazy

from folkmoot.calendar.days import today
from folkmoot.communities.access import Viewer, is_shut_to, seen_by
from folkmoot.communities.models import Membership, Role
from folkmoot.communities.models.sql import Sql
from folkmoot.core.signed import sign_pair, signed_pair
from folkmoot.core.statements import statement
from folkmoot.events.models import (
    COMING,
    MEETINGS,
    Answer,
    Audience,
    Event,
    EventQuerySet,
    Hosting,
    Said,
    Speaker,
    Status,
)
from folkmoot.events.people import CIRCLES, CORE
from folkmoot.people.models import Person

FOR_RECORDERS = gettext_lazy(
    "This is for the leads and the sponsor of a community that hosts it, and the programme team."
)
JOINING = timedelta(minutes=15)
_ANSWER = "folkmoot.events.answer"
RECORDERS = (Role.LEAD, Role.SPONSOR)


def visible_to(viewer: Viewer, on: date) -> EventQuerySet:
    """The events that `viewer` may see on the day `on`."""
    if is_shut_to(viewer):
        return Event.objects.none()
    if not isinstance(viewer, Person):
        return seen_by_visitors(on)
    return seen_by_person(viewer.pk, on, team=viewer.on_programme_team)


def seen_by_visitors(on: date) -> EventQuerySet:
    """The same for statements, whose viewers have been found not to be shut out."""
    seen = seen_by(on, staff=False).values("pk")
    hosted = Hosting.objects.filter(event=OuterRef("pk"))
    open_to_all = Q(Exists(hosted.filter(community__in=seen))) | ~Q(Exists(hosted))
    return Event.objects.exclude(kind__in=MEETINGS).exclude(status=Status.DRAFT).filter(open_to_all)


def name_of_host(on: date, *, staff: bool) -> Combinable:
    """The name of the community that plans an event, for lists; of one that visitors may not see, they read none."""
    seen = seen_by(on, staff=False).filter(pk=OuterRef("community"))
    return F("community__name") if staff else Subquery(seen.values("name"))


def seen_by_person(person: int, on: date, *, team: bool) -> EventQuerySet:
    """The same for somebody of the organisation by their id; `team` where they look after the programme."""
    if team:
        return Event.objects.all()
    public = ~Q(kind__in=MEETINGS) & ~Q(status=Status.DRAFT)
    concerned = Q(Exists(_hosted_by_mine(person, on, CORE))) | Q(Exists(_answered_by(person)))
    meetings = Q(kind__in=MEETINGS) & ~Q(status=Status.DRAFT) & concerned
    drafts = Q(status=Status.DRAFT) & Q(Exists(_hosted_by_mine(person, on, RECORDERS)))
    return Event.objects.filter(public | meetings | drafts)


def mine(person: int, on: date, events: EventQuerySet) -> EventQuerySet:
    """Those of these events that a community of this person (id) hosts."""
    return events.filter(Exists(_hosted_by_mine(person, on, tuple(Role))))


def _hosted_by_mine(person: int, on: date, roles: tuple[Role, ...]) -> QuerySet[Hosting]:
    held = Membership.objects.current(on).filter(person=person, role__in=[role.value for role in roles])
    return Hosting.objects.filter(event=OuterRef("pk"), community__in=held.values("community"))


def _answered_by(person: int) -> QuerySet[Answer]:
    """Who was invited, or has answered before they left the circle, still sees it; not whose invitation was taken back,
    which is a no that somebody else gave for them.
    """
    mine = Answer.objects.filter(event=OuterRef("pk"), person=person)
    return mine.exclude(Q(said=Said.NO) & ~Q(by=person))


def _spoken_by(person: int) -> QuerySet[Speaker]:
    return Speaker.objects.filter(event=OuterRef("pk"), person=person)


@dataclass(frozen=True)
class EventStanding:
    """How `viewer` stands to an event on the day `on`: the roles they hold in the communities that host it.

    `said` is what they answered; also while they are invited only.
    """

    viewer: Viewer
    event: Event
    on: date
    roles: frozenset[str] = frozenset()
    said: str = ""
    speaks: bool = False

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
    def is_meant(self) -> bool:
        """Whether it is for them: staff, members or core members, as was decided; meetings for whose meeting it is.

        And whoever was invited.
        """
        if not self.is_staff:
            return False
        if not self.event.is_meeting and self.event.audience == Audience.STAFF:
            return True
        among = CORE if self.event.audience == Audience.CORE else tuple(Role)
        circle = CIRCLES.get(self.event.kind, among)
        return self.on_programme_team or bool(self.said) or bool(self.roles & set(circle))

    @property
    def can_answer(self) -> bool:
        """Whoever it is for may come, where it takes place."""
        return self.event.is_settled and self.is_meant

    @property
    def has_agenda(self) -> bool:
        """A meeting has one, for those whose meeting it is."""
        return self.event.is_meeting and self.is_meant

    @property
    def has_way_in(self) -> bool:
        """Whether they get the link and the joining notes: who comes or may come, who speaks, and who holds it.

        Not everybody who may say that they come: door codes and passcodes are for those who did.
        """
        return self.said in COMING or self.speaks or self.can_record

    def may_join(self, at: datetime) -> bool:
        """Whether the way into the room stands out: from a quarter of an hour before, for who has it."""
        event = self.event
        near = event.starts_at - JOINING <= at < event.ends_at
        return near and event.is_settled and self.has_way_in and bool(event.online_url)

    @property
    def can_be_talked_about(self) -> bool:
        """What anybody may come to has a thread in the community that plans it; meetings and drafts have none."""
        event = self.event
        return event.community_id is not None and not event.is_meeting and event.status != Status.DRAFT

    @property
    def may_talk(self) -> bool:
        """Whether to show the way there: to who belongs to a host, and where something is said already."""
        belongs = (
            self.on_programme_team or bool(self.roles) or (self.is_staff and self.event.thread_id is not None)
        )
        return self.can_be_talked_about and belongs

    @property
    def can_see_attendance(self) -> bool:
        """Who was there, and the note, are for those who may read the community's findings."""
        return self.on_programme_team or bool(self.roles & set(CORE))


def event_for(viewer: Viewer, pk: int, on: date | None = None, *, may_record: bool = False) -> EventStanding:
    """The event of that id, as far as `viewer` may see it, with their standing. One statement.

    Raises Http404 where it is invisible to them; PermissionDenied where it has to be theirs to record, and is not.
    """
    on = on or today()
    found: list[Event] = []
    if isinstance(viewer, Person):
        found = _one_for_person(pk, on, viewer.pk, team=viewer.on_programme_team)
    elif not is_shut_to(viewer):
        found = _one_for_visitors(pk, on)
    if not found:
        raise Http404
    standing = _standing(viewer, found[0], on)
    if may_record and not standing.can_record:
        raise PermissionDenied(str(FOR_RECORDERS))
    return standing


def whose_hosting_ends(viewer: Person, event: Event, on: date) -> set[int]:
    """The communities (ids) that `viewer` may take off an event: leads their own, and those who plan it any other."""
    hosts = set(event.hostings.values_list("community", flat=True)) - {event.community_id}
    leads = Membership.objects.current(on).leads().filter(person=viewer)
    led = set(leads.values_list("community", flat=True))
    return hosts if viewer.on_programme_team or event.community_id in led else hosts & led


def with_answers(events: Sequence[Event], viewer: Viewer, at: datetime) -> list[tuple[Event, str, bool]]:
    """Each with what `viewer` said, and whether they may answer it at `at`. One statement; none for visitors."""
    if not isinstance(viewer, Person) or not events:
        return [(event, "", False) for event in events]
    on = today()
    known = {row[0]: row[1:] for row in _answers([event.pk for event in events], on, viewer.pk)}
    found = []
    for event in events:
        roles, invited, said = known.get(event.pk, ((), None, None))
        standing = EventStanding(viewer, event, on, frozenset(roles), invited or "")
        found.append((event, said or "", standing.can_answer and not event.is_over(at)))
    return found


def answerable(viewer: Person, series: int) -> set[int]:
    """The ids of those events of a series that `viewer` may answer. One statement."""
    on = today()
    seen = seen_by_person(viewer.pk, on, team=viewer.on_programme_team).filter(series=series)
    standings = (_standing(viewer, event, on) for event in _with_standing(seen, on, viewer.pk))
    return {standing.event.pk for standing in standings if standing.can_answer}


def _standing(viewer: Viewer, event: Event, on: date) -> EventStanding:
    roles = frozenset(getattr(event, "viewer_roles", ()))
    said = getattr(event, "viewer_said", None) or ""
    return EventStanding(viewer, event, on, roles, said, getattr(event, "viewer_speaks", False))


def with_way_in(events: EventQuerySet, viewer: Person, on: date) -> EventQuerySet:
    """Each with `has_way_in`, as `EventStanding` has it; only where there is a link. For many events at once."""
    yes = BooleanField()
    if viewer.on_programme_team:
        return events.annotate(has_way_in=Value(True, output_field=yes))
    coming = Exists(_answered_by(viewer.pk).filter(said__in=COMING))
    holds = Exists(_hosted_by_mine(viewer.pk, on, RECORDERS))
    known = ~Q(online_url="") & (Q(coming) | Q(Exists(_spoken_by(viewer.pk))) | Q(holds))
    return events.annotate(has_way_in=ExpressionWrapper(known, output_field=yes))


def answer_token(event: int, person: int) -> str:
    """What opens, in a letter to `person`, the page on which they say whether they come."""
    return sign_pair(event, person, purpose=_ANSWER)


def answer_by_token(token: str, at: datetime) -> Answer | None:
    """The answer of such a token, or invitation; None where the event is over or off, the person has left, or their
    invitation was taken back.
    """
    found = signed_pair(token, purpose=_ANSWER)
    if found is None:
        return None
    here = Person.objects.here(today()).filter(pk=found[1])
    answers = Answer.objects.filter(event=found[0], person__in=here)
    answer = answers.select_related("event__community", "person").first()
    if answer is None or not answer.event.is_settled or answer.event.is_over(at):
        return None
    try:
        return answer if event_for(answer.person, answer.event_id).can_answer else None
    except Http404:
        return None


_ROLES = """
ARRAY(SELECT held.role FROM communities_membership held
      JOIN events_hosting hosting ON hosting.community_id = held.community_id
      WHERE hosting.event_id = {0} AND held.person_id = %s
        AND held.since <= %s AND (held.until IS NULL OR held.until >= %s))
"""


@statement
def _one_for_visitors(pk: int, on: date) -> EventQuerySet:
    return seen_by_visitors(on).filter(pk=pk).select_related("community", "thread", "series")


@statement
def _one_for_person(pk: int, on: date, person: int, *, team: bool) -> EventQuerySet:
    events = seen_by_person(person, on, team=team).filter(pk=pk)
    return _with_standing(events, on, person).select_related("community", "thread", "series")


@statement
def _answers(events: list[int], on: date, person: int) -> QuerySet[Event, Any]:
    """(event, roles, what they said or were asked, that or what others answered for them)."""
    among = Event.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", (events,)))
    said = Answer.objects.filter(event=OuterRef("pk"), person=person).values("said")
    asked = _with_standing(among, on, person).annotate(said=Subquery(said)).order_by()
    return asked.values_list("pk", "viewer_roles", "viewer_said", "said")


def _with_standing(events: EventQuerySet, on: date, person: int) -> EventQuerySet:
    roles = Sql(_ROLES, "pk", params=(person, on, on), output_field=ArrayField(CharField()))
    return events.annotate(
        viewer_roles=roles,
        viewer_said=Subquery(_answered_by(person).values("said")),
        viewer_speaks=Exists(_spoken_by(person)),
    )
