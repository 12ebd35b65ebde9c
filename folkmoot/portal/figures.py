"""The programme in figures, each with its definition. People and memberships are both shown, and never mixed."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from folkmoot.communities.models import Stage
from folkmoot.core.statements import planned_for_its_values
from folkmoot.health.findings import CommunityHealth
from folkmoot.health.measuring import commitments_met

_REACH = """
WITH taking_part AS (
    SELECT membership.person_id, count(*) AS memberships
    FROM communities_membership membership
    WHERE membership.community_id = ANY(%(communities)s)
      AND membership.since <= %(on)s AND (membership.until IS NULL OR membership.until >= %(on)s)
    GROUP BY membership.person_id
)
SELECT
    (SELECT COALESCE(sum(memberships), 0)::bigint FROM taking_part),
    (SELECT count(*) FROM taking_part),
    (SELECT count(*) FROM people_unit unit CROSS JOIN LATERAL (
        SELECT FROM people_person person JOIN communities_membership membership ON membership.person_id = person.id
        WHERE person.unit_id = unit.id AND membership.community_id = ANY(%(communities)s)
          AND membership.since <= %(on)s AND (membership.until IS NULL OR membership.until >= %(on)s)
        LIMIT 1) reached),
    (SELECT count(*) FROM people_unit unit WHERE EXISTS (
        SELECT FROM people_person person
        WHERE person.unit_id = unit.id AND (person."left" IS NULL OR person."left" > %(on)s)))
"""


@dataclass(frozen=True)
class Figures:
    """The programme on a day. `met` is the share of commitments met, in per cent, None where nothing is measured."""

    communities: int
    active: int
    forming: int
    resting: int
    memberships: int
    people: int
    units_reached: int
    units_eligible: int
    met: int | None


def figures(on: date, healths: list[CommunityHealth]) -> Figures:
    """The figures of the measured communities `healths` on the day `on`. One statement."""
    with planned_for_its_values(), connection.cursor() as cursor:
        cursor.execute(_REACH, {"on": on, "communities": [health.community.pk for health in healths]})
        memberships, people, reached, eligible = cursor.fetchone()
    stages = [health.stage for health in healths]
    share = commitments_met(healths)
    return Figures(
        communities=len(healths),
        active=stages.count(Stage.ACTIVE),
        forming=stages.count(Stage.FORMING),
        resting=stages.count(Stage.RESTING),
        memberships=memberships,
        people=people,
        units_reached=reached,
        units_eligible=eligible,
        met=None if share is None else round(100 * share),
    )
