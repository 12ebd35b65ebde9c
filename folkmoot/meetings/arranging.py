"""Times at which a meeting could be: working days within the term, working hours, when nobody of it is busy.

What other polls offer them counts as busy while it is looked for: two could be booked for the same hour.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from folkmoot.calendar.days import start_of, zone
from folkmoot.calendar.models import Calendar, Period
from folkmoot.calendar.working import working_days
from folkmoot.communities.models import Community
from folkmoot.events.models import COMING, Event, Kind
from folkmoot.meetings.access import those_who_meet
from folkmoot.meetings.models import Asked

OFFERED = 3
LENGTH = timedelta(hours=1)
_NOTICE, _SHORT_NOTICE = timedelta(days=6), timedelta(days=2)
_AHEAD = timedelta(days=28)
# The hours at which people like to meet, the best first; morning and afternoon by turns.
_LIKED = (time(10), time(14), time(11), time(15), time(9, 30), time(13, 30), time(16), time(9), time(12))


@dataclass(frozen=True)
class Offer:
    """A time, and how many of those concerned are busy then."""

    starts_at: datetime
    ends_at: datetime
    busy: int = 0


def times_that_fit(
    community: Community, kind: str, at: datetime, *, by: date | None = None, length: timedelta = LENGTH
) -> list[Offer]:
    """Three times on different days, at most four weeks ahead and, where that leaves any, not later than the day `by`.

    People have some days to answer, or two where it is urgent. A core meeting stays within a term, where terms are
    defined; a sponsor meeting prefers one. Of times at which somebody is busy, those with the fewest. A handful of
    statements.
    """
    calendar = community.calendar or Calendar.objects.organisations()
    first = (at + _NOTICE).astimezone(zone()).date()
    if by is not None and len(working_days(calendar, first, min(by, first + _AHEAD))) < OFFERED:
        first = (at + _SHORT_NOTICE).astimezone(zone()).date()
    days = working_days(calendar, first, first + _AHEAD)
    terms = list(calendar.periods.filter(kind=Period.Kind.TERM, start__lte=first + _AHEAD, end__gte=first))
    in_term = [day for day in days if any(term.covers(day) for term in terms)]
    if in_term or (kind == Kind.CORE_MEETING and calendar.periods.filter(kind=Period.Kind.TERM).exists()):
        days = in_term or working_days(calendar, *_next_term(calendar, first))
    soon = [day for day in days if by is None or day <= by]
    days = soon if len(soon) >= OFFERED else days
    if not days:
        return []
    busy = _busy(community, kind, days[0], days[-1])
    offers = [_best_of(day, calendar, busy, length, turn) for turn, day in enumerate(days)]
    return _spread([offer for offer in offers if offer is not None])


def planned_already(community: Community, kind: str, at: datetime) -> Event | None:
    """The next such meeting that is planned, whoever planned it."""
    return Event.objects.settled().coming(at).filter(community=community, kind=kind).first()


def _next_term(calendar: Calendar, day: date) -> tuple[date, date]:
    """The first four weeks of the term that begins next; nothing where none is defined."""
    term = calendar.periods.filter(kind=Period.Kind.TERM, start__gt=day).order_by("start").first()
    return (term.start, min(term.end, term.start + _AHEAD)) if term else (day, day - timedelta(days=1))


def _busy(community: Community, kind: str, first: date, last: date) -> list[tuple[int, datetime, datetime]]:
    """(person, from, to) of what those concerned come to, speak at, or are asked to keep free. Four statements."""
    people = list(those_who_meet(community, kind, first).values_list("pk", flat=True))
    events = Event.objects.settled().between(first, last)
    comes = Q(answers__person__in=people, answers__said__in=COMING)
    found = events.filter(comes).values_list("answers__person", "starts_at", "ends_at")
    speaks = events.filter(speakers__person__in=people).values_list(
        "speakers__person", "starts_at", "ends_at"
    )
    asked = Asked.objects.filter(
        person__in=people,
        poll__ended_at=None,
        poll__slots__starts_at__lt=start_of(last + timedelta(days=1)),
        poll__slots__ends_at__gte=start_of(first),
    ).values_list("person", "poll__slots__starts_at", "poll__slots__ends_at")
    together = (*found, *speaks, *asked)
    return [(person, starts, ends) for person, starts, ends in together if person is not None]


def _best_of(
    day: date,
    calendar: Calendar,
    busy: Sequence[tuple[int, datetime, datetime]],
    length: timedelta,
    turn: int,
) -> Offer | None:
    """The best time of a day; mornings and afternoons by turns."""
    offers = list(_times(day, calendar, length, turn))
    counted = [
        Offer(start, end, len({who for who, begins, ends in busy if begins < end and ends > start}))
        for start, end in offers
    ]
    return min(counted, key=lambda offer: offer.busy, default=None)


def _times(
    day: date, calendar: Calendar, length: timedelta, turn: int
) -> Iterator[tuple[datetime, datetime]]:
    """The liked hours of a day that lie within working hours."""
    liked = _LIKED if turn % 2 == 0 else (_LIKED[1], _LIKED[0], *_LIKED[2:])
    opens, closes = (
        datetime.combine(day, clock, tzinfo=zone()) for clock in (calendar.opens, calendar.closes)
    )
    for clock in (*liked, calendar.opens):
        start = datetime.combine(day, clock, tzinfo=zone())
        if opens <= start and start + length <= closes:
            yield start, start + length


def _spread(offers: Sequence[Offer]) -> list[Offer]:
    """Three of them: the least busy first, then those that lie apart; by day."""
    least = sorted(offers, key=lambda offer: (offer.busy, offer.starts_at))
    chosen: list[Offer] = []
    for apart in (timedelta(days=3), timedelta(days=2), timedelta(days=1)):
        for offer in least:
            if len(chosen) < OFFERED and all(
                abs(offer.starts_at.date() - other.starts_at.date()) >= apart for other in chosen
            ):
                chosen.append(offer)
    return sorted(chosen, key=lambda offer: offer.starts_at)
