"""`sponsor_meeting`: leads and sponsor met within six weeks (CHARTER.md)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.charter.commitments import Commitment, Threshold, register
from folkmoot.events.models import Kind
from folkmoot.health.findings import Finding, Rule, Status, Words
from folkmoot.health.rhythm import arrange_url, events_url

COMMITMENT = register(
    Commitment(
        key="sponsor_meeting",
        title=gettext_lazy("Sponsor meeting"),
        promise=gettext_lazy("Leads and sponsor meet for guidance and support"),
        thresholds=(
            Threshold("days", gettext_lazy("Days from one to the next, at most"), 42, least=1, most=366),
            Threshold("notice", gettext_lazy("Days ahead that it is flagged"), 14, least=0, most=180),
        ),
        in_short=lambda number: (
            _("every %(weeks)d weeks") % {"weeks": number("days") // 7}
            if number("days") % 7 == 0
            else _("every %(days)d days") % {"days": number("days")}
        ),
        order=30,
    )
)

# A meeting counts when its attendance names a lead and the sponsor of its day; where none was recorded, when it was
# marked as held. On a day ahead, what is booked counts. The clock starts anew with another sponsor.
_SQL = """
WITH sponsored AS MATERIALIZED (
    SELECT pair.community_id, pair.day, pair.moment, pair.is_future,
           (pair.charter->'sponsor_meeting'->>'days')::int AS days,
           (pair.charter->'sponsor_meeting'->>'notice')::int AS notice,
           CASE WHEN pair.clock IS NOT NULL THEN GREATEST(pair.clock, max(membership.since)) END AS clock
    FROM pair LEFT JOIN communities_membership membership
         ON membership.community_id = pair.community_id AND membership.role = 'sponsor'
         AND membership.since <= pair.day AND (membership.until IS NULL OR membership.until >= pair.day)
    GROUP BY pair.community_id, pair.day, pair.moment, pair.is_future, pair.charter, pair.clock
),
wanted AS (
    SELECT community_id, min(clock) AS clock, min(moment) AS first, max(moment) AS last
    FROM sponsored GROUP BY community_id
),
arranged AS MATERIALIZED (
    SELECT hosting.community_id, event.id, (event.starts_at AT TIME ZONE %(zone)s)::date AS held_on,
           event.ends_at, event.status = 'held' AS marked
    FROM events_event event JOIN events_hosting hosting ON hosting.event_id = event.id
    WHERE event.kind = 'sponsor_meeting' AND event.status IN ('scheduled', 'held')
      AND hosting.community_id = ANY (%(communities)s::bigint[])
),
meeting AS MATERIALIZED (
    SELECT arranged.*, arranged.ends_at <= wanted.last AS is_over FROM arranged JOIN wanted USING (community_id)
    WHERE arranged.held_on >= wanted.clock OR arranged.ends_at > wanted.first
),
attended AS (
    SELECT meeting.community_id, meeting.id,
           bool_or(membership.role = 'lead') AND bool_or(membership.role = 'sponsor') AS by_both
    FROM meeting
    JOIN events_attendance attendance ON attendance.event_id = meeting.id
    LEFT JOIN communities_membership membership
         ON membership.community_id = meeting.community_id AND membership.person_id = attendance.person_id
         AND membership.role IN ('lead', 'sponsor') AND membership.since <= meeting.held_on
         AND (membership.until IS NULL OR membership.until >= meeting.held_on)
    WHERE meeting.is_over
    GROUP BY meeting.community_id, meeting.id
),
real AS MATERIALIZED (
    SELECT meeting.*, COALESCE(attended.by_both, attended.id IS NULL AND meeting.marked) AS counts
    FROM meeting LEFT JOIN attended USING (community_id, id)
),
counted AS (
    SELECT sponsored.community_id, sponsored.day, sponsored.clock, sponsored.days, sponsored.notice,
           max(real.held_on) FILTER (WHERE real.held_on >= sponsored.clock AND real.ends_at <= sponsored.moment
               AND (real.counts OR sponsored.is_future AND real.ends_at > %(now)s)) AS held_on,
           max(real.held_on) FILTER (WHERE real.held_on >= sponsored.clock
               AND real.ends_at <= LEAST(sponsored.moment, %(now)s) AND real.counts) AS surely,
           min(real.held_on) FILTER (WHERE real.ends_at > sponsored.moment) AS booked
    FROM sponsored LEFT JOIN real USING (community_id)
    GROUP BY sponsored.community_id, sponsored.day, sponsored.clock, sponsored.days, sponsored.notice
),
due AS (SELECT *, COALESCE(held_on, clock) + days AS due FROM counted),
judged AS (
    SELECT *, CASE WHEN due IS NULL THEN 'not_yet' WHEN day > due THEN 'missed' WHEN held_on IS NULL THEN 'not_yet'
                   WHEN due - day <= notice THEN 'due_soon' ELSE 'met' END AS status
    FROM due
)
SELECT community_id, day, status, CASE WHEN status = 'missed' THEN due + 1 ELSE COALESCE(held_on, clock) END AS since,
       due, jsonb_build_object('held_on', held_on, 'clock', clock, 'booked', booked,
                               'supposed', held_on IS DISTINCT FROM surely) AS data
FROM judged
"""


def _say(finding: Finding) -> Words:
    held, booked = finding.day("held_on"), finding.day("booked")
    said = {
        "held": finding.say(held),
        "booked": finding.say(booked),
        "due": finding.say(finding.due),
        "clock": finding.say(finding.day("clock")),
    }
    arranging = arrange_url(finding, Kind.SPONSOR_MEETING)
    events = events_url(finding, Kind.SPONSOR_MEETING, held, booked)
    if finding.data["supposed"]:
        last = _("Leads and sponsor meet on %(held)s if what is booked is held;")
    elif held:
        last = _("Leads and sponsor last met on %(held)s;")
    else:
        last = _("Leads and sponsor have not met since %(clock)s;")
    if finding.status == Status.MISSED:
        rest = _("the next meeting was due by %(due)s.") if held else _("they were to by %(due)s.")
    else:
        rest = _("the next meeting is due by %(due)s.") if held else _("they are to by %(due)s.")
    parts = [last, rest]
    if booked:
        parts.append(_("It is booked for %(booked)s."))
    elif finding.status in {Status.DUE_SOON, Status.MISSED}:
        parts.append(_("None is booked."))
    evidence = " ".join(parts) % said
    soon, last_short = finding.say_short(finding.due), finding.say_short(held)
    if finding.status in {Status.MET, Status.NOT_YET}:
        short = last_short if finding.status == Status.MET else _("by %(due)s") % {"due": soon}
        if held or booked:
            return Words(short, evidence, evidence_url=events)
        step = _("Book a day by %(due)s.") % said if finding.due else ""
        return Words(short, evidence, step, _("Leads") if step else "", step_url=arranging)
    missed = finding.status == Status.MISSED
    short = _("due %(due)s") % {"due": soon} if missed else _("by %(due)s") % {"due": soon}
    brief = _("sponsor meeting due since %(due)s") if missed else _("sponsor meeting by %(due)s")
    step, url = _("If you met, record it; if not, book a day."), arranging
    if booked:
        short = _("booked %(day)s") % {"day": finding.say_short(booked)} if not missed else short
        brief = _("sponsor meeting booked for %(booked)s") if not missed else brief
        step = _("Meet as booked, on %(booked)s.") % said
        url = events_url(finding, Kind.SPONSOR_MEETING, None, booked)
        events = events if missed else url
    waits = booked is not None and (missed or finding.due is None or booked <= finding.due)
    return Words(short, evidence, step, _("Leads"), events, url, brief % said, waits)


RULE = Rule(COMMITMENT, _SQL, _say)
