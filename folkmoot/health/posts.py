"""Who is in post in a role on a day: the SQL that `leads` and `sponsor` share."""

# How many are in post; how many of them hold the same membership when the notice is over; the last day before too few
# do, and whose membership ends then. The number has changed last on the day on which arrivals and leavings differ.
_IN_POST = """
WITH promised AS (
    SELECT community_id, day, {least} AS least, {most} AS most,
           (charter->'{key}'->>'notice')::int AS notice
    FROM pair
),
held AS (
    SELECT community_id, person_id, since, until FROM communities_membership
    WHERE role = '{role}' AND community_id = ANY (%(communities)s::bigint[])
),
present AS (
    SELECT promised.community_id, promised.day, promised.least, promised.most,
           count(held.person_id) AS number,
           count(held.person_id) FILTER (
               WHERE held.until IS NULL OR held.until >= promised.day + promised.notice) AS staying,
           array_agg(held.until ORDER BY held.until DESC NULLS FIRST, held.person_id) AS ends,
           array_agg(held.person_id ORDER BY held.until DESC NULLS FIRST, held.person_id) AS people
    FROM promised
    LEFT JOIN held ON held.community_id = promised.community_id AND held.since <= promised.day
         AND (held.until IS NULL OR held.until >= promised.day)
    GROUP BY promised.community_id, promised.day, promised.least, promised.most
),
changed AS (
    SELECT community_id, day FROM (
        SELECT community_id, since AS day, 1 AS step FROM held
        UNION ALL
        SELECT community_id, until + 1, -1 FROM held WHERE until IS NOT NULL
    ) steps GROUP BY community_id, day HAVING sum(step) <> 0
),
last_changed AS (
    SELECT pair.community_id, pair.day, max(changed.day) AS since
    FROM pair JOIN changed ON changed.community_id = pair.community_id AND changed.day <= pair.day
    GROUP BY pair.community_id, pair.day
),
judged AS (
    SELECT *, CASE WHEN number NOT BETWEEN least AND most THEN 'missed'
                   WHEN staying < least THEN 'due_soon' ELSE 'met' END AS status
    FROM present
)
SELECT judged.community_id, judged.day, judged.status, last_changed.since,
       CASE WHEN judged.status = 'due_soon' THEN judged.ends[judged.least] END AS due,
       jsonb_build_object('number', judged.number, 'name', person.name, 'person', person.id) AS data
FROM judged
LEFT JOIN last_changed USING (community_id, day)
LEFT JOIN people_person person ON person.id = judged.people[judged.least]
"""


def in_post(key: str, role: str, *, least: str, most: str) -> str:
    """The SQL of the commitment `key` for a role; `least` and `most` are numbers or names of its thresholds."""
    numbers = {
        name: value if value.isdigit() else f"(charter->'{key}'->>'{value}')::int"
        for name, value in (("least", least), ("most", most))
    }
    return _IN_POST.format(key=key, role=role, **numbers)
