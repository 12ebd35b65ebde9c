"""Who is in post in a role on a day, for all communities in one statement."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.charter.commitments import Commitment
from folkmoot.core.dates import say_day
from folkmoot.health.findings import Finding, Verdict
from folkmoot.health.measuring import Scope

_MEMO = "posts"
_IN_POST = """
WITH held AS (
    SELECT community_id, role, person_id, since, until
    FROM communities_membership
    WHERE role IN ('lead', 'sponsor') AND since <= %(on)s AND community_id = ANY(%(communities)s)
),
changed AS (
    SELECT community_id, role, day
    FROM (
        SELECT community_id, role, since AS day, 1 AS step FROM held
        UNION ALL
        SELECT community_id, role, until + 1, -1 FROM held WHERE until < %(on)s
    ) steps
    GROUP BY community_id, role, day
    HAVING SUM(step) <> 0
),
last_changed AS (SELECT community_id, role, MAX(day) AS day FROM changed GROUP BY community_id, role),
present AS (
    SELECT held.community_id, held.role,
           json_agg(json_build_array(person.name, held.until)
                    ORDER BY held.until NULLS LAST, person.sort_name) AS holders
    FROM held JOIN people_person person ON person.id = held.person_id
    WHERE held.until IS NULL OR held.until >= %(on)s
    GROUP BY held.community_id, held.role
)
SELECT last_changed.role, last_changed.community_id, last_changed.day, present.holders::text
FROM last_changed LEFT JOIN present USING (community_id, role)
"""


@dataclass(frozen=True)
class Holder:
    """Somebody in post, and the last day of that membership if it has one."""

    name: str
    until: date | None


@dataclass(frozen=True)
class Post:
    """A role in a community on a day: who holds it (first to end first), and when their number last changed."""

    holders: tuple[Holder, ...] = ()
    since: date | None = None

    @property
    def number(self) -> int:
        """How many are in post."""
        return len(self.holders)

    def still(self, on: date) -> int:
        """How many of them hold the same membership on a later day."""
        return sum(holder.until is None or holder.until >= on for holder in self.holders)

    def falls_below(self, least: int) -> tuple[str, date]:
        """Whose end brings their number below `least`, and the last day before that. ValueError if nobody's does."""
        ending = self.holders[self.number - least]
        if ending.until is None:
            raise ValueError("their number does not fall below that")
        return ending.name, ending.until

    def said_since(self, on: date) -> str:
        """“ since 3 March”, or nothing where no day is known."""
        return _(" since %(day)s") % {"day": say_day(self.since, on)} if self.since else ""


def findings_of_posts(
    scope: Scope, commitment: Commitment, role: str, judge: Callable[[Post], Verdict]
) -> dict[int, Finding]:
    """What `judge` says of a role's holders, as a finding for every community of the scope."""
    found = posts(role, scope)
    findings = {}
    for pk, community in scope.communities.items():
        post = found.get(pk, Post())
        members = reverse("community_members", args=[community.slug])
        findings[pk] = judge(post).as_finding(
            commitment, since=post.since, evidence_url=members, step_url=members
        )
    return findings


def posts(role: str, scope: Scope) -> dict[int, Post]:
    """{community id: Post} of a role. A community without any such membership yet has no entry.

    One statement for leads and sponsors together, the first time that either is asked for in a scope.
    """
    if _MEMO not in scope.memo:
        scope.memo[_MEMO] = _read(scope.on, scope.communities)
    found: dict[int, Post] = scope.memo[_MEMO].get(role, {})
    return found


def _read(on: date, communities: Iterable[int]) -> dict[str, dict[int, Post]]:
    with connection.cursor() as cursor:
        cursor.execute(_IN_POST, {"on": on, "communities": list(communities)})
        rows = cursor.fetchall()
    found: dict[str, dict[int, Post]] = {}
    for role, community, day, holders in rows:
        in_post = json.loads(holders) if holders else []
        held = tuple(Holder(name, date.fromisoformat(until) if until else None) for name, until in in_post)
        found.setdefault(role, {})[community] = Post(holders=held, since=day)
    return found
