"""What a sponsor needs to know before a meeting, on one page: gathered from all that is on record."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.calendar.days import start_of
from folkmoot.communities.models import Community, Membership
from folkmoot.communities.models.memberships import Figures
from folkmoot.core import clock
from folkmoot.events.models import LEARNING, MEETINGS, Event, Kind
from folkmoot.health.findings import Finding, Status
from folkmoot.health.measuring import measure
from folkmoot.meetings.models import Action, Ask, Decision

WITHOUT_A_MEETING = timedelta(days=42)
AHEAD = timedelta(days=42)
SHOWN = 6


@dataclass(frozen=True)
class Gathering:
    """An event that was held, and how many were there; None where nobody was named."""

    event: Event
    people: int | None


@dataclass(frozen=True)
class Briefing:
    """Everything on the page. `since` is the day of the last meeting, or six weeks ago where there was none."""

    community: Community
    meeting: Event | None
    since: date
    has_met: bool
    figures: Figures
    joined: int
    gatherings: list[Gathering]
    gatherings_more: int
    coming: list[Event]
    findings: tuple[Finding, ...]
    decisions: list[Decision]
    done: int
    open_actions: int
    overdue: list[Action]
    asks: list[Ask]
    answered: list[Ask]

    @property
    def points(self) -> list[str]:
        """What one may speak of, each in a sentence: thanks first, then what presses, then what is wanted."""
        learning = sum(each.event.kind in LEARNING for each in self.gatherings)
        heads = sum(each.people or 0 for each in self.gatherings)
        points = []
        if learning:
            held = ngettext("one learning event", "%(n)d learning events", learning) % {"n": learning}
            who = ngettext("one person", "%(n)d people", heads) % {"n": heads}
            points.append(
                _("Thank the leads for %(held)s, with %(who)s there.") % {"held": held, "who": who}
                if heads
                else _("Thank the leads for %(held)s.") % {"held": held}
            )
        points += [
            _("%(what)s: what would help?") % {"what": finding.brief[:1].upper() + finding.brief[1:]}
            for finding in self.findings
            if finding.status == Status.MISSED
        ]
        points += [
            _("%(what)s: is it in hand?") % {"what": finding.brief[:1].upper() + finding.brief[1:]}
            for finding in self.findings
            if finding.status == Status.DUE_SOON and not finding.data.get("booked")
        ]
        if self.asks:
            asked = ngettext(
                "One thing is asked of you: settle it, or say when.",
                "%(n)d things are asked of you: settle them, or say when.",
                len(self.asks),
            )
            points.append(asked % {"n": len(self.asks)})
        if self.overdue:
            late = ngettext(
                "One action is overdue: what is in the way?",
                "%(n)d actions are overdue: what is in the way?",
                len(self.overdue),
            )
            points.append(late % {"n": len(self.overdue)})
        if not self.coming:
            points.append(_("Nothing is planned for the weeks ahead: what would draw people in?"))
        return points or [_("All is well: ask what they would do with more support.")]


def briefing_of(community: Community, on: date) -> Briefing:
    """The briefing of a community on the day `on`. The same number of statements for every community."""
    now = clock.now()
    mine = Event.objects.settled().hosted_by(community.pk)
    sponsored = mine.filter(kind=Kind.SPONSOR_MEETING)
    last = sponsored.past(now).first()
    since = last.day if last else on - WITHOUT_A_MEETING
    held = mine.past(now).filter(starts_at__gte=start_of(since)).exclude(kind=Kind.SPONSOR_MEETING)
    events = list(held.annotate(people=Count("attendances"))[: SHOWN + 1])
    actions = Action.objects.filter(community=community)
    health = measure(on, Community.objects.filter(pk=community.pk))
    return Briefing(
        community=community,
        meeting=sponsored.coming(now).first(),
        since=since,
        has_met=last is not None,
        figures=Membership.objects.figures(on, community),
        joined=_joined(community, since, on),
        gatherings=[Gathering(event, event.people or None) for event in events[:SHOWN]],
        gatherings_more=max(0, (held.count() if len(events) > SHOWN else 0) - SHOWN),
        coming=list(
            mine.coming(now).filter(starts_at__lt=now + AHEAD).exclude(kind=Kind.SPONSOR_MEETING)[:SHOWN]
        ),
        findings=health[0].pressing if health else (),
        decisions=list(_decisions(community, since)[:SHOWN]),
        done=actions.filter(done_at__gte=start_of(since), is_dropped=False).count(),
        open_actions=actions.open().count(),
        overdue=list(actions.overdue(on).select_related("owner")[:SHOWN]),
        asks=list(Ask.objects.open().filter(community=community).select_related("by")[:20]),
        answered=list(
            Ask.objects.filter(community=community, answered_at__gte=start_of(since)).order_by(
                "-answered_at"
            )[:SHOWN]
        ),
    )


def _joined(community: Community, since: date, on: date) -> int:
    """How many people belong to it now and did not on the day `since`. One statement."""
    then = Membership.objects.current(since).filter(community=community).values("person")
    now = Membership.objects.current(on).filter(community=community).exclude(person__in=then)
    return now.values("person").distinct().count()


def _decisions(community: Community, since: date) -> QuerySet[Decision]:
    """What meetings decided since, in minutes that were published."""
    found = Decision.objects.filter(event__community=community, event__kind__in=MEETINGS)
    return found.filter(event__published_minutes__at__gte=start_of(since)).order_by("-id")
