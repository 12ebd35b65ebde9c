"""What is held once a term: the SQL and the words that `core_meeting` and `learning_event` share."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.events.models import Kind
from folkmoot.health.findings import Finding, Status, Words

# T is the last term of the community's calendar that has begun: terms do not overlap. An event counts on the day it
# starts in the organisation's zone, and is held at M when it has ended by then and is neither draft nor cancelled.
_ONCE_A_TERM = """
WITH termly AS MATERIALIZED (
    SELECT pair.community_id, pair.day, pair.moment, pair.clock, term.name, term.start, term.end
    FROM pair
    LEFT JOIN LATERAL (
        SELECT period.name, period.start, period.end FROM calendar_period period
        WHERE period.calendar_id = pair.calendar_id AND period.kind = 'term' AND period.start <= pair.day
        ORDER BY period.start DESC LIMIT 1
    ) term ON true
),
event AS MATERIALIZED (
    SELECT hosting.community_id, (event.starts_at AT TIME ZONE %(zone)s)::date AS held_on, event.ends_at
    FROM events_event event JOIN events_hosting hosting ON hosting.event_id = event.id
    WHERE event.kind IN ({kinds}) AND event.status IN ('scheduled', 'held')
      AND hosting.community_id = ANY (%(communities)s::bigint[])
      AND event.starts_at >= (SELECT min(start) - 1 FROM termly)
      AND event.starts_at < (SELECT max(termly.end) + 2 FROM termly)
),
counted AS (
    SELECT termly.*,
           max(event.held_on) FILTER (WHERE event.ends_at <= termly.moment) AS held_on,
           min(event.held_on) FILTER (WHERE event.ends_at > termly.moment) AS booked,
           max(event.held_on) FILTER (WHERE event.ends_at <= LEAST(termly.moment, %(now)s)) AS surely
    FROM termly LEFT JOIN event ON event.community_id = termly.community_id
         AND event.held_on BETWEEN termly.start AND termly.end
    GROUP BY termly.community_id, termly.day, termly.moment, termly.clock, termly.name, termly.start, termly.end
),
judged AS (
    SELECT *, CASE WHEN start IS NULL THEN 'not_yet'
                   WHEN held_on IS NOT NULL THEN 'met'
                   WHEN clock > start THEN 'not_yet'
                   WHEN day > counted.end THEN 'missed'
                   WHEN 2 * (day - start) >= counted.end - start THEN 'due_soon'
                   ELSE 'not_yet' END AS status
    FROM counted
)
SELECT community_id, day, status,
       CASE WHEN clock IS NULL OR start IS NULL THEN NULL WHEN status = 'met' THEN held_on
            WHEN status = 'missed' THEN judged.end + 1 ELSE GREATEST(start, clock) END AS since,
       judged.end AS due,
       jsonb_build_object('term', name, 'began', start, 'held_on', held_on, 'booked', booked, 'clock', clock,
                          'supposed', held_on IS DISTINCT FROM surely) AS data
FROM judged
"""


def once_a_term(kinds: Iterable[str]) -> str:
    """The SQL of a commitment to hold an event of one of these kinds in each term."""
    return _ONCE_A_TERM.format(kinds=", ".join(f"'{kind}'" for kind in kinds))


def say_once_a_term(finding: Finding, *, kind: str, one: str, none: str) -> Words:
    """The words of such a finding. `one` and `none` name what is held: “a core meeting”, “no core meeting”."""
    held, booked, due = finding.day("held_on"), finding.day("booked"), finding.due
    said = {
        "term": finding.data["term"],
        "one": one,
        "none": none,
        "One": one[:1].upper() + one[1:],
        "None": none[:1].upper() + none[1:],
        "held": finding.say(held),
        "booked": finding.say(booked),
        "due": finding.say(due),
        "clock": finding.say(finding.day("clock")),
    }
    listed = kind if kind == Kind.CORE_MEETING else ""  # a learning event may be of any of four kinds
    events = events_url(finding, listed, held, booked)
    hold = arrange_url(finding, kind) if kind == Kind.CORE_MEETING else hold_url(finding, kind)
    if not finding.data["term"]:
        return Words(_("No terms"), _("No terms are defined, so nothing is measured by the term."))
    if finding.status == Status.MET:
        evidence = _("%(One)s was held on %(held)s, in %(term)s.")
        if finding.data["supposed"]:
            evidence = _("%(One)s is booked for %(held)s, in %(term)s; this holds if what is booked is held.")
        return Words(finding.say_short(held), evidence % said, evidence_url=events)
    if finding.status == Status.MISSED:
        return Words(
            _("none in term"),
            _("%(None)s was held in %(term)s, which ended on %(due)s.") % said,
            _("If there was one, record it; plan the next one early.") % said,
            _("Leads"),
            events,
            hold,
            _("%(none)s in %(term)s") % said,
        )
    if finding.status == Status.DUE_SOON and booked:
        return Words(
            _("booked %(day)s") % {"day": finding.say_short(booked)},
            _("%(None)s was held yet in %(term)s; one is booked for %(booked)s.") % said,
            _("Hold it as booked, on %(booked)s.") % said,
            _("Leads"),
            events,
            events,
            _("%(one)s booked for %(booked)s") % said,
            waits=True,
        )
    if finding.status == Status.DUE_SOON:
        return Words(
            _("by %(day)s") % {"day": finding.say_short(due)},
            _("%(None)s was held yet in %(term)s, and none is booked.") % said,
            _("Hold or book %(one)s by %(due)s.") % said,
            _("Leads"),
            events,
            hold,
            _("%(one)s by %(due)s") % said,
        )
    return _say_not_yet(finding, said, events, booked)


def _say_not_yet(finding: Finding, said: dict[str, str], events: str, booked: date | None) -> Words:
    began, clock = finding.day("began"), finding.day("clock")
    if began and clock and clock > began:
        evidence = _("It is measured from the first full term after %(clock)s.")
    elif booked:
        evidence = _("%(One)s is booked for %(booked)s, in %(term)s.")
    else:
        evidence = _("%(term)s is not half over, and nothing was held yet.")
    return Words(str(finding.status.label), evidence % said, evidence_url=events if booked else "")


def arrange_url(finding: Finding, kind: str) -> str:
    """Where such a meeting arranges itself, if it can by the day it is due; else as soon as it can."""
    by = {"by": finding.due.isoformat()} if finding.due else {}
    return f"{reverse('arranging', args=[finding.community.slug, kind])}?{urlencode(by)}"


def events_url(finding: Finding, kind: str, held: date | None, booked: date | None) -> str:
    """What was held on that day, else what is booked for one; the past ones of that kind where neither is known."""
    day = held or booked
    is_past = held is not None and not finding.data["supposed"]
    asked = {
        "when": "past" if is_past or day is None else "",
        "kind": kind,
        "day": day.isoformat() if day else "",
    }
    chosen = urlencode({key: value for key, value in asked.items() if value})
    return f"{reverse('community_events', args=[finding.community.slug])}?{chosen}"


def hold_url(finding: Finding, kind: str) -> str:
    """Where one records or plans such an event of the community."""
    return f"{reverse('community_new_event', args=[finding.community.slug])}?{urlencode({'kind': kind})}"
