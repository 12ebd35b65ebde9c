"""Who may see and do what with meetings, and the one way to fetch a meeting, an action, a poll for a person.

The agenda and the minutes of a meeting are for those whose meeting it is: of a sponsor meeting leads and sponsor, of a
core meeting core members as well; and for the programme team.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy

from folkmoot.calendar.days import today
from folkmoot.communities.access import Standing, Viewer
from folkmoot.communities.models import Community, Membership, Role
from folkmoot.core import clock
from folkmoot.core.signed import sign_pair, signed_pair
from folkmoot.events.access import EventStanding, event_for
from folkmoot.events.models import Answer, Attendance, Event, Kind
from folkmoot.events.people import CIRCLES
from folkmoot.meetings.models import Action, ActionQuerySet, BriefingLink, Poll, held_in_circle
from folkmoot.people.models import Person, PersonQuerySet

FOR_THE_MEETING = gettext_lazy("This is for those whose meeting it is.")
FOR_ITS_OWNER = gettext_lazy(
    "This is for whoever is to do it, and the leads and the sponsor of the community."
)
_ACTION, _POLL, _BRIEFING = (f"folkmoot.meetings.{what}" for what in ("action", "poll", "briefing"))


@dataclass(frozen=True)
class Meeting:
    """How `viewer` stands to a meeting."""

    standing: EventStanding

    @property
    def event(self) -> Event:
        """The meeting."""
        return self.standing.event

    @property
    def community(self) -> Community:
        """The community whose meeting it is. Raises Http404 for one of none."""
        if self.event.community is None:
            raise Http404
        return self.event.community

    @property
    def can_run(self) -> bool:
        """Leads and sponsor keep the agenda and publish the minutes."""
        return self.standing.can_record

    @property
    def can_write(self) -> bool:
        """Whoever it is a meeting of may hold the pen, once there is something to meet for."""
        return self.standing.is_meant and self.event.is_settled

    @property
    def people(self) -> PersonQuerySet:
        """Those who can be given an item or an action: whose meeting it is, who was invited to it, who was there."""
        circle = those_who_meet(self.community, self.event.kind, self.standing.on).values("pk")
        invited = Answer.objects.filter(event=self.event).values("person")
        there = Attendance.objects.filter(event=self.event).values("person")
        return Person.objects.get_queryset().filter(Q(pk__in=circle) | Q(pk__in=invited) | Q(pk__in=there))


def meeting_for(viewer: Viewer, pk: int, *, may_run: bool = False) -> Meeting:
    """The meeting of that id. Raises Http404 where it is invisible or no meeting, PermissionDenied with the reason."""
    standing = event_for(viewer, pk)
    if not standing.event.is_meeting or standing.event.community is None:
        raise Http404
    if not standing.has_agenda or (may_run and not standing.can_record):
        raise PermissionDenied(str(FOR_THE_MEETING))
    return Meeting(standing)


def those_who_meet(community: Community, kind: str, on: date) -> PersonQuerySet:
    """Those whose meeting of that kind it is on the day `on`."""
    return Person.objects.here(on).filter(pk__in=held_in_circle(community.pk, kind, on).values("person"))


def circle_read_by(standing: Standing) -> str:
    """The kind of meeting whose actions they read, of those who may read a community's."""
    return Kind.SPONSOR_MEETING if standing.can_record_events else Kind.CORE_MEETING


def actions_in(standing: Standing) -> ActionQuerySet:
    """Those of the community that they may read."""
    if not isinstance(standing.viewer, Person) or not standing.can_see_findings:
        return Action.objects.none()
    given = Action.objects.filter(community=standing.community)
    return given.read_in(circle_read_by(standing), owner=standing.viewer.pk)


def actions_seen_by(person: Person, on: date) -> ActionQuerySet:
    """One's own, and those of the communities whose findings one may read, as far as one is of their circle."""
    if person.on_programme_team:
        return Action.objects.all()
    seen, held = Action.objects.filter(owner=person), Membership.objects.current(on).filter(person=person)
    for kind, roles in CIRCLES.items():
        mine = held.filter(role__in=roles).values("community")
        seen |= Action.objects.filter(community__in=mine).read_in(kind)
    return seen


def action_for(viewer: Person, pk: int) -> Action:
    """The action of that id, to change. Raises Http404 where it is invisible, PermissionDenied with the reason."""
    found = (
        actions_seen_by(viewer, today()).select_related("community", "owner", "event").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    held = Membership.objects.current(today()).filter(community=found.community, person=viewer)
    answers_for = held.filter(role__in=[Role.LEAD, Role.SPONSOR]).exists
    if found.owner_id != viewer.pk and not viewer.on_programme_team and not answers_for():
        raise PermissionDenied(str(FOR_ITS_OWNER))
    return found


def action_token(action: Action, person: int) -> str:
    """What opens, in a letter to `person`, the one page on which the action is done."""
    return sign_pair(action.pk, person, purpose=_ACTION)


def action_by_token(token: str) -> tuple[Action, Person] | None:
    """The action, and its owner still, of such a token; None for one that opens nothing any more."""
    found = signed_pair(token, purpose=_ACTION)
    if found is None:
        return None
    action = Action.objects.select_related("community", "owner").filter(pk=found[0], owner=found[1]).first()
    if action is None or action.owner is None or not _is_here(action.owner):
        return None
    return action, action.owner


def poll_token(poll: int, person: int) -> str:
    """What opens, in a letter to `person`, the page on which they say what suits them."""
    return sign_pair(poll, person, purpose=_POLL)


def poll_by_token(token: str) -> tuple[Poll, Person] | None:
    """The poll and the person who is asked, of such a token; None once it is no meeting of theirs."""
    found = signed_pair(token, purpose=_POLL)
    if found is None:
        return None
    poll = Poll.objects.select_related("community", "by", "event").filter(pk=found[0]).first()
    person = poll.circle(today()).filter(pk=found[1]).first() if poll else None
    return (poll, person) if poll and person else None


def briefing_token(link: BriefingLink) -> str:
    """What opens, in a letter, one briefing and nothing else."""
    return sign_pair(link.pk, link.nonce, purpose=_BRIEFING)


def briefing_by_token(token: str) -> BriefingLink | None:
    """The link of such a token; None where it has expired, was withdrawn, or its reader left or is sponsor no more."""
    found = signed_pair(token, purpose=_BRIEFING)
    if found is None:
        return None
    links = BriefingLink.objects.open(clock.now()).select_related("person", "event", "community")
    link = links.filter(pk=found[0], nonce=found[1]).first()
    if link is None or not _is_here(link.person):
        return None
    held = Membership.objects.current(today()).filter(community=link.community, person=link.person)
    return link if held.filter(role=Role.SPONSOR).exists() else None


def _is_here(person: Person) -> bool:
    return Person.objects.here(today()).filter(pk=person.pk).exists()
