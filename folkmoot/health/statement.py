"""The one statement that measures: every rule, for any communities, on any days.

Each rule is a SELECT over the rows of `pair`: a measured community on a day, with

    community_id, day, moment   CHARTER.md's D and M; `now` is a parameter
    is_future                   whether the day lies ahead, where what is booked counts
    charter                     jsonb: {commitment: {threshold: number}} in force on the day
    stage, active_since         forming, active or resting; the day since which it has been active, null otherwise
    clock                       the later of active_since and the day from which the programme is measured
    calendar_id                 the community's own calendar, else the organisation's

It gives community_id, day, status, since, due, data. What is set aside (resting, waived, forming) is decided here.
"""

from collections.abc import Sequence

from folkmoot.health.findings import Rule

_PAIRS = """
asked AS (
    SELECT day, moment, is_future, charter
    FROM unnest(%(days)s::date[], %(moments)s::timestamptz[], %(futures)s::boolean[], %(charters)s::jsonb[])
         AS asked(day, moment, is_future, charter)
),
island AS (
    SELECT community_id, stage, since,
           lead(since) OVER (PARTITION BY community_id ORDER BY since) AS next,
           count(*) FILTER (WHERE stage <> 'active') OVER (PARTITION BY community_id ORDER BY since) AS island
    FROM communities_stagechange WHERE community_id = ANY (%(communities)s::bigint[])
),
spell AS (
    SELECT community_id, stage, since, next,
           CASE WHEN stage = 'active'
                THEN min(since) FILTER (WHERE stage = 'active') OVER (PARTITION BY community_id, island)
           END AS active_since
    FROM island
),
measured AS (
    SELECT COALESCE((SELECT day FROM charter_measuredfrom), (SELECT min(since) FROM charter_version)) AS day
),
pair AS MATERIALIZED (
    SELECT community.id AS community_id, asked.day, asked.moment, asked.is_future, asked.charter,
           spell.stage, spell.active_since,
           CASE WHEN spell.active_since IS NOT NULL THEN GREATEST(spell.active_since, measured.day) END AS clock,
           COALESCE(community.calendar_id, (SELECT id FROM calendar_calendar WHERE is_organisations)) AS calendar_id
    FROM communities_community community
    JOIN spell ON spell.community_id = community.id
    JOIN asked ON asked.day BETWEEN GREATEST(spell.since, community.since)
                  AND LEAST(spell.next - 1, community.until, 'infinity')
    CROSS JOIN measured
    WHERE community.id = ANY (%(communities)s::bigint[]) AND spell.stage IN ('forming', 'active', 'resting')
)"""
_ALL = "status, since, due, data"
# The statement for one community on one day says so, which lets the database keep its plan for any.
_ONE = {
    "= ANY (%(communities)s::bigint[])": "= %(community)s",
    """    SELECT day, moment, is_future, charter
    FROM unnest(%(days)s::date[], %(moments)s::timestamptz[], %(futures)s::boolean[], %(charters)s::jsonb[])
         AS asked(day, moment, is_future, charter)
""": """    SELECT %(day)s::date AS day, %(moment)s::timestamptz AS moment, %(future)s::boolean AS is_future,
           %(charter)s::jsonb AS charter
""",
}
_ASIDE = """
SELECT finding.*, waiver.reason, waiver.until,
       CASE WHEN pair.stage = 'resting' THEN 'resting'
            WHEN waiver.until IS NOT NULL THEN 'waived'
            WHEN pair.stage = 'forming' AND NOT finding.while_forming THEN 'forming'
            ELSE '' END AS aside
FROM finding
JOIN pair USING (community_id, day)
LEFT JOIN LATERAL (
    SELECT reason, until FROM communities_waiver waiver
    WHERE waiver.community_id = finding.community_id AND waiver.commitment = finding.commitment
      AND waiver.since <= finding.day AND waiver.until >= finding.day
    ORDER BY waiver.until DESC, waiver.id LIMIT 1
) waiver ON true"""

_LETTERS = """
SELECT commitment, community_id, array_agg(day ORDER BY day), string_agg(
    CASE WHEN aside IN ('resting', 'waived') THEN 'w' WHEN aside = 'forming' OR status = 'not_yet' THEN 'n'
         WHEN status = 'missed' THEN 'm' WHEN status = 'due_soon' THEN 'd' ELSE 'k' END, '' ORDER BY day)
FROM said GROUP BY commitment, community_id"""


def findings_sql(rules: Sequence[Rule]) -> str:
    """The statement. Rows: commitment, community_id, day, aside, status, since, due, data, reason, until."""
    return f"""{_said(rules, _ALL)}
SELECT commitment, community_id, day, aside, {_ALL}, reason, until FROM said"""  # noqa: S608


def one_finding_sql(rules: Sequence[Rule]) -> str:
    """The same for one `community` on one `day` with its `moment`, `future` and `charter`."""
    sql = findings_sql(rules)
    for many, one in _ONE.items():
        sql = sql.replace(many, one)
    return sql


def strips_sql(rules: Sequence[Rule]) -> str:
    """The same over many days, as letters: m(issed), d(ue soon), k(ept), w(aived), n(ot yet), by day.

    Rows: commitment, community_id, the days measured, a letter for each of them.
    """
    return _said(rules, "status") + _LETTERS


def _said(rules: Sequence[Rule], columns: str) -> str:
    """What every rule says, with what is set aside; columns that are not asked for are not computed."""
    parts = " UNION ALL ".join(_part(rule, columns) for rule in rules)
    return f"WITH {_PAIRS},\nfinding AS ({parts}),\nsaid AS ({_ASIDE})"


def _part(rule: Rule, columns: str) -> str:
    while_forming = "true" if rule.while_forming else "false"
    return (
        f"SELECT '{rule.commitment.key}' AS commitment, {while_forming} AS while_forming, "  # noqa: S608
        f"community_id, day, {columns} FROM ({rule.sql}) AS {rule.commitment.key}_"
    )
