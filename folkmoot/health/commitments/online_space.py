"""`online_space`: a space where people talk, and that is not quiet (CHARTER.md)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.charter.commitments import Commitment, Threshold, register
from folkmoot.communities.models import Community
from folkmoot.health.findings import Finding, Rule, Status, Words

COMMITMENT = register(
    Commitment(
        key="online_space",
        title=gettext_lazy("Online space"),
        promise=gettext_lazy("A space where people talk between meetings"),
        thresholds=(
            Threshold("days", gettext_lazy("Days it may be quiet"), 30, least=1, most=366),
            Threshold("notice", gettext_lazy("Days ahead that it is flagged"), 9, least=0, most=180),
        ),
        in_short=lambda number: _("in %(days)d days") % {"days": number("days")},
        order=70,
    )
)

# Alive is what was last of: a post here, a day that a lead attests, the last message that the channel took. A space is
# one that is on record, or in which something was said. The clock is only the start of what is measured.
_SQL = """
WITH alive AS MATERIALIZED (
    SELECT pair.community_id, pair.day, pair.clock, community.space_kind <> '' OR community.space_url <> '' AS known,
           (pair.charter->'online_space'->>'days')::int AS days,
           (pair.charter->'online_space'->>'notice')::int AS notice,
           posted.day AS posted, attested.day AS attested, told.day AS told,
           GREATEST(posted.day, attested.day, told.day) AS last
    FROM pair JOIN communities_community community ON community.id = pair.community_id
    LEFT JOIN LATERAL (
        SELECT (post.at AT TIME ZONE %(zone)s)::date AS day FROM discussions_post post
        WHERE post.community_id = pair.community_id AND post.removed_at IS NULL AND post.hidden_at IS NULL
          AND post.at <= LEAST(pair.moment, %(now)s) AND (post.at AT TIME ZONE %(zone)s)::date <= pair.day
        ORDER BY post.at DESC LIMIT 1
    ) posted ON true
    LEFT JOIN LATERAL (
        SELECT active.day FROM communities_activeday active
        WHERE active.community_id = pair.community_id AND active.day <= pair.day
        ORDER BY active.day DESC LIMIT 1
    ) attested ON true
    LEFT JOIN LATERAL (
        SELECT (channel.succeeded_at AT TIME ZONE %(zone)s)::date AS day FROM channels_channel channel
        WHERE channel.community_id = pair.community_id AND channel.succeeded_at <= LEAST(pair.moment, %(now)s)
          AND (channel.succeeded_at AT TIME ZONE %(zone)s)::date <= pair.day
    ) told ON true
),
counted AS (
    SELECT *, CASE WHEN last >= clock THEN last END AS held_on, known OR last IS NOT NULL AS is_there FROM alive
),
due AS (SELECT *, CASE WHEN is_there THEN COALESCE(held_on, clock) + days END AS due FROM counted),
judged AS (
    SELECT *, CASE WHEN clock IS NULL THEN 'not_yet' WHEN NOT is_there OR day > due THEN 'missed'
                   WHEN due - day <= notice THEN 'due_soon' ELSE 'met' END AS status
    FROM due
)
SELECT community_id, day, status,
       CASE WHEN status = 'missed' AND is_there THEN due + 1 ELSE COALESCE(held_on, clock) END AS since, due,
       jsonb_build_object('last', last, 'clock', clock, 'is_there', is_there,
           'by', CASE WHEN last = posted THEN 'posts' WHEN last = attested THEN 'attested'
                      WHEN last = told THEN 'channel' END) AS data
FROM judged
"""


def _say(finding: Finding) -> Words:
    slug = finding.community.slug
    if not finding.data["is_there"]:
        return Words(
            _("none"),
            _("No online space is known, and nothing was written here."),
            _("Say where the community talks, or start a thread here."),
            _("Leads"),
            reverse("community_space", args=[slug]),
            reverse("community_edit", args=[slug]),
            _("no online space"),
        )
    last, due = finding.day("last"), finding.due
    said = {
        "last": finding.say(last),
        "due": finding.say(due),
        "clock": finding.say(finding.day("clock")),
        "space": finding.community.get_space_kind_display(),
    }
    by = finding.data["by"]
    evidence = {
        "posts": _("Something was last written here on %(last)s."),
        "attested": _("The online space was last active on %(last)s, as a lead recorded."),
        "channel": _("The channel last took a message on %(last)s."),
    }.get(by, _("Nothing was heard of the online space since %(clock)s.")) % said
    pages = {"posts": "threads", "channel": "threads"}
    evidence_url = reverse(pages.get(by, "community_space"), args=[slug])
    if finding.status in {Status.MET, Status.NOT_YET}:
        short = finding.say_short(last) if last else _("by %(due)s") % {"due": finding.say_short(due)}
        return Words(short, evidence, evidence_url=evidence_url)
    missed = finding.status == Status.MISSED
    short = _("quiet") if missed else _("by %(due)s") % {"due": finding.say_short(due)}
    rest = (
        _("The charter let it be quiet until %(due)s.")
        if missed
        else _("The charter lets it be quiet until %(due)s.")
    )
    is_here = finding.community.space_kind in {Community.Space.FOLKMOOT, Community.Space.NONE}
    if is_here:
        step, url = _("Start a thread: a question is the easiest."), reverse("new_thread", args=[slug])
    else:
        step = _("If people talked in %(space)s, record a day; if not, ask something there.") % said
        url = reverse("community_space", args=[slug])
    brief = _("online space quiet since %(last)s") if last else _("online space not heard of since %(clock)s")
    return Words(short, f"{evidence} {rest % said}", step, _("Leads"), evidence_url, url, brief % said)


RULE = Rule(COMMITMENT, _SQL, _say)
