"""`leads`: two to four leads in post (CHARTER.md)."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from folkmoot.charter.commitments import Commitment, Threshold, register
from folkmoot.communities.models import Role
from folkmoot.core.dates import say_day
from folkmoot.health.findings import Finding, Status, Verdict
from folkmoot.health.measuring import Scope
from folkmoot.health.posts import Post, findings_of_posts

COMMITMENT = register(
    Commitment(
        key="leads",
        title=gettext_lazy("Leads"),
        promise=gettext_lazy("Enough leads in post, and not too many"),
        thresholds=(
            Threshold("least", gettext_lazy("At least"), 2, least=1, most=20),
            Threshold("most", gettext_lazy("At most"), 4, least=1, most=50),
            Threshold(
                "notice", gettext_lazy("Days ahead that a term's end is flagged"), 60, least=1, most=365
            ),
        ),
        in_short=lambda number: f"{number('least')}–{number('most')}",
        order=10,
    )
)
WHILE_FORMING = True


def measure(scope: Scope) -> dict[int, Finding]:
    """A finding for every community of the scope."""
    least, most, notice = (scope.value(COMMITMENT, key) for key in ("least", "most", "notice"))
    return findings_of_posts(
        scope,
        COMMITMENT,
        Role.LEAD,
        lambda post: judge(post, scope.on, least=least, most=most, notice=notice),
    )


def judge(post: Post, on: date, *, least: int, most: int, notice: int) -> Verdict:
    """What the charter says of the leads in post on the day `on`."""
    count = ngettext("%(count)d lead", "%(count)d leads", post.number) % {"count": post.number}
    words = {"count": count, "since": post.said_since(on), "least": least, "most": most}
    if post.number == 0:
        return Verdict(
            Status.MISSED,
            short=_("No lead"),
            evidence=_("No lead in post%(since)s.") % words,
            step=_("Find and appoint at least %(least)d leads.") % words,
            whose=_("Programme team"),
        )
    if post.number < least:
        return Verdict(
            Status.MISSED,
            short=count,
            evidence=_("%(count)s%(since)s; the charter asks for at least %(least)d.") % words,
            step=_("Appoint another lead; core members are the first to ask."),
            whose=_("Leads"),
        )
    if post.number > most:
        return Verdict(
            Status.MISSED,
            short=count,
            evidence=_("%(count)s%(since)s; the charter asks for at most %(most)d.") % words,
            step=_("Agree who stays a lead and who hands over."),
            whose=_("Leads"),
        )
    if post.still(on + timedelta(days=notice)) < least:
        name, last = post.falls_below(least)
        words |= {"name": name, "day": say_day(last, on)}
        return Verdict(
            Status.DUE_SOON,
            due=last,
            short=_("until %(day)s") % words,
            evidence=_("The term of %(name)s ends on %(day)s; then fewer than %(least)d leads remain.")
            % words,
            step=_("Renew the term of %(name)s, or appoint a successor, by %(day)s.") % words,
            whose=_("Leads"),
        )
    return Verdict(Status.MET, short=count, evidence=_("%(count)s in post%(since)s.") % words)
