"""`leads`: two to four leads in post (CHARTER.md)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from folkmoot.charter.commitments import Commitment, Threshold, register
from folkmoot.communities.models import Role
from folkmoot.health.findings import Finding, Rule, Status, Words
from folkmoot.health.posts import in_post

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


def _say(finding: Finding) -> Words:
    number, least, most = finding.data["number"], finding.number("least"), finding.number("most")
    count = ngettext("%(count)d lead", "%(count)d leads", number) % {"count": number}
    since = _(" since %(day)s") % {"day": finding.say(finding.since)} if finding.since else ""
    said = {"count": count, "since": since, "least": least, "most": most}
    if number == 0:
        return Words(
            _("No lead"),
            _("No lead in post%(since)s.") % said,
            _("Find and appoint at least %(least)d leads.") % said,
            _("Programme team"),
            brief=_("no lead%(since)s") % said,
        )
    if number < least:
        return Words(
            count,
            _("%(count)s%(since)s; the charter asks for at least %(least)d.") % said,
            _("Appoint another lead; core members are the first to ask."),
            _("Leads"),
            brief=f"{count}{since}",
        )
    if number > most:
        return Words(
            count,
            _("%(count)s%(since)s; the charter asks for at most %(most)d.") % said,
            _("Agree who stays a lead and who hands over."),
            _("Leads"),
            brief=f"{count}{since}",
        )
    if finding.status == Status.DUE_SOON:
        said |= {"name": finding.data["name"], "day": finding.say(finding.due)}
        return Words(
            _("until %(day)s") % {"day": finding.say_short(finding.due)},
            _("The term of %(name)s ends on %(day)s; then fewer than %(least)d leads remain.") % said,
            _("Renew the term of %(name)s, or appoint a successor, by %(day)s.") % said,
            _("Leads"),
            step_url=reverse("community_member", args=[finding.community.slug, finding.data["person"]]),
            brief=_("the term of %(name)s ends on %(day)s") % said,
        )
    return Words(count, _("%(count)s in post%(since)s.") % said)


RULE = Rule(
    COMMITMENT,
    in_post("leads", Role.LEAD.value, least="least", most="most"),
    _say,
    while_forming=True,
    page="community_members",
)
