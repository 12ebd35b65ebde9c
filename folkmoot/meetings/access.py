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
from folkmoot.communities.access import Viewer
from folkmoot.communities.models import Community, Membership, Role
from folkmoot.core import clock
from folkmoot.core.signed import sign_pair, signed_pair
from folkmoot.events.access import EventStanding, event_for
from folkmoot.events.models import Event, Kind
from folkmoot.events.people import CIRCLES
from folkmoot.meetings.models import Action, ActionQuerySet, BriefingLink, Poll
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


def meeting_for(viewer: Viewer, pk: int, *, may_run: bool = False) -> Meeting:
    """The meeting of that id. Raises Http404 where it is invisible or no meeting, PermissionDenied with the reason."""
    standing = event_for(viewer, pk)
    if not standing.event.is_meeting or standing.event.community is None:
        raise Http404
    if not standing.has_agenda or (may_run and not standing.can_record):
        raise PermissionDenied(str(FOR_THE_MEETING))
    return Meeting(standing)


def circle_of(community: Community, kind: str, on: date) -> PersonQuerySet:
    """Those whose meeting of that kind it is on the day `on`."""
    held = Membership.objects.current(on).filter(community=community, role__in=CIRCLES[kind])
    return Person.objects.here(on).filter(pk__in=held.values("person"))


def actions_seen_by(person: Person, on: date) -> ActionQuerySet:
    """One's own, and those of the communities whose findings one may read."""
    if person.on_programme_team:
        return Action.objects.all()
    held = Membership.objects.current(on).filter(person=person, role__in=CIRCLES[Kind.CORE_MEETING.value])
    return Action.objects.filter(Q(owner=person) | Q(community__in=held.values("community")))


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
    """The poll and the person who is asked, of such a token; None for one that opens nothing any more."""
    found = signed_pair(token, purpose=_POLL)
    if found is None:
        return None
    poll = Poll.objects.select_related("community", "by", "event").filter(pk=found[0], asked=found[1]).first()
    person = Person.objects.here(today()).filter(pk=found[1]).first()
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
