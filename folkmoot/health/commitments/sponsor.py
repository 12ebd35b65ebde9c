"""`sponsor`: one sponsor in post (CHARTER.md)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.charter.commitments import Commitment, Threshold, register
from folkmoot.communities.models import Role
from folkmoot.health.findings import Finding, Rule, Status, Words
from folkmoot.health.posts import in_post

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


def _say(finding: Finding) -> Words:
    number = finding.data["number"]
    since = _(" since %(day)s") % {"day": finding.say(finding.since)} if finding.since else ""
    said = {"count": number, "since": since, "name": finding.data["name"], "day": finding.say(finding.due)}
    if number == 0:
        return Words(
            _("Vacant"),
            _("No sponsor in post%(since)s.") % said,
            _("Find a sponsor and appoint them."),
            _("Programme team"),
            brief=_("no sponsor%(since)s") % said,
        )
    if number > 1:
        return Words(
            _("%(count)d sponsors") % said,
            _("%(count)d sponsors in post%(since)s; the charter asks for one.") % said,
            _("Agree which of them stays the sponsor, and end the other appointment."),
            _("Programme team"),
            brief=_("%(count)d sponsors%(since)s") % said,
        )
    if finding.status == Status.DUE_SOON:
        return Words(
            _("until %(day)s") % {"day": finding.say_short(finding.due)},
            _("%(name)s sponsors until %(day)s.") % said,
            _("Ask %(name)s to stay on, or find the next sponsor, by %(day)s.") % said,
            _("Programme team"),
            step_url=reverse("community_member", args=[finding.community.slug, finding.data["person"]]),
            brief=_("%(name)s sponsors until %(day)s") % said,
        )
    return Words(_("In post"), _("%(name)s sponsors it; the post has been filled%(since)s.") % said)


RULE = Rule(
    COMMITMENT,
    in_post("sponsor", Role.SPONSOR.value, least="1", most="1"),
    _say,
    while_forming=True,
    page="community_members",
)
