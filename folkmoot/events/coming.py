"""What comes up for somebody: what they answered or are invited to, then what their communities hold."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest

from folkmoot.core.statements import planned_for_its_values, statement
from folkmoot.events.access import RECORDERS, name_of_host, seen_by_visitors
from folkmoot.events.models import Answer, Audience, Event, EventQuerySet, Said

AHEAD = timedelta(weeks=4)
MOST = 5
FEW = 3  # whoever belongs to fewer communities, and answers for none, is shown what is for everybody as well
_LONGEST = timedelta(days=7)
_SHOWN = (
    "kind", "title", "starts_at", "ends_at", "place", "online_url", "status", "audience",
)  # fmt: skip
# Each part reads the few that it needs by an index, and stops. Whose meeting it is, and who may come to the rest, is
# as in `EventStanding.is_meant`.
_CHOSEN = """
WITH answered AS NOT MATERIALIZED (SELECT event_id, said FROM events_answer WHERE person_id = %s),
near AS NOT MATERIALIZED (SELECT %s::timestamptz AS first, %s::timestamptz AS now, %s::timestamptz AS last),
held AS (SELECT * FROM unnest(%s::bigint[], %s::text[]) AS held(community, role)),
found AS (
    (SELECT event.id, event.starts_at, CASE said WHEN 'asked' THEN 0 ELSE 1 END AS turn
     FROM answered JOIN events_event event ON event.id = answered.event_id, near
     WHERE said <> 'no' AND event.status IN ('scheduled', 'held')
       AND event.starts_at BETWEEN near.first AND near.last AND event.ends_at > near.now
     ORDER BY turn, event.starts_at LIMIT %s)
    UNION ALL
    (SELECT event.id, event.starts_at, 2
     FROM events_event event, near
     WHERE event.status IN ('scheduled', 'held')
       AND event.starts_at BETWEEN near.first AND near.last AND event.ends_at > near.now
       AND NOT EXISTS (SELECT FROM answered WHERE event_id = event.id)
       AND EXISTS (
           SELECT FROM events_hosting hosting JOIN held ON held.community = hosting.community_id
           WHERE hosting.event_id = event.id
             AND CASE WHEN event.kind = 'sponsor_meeting' THEN held.role IN ('lead', 'sponsor')
                      WHEN event.kind = 'core_meeting' OR event.audience = 'core' THEN held.role <> 'wider'
                      ELSE true END)
     ORDER BY event.starts_at LIMIT %s)
    UNION ALL
    (SELECT event.id, event.starts_at, 3
     FROM events_event event, near
     WHERE %s AND event.status IN ('scheduled', 'held') AND event.audience = 'staff'
       AND event.kind NOT IN ('core_meeting', 'sponsor_meeting')
       AND event.starts_at BETWEEN near.first AND near.last AND event.ends_at > near.now
       AND NOT EXISTS (SELECT FROM answered WHERE event_id = event.id)
     ORDER BY event.starts_at LIMIT %s)
)
SELECT id FROM found GROUP BY id, starts_at ORDER BY min(turn), starts_at, id LIMIT %s
"""


def coming_up(person: int, roles: Mapping[int, str], at: datetime) -> list[tuple[Event, str, bool]]:
    """(event, what they said, that they may answer): the next few in four weeks that `person` may come to.

    `roles` are those of `person`, the first in each community. First what they are invited to and have not answered,
    then by time; what they said no to is left out. One statement.
    """
    open_to_all = len(roles) < FEW and not set(roles.values()) & set(RECORDERS)
    found = _coming_up(person, at - _LONGEST, at, at + AHEAD, list(roles), [*roles.values()], open_to_all)
    found.sort(key=lambda event: (event.said != Said.ASKED, event.starts_at, event.pk))
    return [(event, event.said or "", True) for event in found]


@statement
def _coming_up(
    person: int,
    first: datetime,
    at: datetime,
    last: datetime,
    communities: list[int],
    roles: list[str],
    open_to_all: bool,
) -> EventQuerySet:
    values = (person, first, at, last, communities, roles, MOST, MOST, open_to_all, MOST, MOST)
    said = Answer.objects.filter(event=OuterRef("pk"), person=person).values("said")
    chosen = Event.objects.filter(pk__in=RawSQL(_CHOSEN, values))  # noqa: S611
    return chosen.annotate(said=Subquery(said), host=F("community__name")).only(*_SHOWN)


def for_visitors(at: datetime, on: date) -> Iterable[Event]:
    """The next few that are for everybody, as far as a visitor may see them. One statement."""
    with planned_for_its_values():  # of any day at all, there may be a few events to come or all of them
        return _for_visitors(at - _LONGEST, at, on)


@statement
def _for_visitors(first: datetime, at: datetime, on: date) -> EventQuerySet:
    # By when they begin, in whose order they are wanted; not a condition on the end alone, whose index would find all.
    over = Greatest("starts_at", "ends_at")
    near = seen_by_visitors(on).alias(over=over).filter(starts_at__gt=first, over__gt=at)
    events = near.settled().filter(audience=Audience.STAFF).order_by("starts_at", "id")
    return events.annotate(host=name_of_host(on, staff=False)).only(*_SHOWN)[:MOST]
