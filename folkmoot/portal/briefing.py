"""What a sponsor needs to know before a meeting, on one page: gathered from all that is on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.calendar.days import start_of, today
from folkmoot.communities.models import Community, Membership
from folkmoot.communities.models.memberships import Figures
from folkmoot.core import clock
from folkmoot.core.dates import say_day
from folkmoot.events.models import LEARNING, MEETINGS, Event, Kind
from folkmoot.health.findings import CommunityHealth, Status
from folkmoot.health.measuring import measure
from folkmoot.meetings.models import Action, Ask, Decision, sponsor_meetings

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
    """Everything on the page. `since` is the day of the last meeting, or six weeks ago where there was none.

    `learning` events were held since, and `learners` different people were at them.
    """

    community: Community
    meeting: Event | None
    last: Event | None
    since: date
    figures: Figures
    joined: int
    gatherings: list[Gathering]
    gatherings_more: int
    learning: int
    learners: int
    coming: list[Event]
    coming_more: int
    health: CommunityHealth | None
    decisions: list[Decision]
    done: int
    open_actions: int
    late: int
    overdue: list[Action]
    asks: list[Ask]
    answered: list[Ask]

    @property
    def changeable(self) -> list[Ask]:
        """What was answered and may be answered anew: no meeting was over since."""
        return [ask for ask in self.answered if not ask.is_settled_by(self.last)]

    @property
    def settled(self) -> list[Ask]:
        """What was answered, and stays so."""
        return [ask for ask in self.answered if ask.is_settled_by(self.last)]

    @property
    def reach(self) -> str:
        """Who belongs to it, in a sentence."""
        members, units, joined = self.figures.people, self.figures.units, self.joined
        said = {
            "members": ngettext("One member", "%(n)d members", members) % {"n": members},
            "units": ngettext("one unit", "%(n)d units", units) % {"n": units},
            "joined": ngettext("one joined", "%(n)d joined", joined) % {"n": joined},
            "day": say_day(self.since, today()),
        }
        if joined:
            return _("%(members)s from %(units)s; %(joined)s since %(day)s.") % said
        return _("%(members)s from %(units)s; nobody joined since %(day)s.") % said

    @property
    def to_do(self) -> str:
        """How the actions stand, in a sentence."""
        done, still = self.done, self.open_actions
        said = {
            "done": ngettext("One action was done", "%(n)d actions were done", done) % {"n": done}
            if done
            else _("No action was done"),
            "open": ngettext("one is open", "%(n)d are open", still) % {"n": still}
            if still
            else _("none is open"),
            "late": ngettext("one overdue", "%(n)d overdue", self.late) % {"n": self.late},
        }
        if self.late:
            return _("%(done)s, %(open)s, %(late)s.") % said
        return _("%(done)s, %(open)s.") % said

    @property
    def points(self) -> list[str]:
        """What one may speak of, each in a sentence: thanks first, then what was put off, what presses, is wanted."""
        points = [*self._thanks(), *self._put_off(), *self._pressing()]
        if self.asks:
            asked = ngettext(
                "One thing is asked of you: settle it, or say when.",
                "%(n)d things are asked of you: settle them, or say when.",
                len(self.asks),
            )
            points.append(asked % {"n": len(self.asks)})
        if self.late:
            late = ngettext(
                "One action is overdue: what is in the way?",
                "%(n)d actions are overdue: what is in the way?",
                self.late,
            )
            points.append(late % {"n": self.late})
        if not self.coming:
            points.append(_("Nothing is planned for the weeks ahead: what would draw people in?"))
        return points or [_("All is well: ask what they would do with more support.")]

    def _thanks(self) -> Iterator[str]:
        """People who came twice count once, and only those of learning events."""
        if not self.learning:
            return
        held = ngettext("one learning event", "%(n)d learning events", self.learning) % {"n": self.learning}
        if self.learning == 1:
            who = ngettext("one person", "%(n)d people", self.learners)
        else:
            who = ngettext("one person", "%(n)d different people", self.learners)
        if self.learners:
            said = {"held": held, "who": who % {"n": self.learners}}
            yield _("Thank the leads for %(held)s, with %(who)s there.") % said
        else:
            yield _("Thank the leads for %(held)s.") % {"held": held}

    def _put_off(self) -> Iterator[str]:
        """What the sponsor would rather talk about, until they have."""
        for ask in self.changeable:
            if ask.answer == Ask.Answer.LATER:
                yield _("As you wished, talk about “%(what)s”") % {"what": Truncator(ask.text).chars(160)}

    def _pressing(self) -> Iterator[str]:
        """What the charter asks for; what is booked is in hand."""
        for finding in self.health.pressing if self.health else ():
            what = {"what": finding.brief[:1].upper() + finding.brief[1:]}
            if finding.status == Status.MISSED:
                yield _("%(what)s: what would help?") % what
            elif not finding.data.get("booked"):
                yield _("%(what)s: is it in hand?") % what


def briefing_of(community: Community, on: date) -> Briefing:
    """The briefing of a community on the day `on`. The same number of statements for every community."""
    now = clock.now()
    mine = Event.objects.settled().hosted_by(community.pk)
    sponsored = sponsor_meetings(community.pk)
    last = sponsored.past(now).first()
    since = last.day if last else on - WITHOUT_A_MEETING
    held = mine.past(now).filter(starts_at__gte=start_of(since)).exclude(kind=Kind.SPONSOR_MEETING)
    learning = Q(kind__in=LEARNING)
    counted = held.aggregate(
        all=Count("pk", distinct=True),
        learning=Count("pk", learning, distinct=True),
        learners=Count("attendances__person", learning, distinct=True),
    )
    events = held.annotate(people=Count("attendances"))[:SHOWN]
    coming = list(mine.coming(now).filter(starts_at__lt=now + AHEAD).exclude(kind=Kind.SPONSOR_MEETING))
    actions = Action.objects.filter(community=community)
    to_do = actions.aggregate(
        done=Count("pk", Q(done_at__gte=start_of(since), is_dropped=False)),
        open=Count("pk", Q(done_at=None)),
        late=Count("pk", Q(done_at=None, due__lt=on)),
    )
    asks = Ask.objects.filter(community=community).select_related("by")
    return Briefing(
        community=community,
        meeting=sponsored.coming(now).first(),
        last=last,
        since=since,
        figures=Membership.objects.figures(on, community),
        joined=_joined(community, since, on),
        gatherings=[Gathering(event, event.people or None) for event in events],
        gatherings_more=max(0, counted["all"] - SHOWN),
        learning=counted["learning"],
        learners=counted["learners"],
        coming=coming[:SHOWN],
        coming_more=max(0, len(coming) - SHOWN),
        health=next(iter(measure(on, Community.objects.filter(pk=community.pk))), None),
        decisions=list(_decisions(community, since)[:SHOWN]),
        done=to_do["done"],
        open_actions=to_do["open"],
        late=to_do["late"],
        overdue=list(actions.overdue(on).select_related("owner")[:SHOWN]),
        asks=list(asks.open()),
        answered=list(
            asks.filter(answered_at__gte=start_of(last.day if last else community.since)).order_by(
                "-answered_at"
            )
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
