"""Communities that may suit somebody who is new: where people of their unit are, and who knows what they seek."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.communities.models import Community, Stage
from folkmoot.people.models import Person

_FIT = """
WITH colleagues AS (
    SELECT id, 'unit' AS why FROM people_person WHERE unit_id = %(unit)s AND id <> %(person)s
    UNION ALL
    SELECT id, 'skill' FROM people_person WHERE skills_offered && %(skills)s::varchar[] AND id <> %(person)s
)
SELECT membership.community_id,
       count(DISTINCT membership.person_id) FILTER (WHERE why = 'unit') AS of_unit,
       count(DISTINCT membership.person_id) FILTER (WHERE why = 'skill') AS of_skill
FROM colleagues JOIN communities_membership membership ON membership.person_id = colleagues.id
WHERE membership.since <= %(on)s AND (membership.until IS NULL OR membership.until >= %(on)s)
GROUP BY membership.community_id
ORDER BY 2 * count(*) FILTER (WHERE why = 'unit') + count(*) FILTER (WHERE why = 'skill') DESC, membership.community_id
LIMIT 24
"""


@dataclass(frozen=True)
class Suggestion:
    """A community and why it may suit, in a sentence."""

    community: Community
    reason: str


def suggestions(
    person: Person, on: date, most: int = 4, leaving_out: Collection[int] = ()
) -> list[Suggestion]:
    """Communities that fit the unit and the skills of `person`, best first, filled up. At most three statements.

    They are living ones that one may join or ask to join, and none of those to be left out.
    """
    wanted = sorted({*person.skills_wanted, *person.skills_offered})
    with connection.cursor() as cursor:
        cursor.execute(_FIT, {"unit": person.unit_id, "person": person.pk, "skills": wanted, "on": on})
        fits = {community: (unit, skill) for community, unit, skill in cursor.fetchall()}
    open_ones = (
        Community.objects.open(on)
        .select_related("practice_area")
        .exclude(Q(stage=Stage.PROPOSED))
        .exclude(joining=Community.Joining.INVITATION)
        .exclude(pk__in=leaving_out)
    )
    found = {community.pk: community for community in open_ones.filter(pk__in=fits)}
    fitting = [Suggestion(found[pk], _reason(*fits[pk])) for pk in fits if pk in found][:most]
    if len(fitting) < most:
        others = open_ones.exclude(pk__in=[s.community.pk for s in fitting]).order_by("since", "id")[
            : most - len(fitting)
        ]
        fitting += [Suggestion(community, _("Open to everyone, whatever your job.")) for community in others]
    return fitting


def _reason(of_unit: int, of_skill: int) -> str:
    if of_unit:
        return ngettext(
            "%(count)d colleague from your unit is a member.",
            "%(count)d colleagues from your unit are members.",
            of_unit,
        ) % {"count": of_unit}
    return ngettext(
        "%(count)d member shares a skill with you.", "%(count)d members share a skill with you.", of_skill
    ) % {"count": of_skill}
