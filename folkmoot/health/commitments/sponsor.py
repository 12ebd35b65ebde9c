"""`sponsor`: one sponsor in post (CHARTER.md)."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.charter.commitments import Commitment, Threshold, register
from folkmoot.communities.models import Role
from folkmoot.core.dates import say_day
from folkmoot.health.findings import Finding, Status, Verdict
from folkmoot.health.measuring import Scope
from folkmoot.health.posts import Post, findings_of_posts

COMMITMENT = register(
    Commitment(
        key="sponsor",
        title=gettext_lazy("Sponsor"),
        promise=gettext_lazy("One sponsor in post"),
        thresholds=(
            Threshold(
                "notice", gettext_lazy("Days ahead that a term's end is flagged"), 60, least=1, most=365
            ),
        ),
        in_short=lambda _number: _("one in post"),
        order=20,
    )
)
WHILE_FORMING = True


def measure(scope: Scope) -> dict[int, Finding]:
    """A finding for every community of the scope."""
    notice = scope.value(COMMITMENT, "notice")
    return findings_of_posts(
        scope, COMMITMENT, Role.SPONSOR, lambda post: judge(post, scope.on, notice=notice)
    )


def judge(post: Post, on: date, *, notice: int) -> Verdict:
    """What the charter says of the sponsor in post on the day `on`."""
    words = {"count": post.number, "since": post.said_since(on)}
    if post.number == 0:
        return Verdict(
            Status.MISSED,
            short=_("Vacant"),
            evidence=_("No sponsor in post%(since)s.") % words,
            step=_("Find a sponsor and appoint them."),
            whose=_("Programme team"),
        )
    if post.number > 1:
        return Verdict(
            Status.MISSED,
            short=_("%(count)d sponsors") % words,
            evidence=_("%(count)d sponsors in post%(since)s; the charter asks for one.") % words,
            step=_("Agree which of them stays the sponsor, and end the other appointment."),
            whose=_("Programme team"),
        )
    if post.still(on + timedelta(days=notice)) < 1:
        name, last = post.falls_below(1)
        words |= {"name": name, "day": say_day(last, on)}
        return Verdict(
            Status.DUE_SOON,
            due=last,
            short=_("until %(day)s") % words,
            evidence=_("%(name)s sponsors until %(day)s.") % words,
            step=_("Ask %(name)s to stay on, or find the next sponsor, by %(day)s.") % words,
            whose=_("Programme team"),
        )
    words["name"] = post.holders[0].name
    return Verdict(
        Status.MET,
        short=_("In post"),
        evidence=_("%(name)s sponsors it; the post has been filled%(since)s.") % words,
    )
