"""The charter speaks up by itself: once to the leads when something falls due or is missed, and once to the programme
team where leads have not acted in a week.

The ledger is its own memory: a finding has a key, and what was recorded under that key is not recorded again.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from folkmoot.activity.actions import line, record_all
from folkmoot.activity.models import Entry
from folkmoot.core import clock
from folkmoot.health.findings import CommunityHealth, Finding, Status
from folkmoot.health.measuring import measure

VERBS = {Status.DUE_SOON: "commitment_due_soon", Status.MISSED: "commitment_missed"}
LEFT = "commitment_left"
A_WEEK = timedelta(days=7)


@transaction.atomic
def tell_of_findings(on: date) -> int:
    """Record what has fallen due or was missed by the day `on`, and what was left for a week; how many lines.

    Done twice, each is recorded once.
    """
    pressing = {_key(finding): finding for finding in _pressing(measure(on))}
    told = _told([*VERBS.values(), LEFT])
    new = [
        line(
            VERBS[finding.status],
            by=None,
            about=finding.community,
            community=finding.community,
            data=_said(key, finding),
        )
        for key, finding in pressing.items()
        if (VERBS[finding.status], key) not in told
    ]
    left = [
        line(LEFT, by=None, about=finding.community, community=finding.community, data=_said(key, finding))
        for key, finding in pressing.items()
        if (LEFT, key) not in told and _told_long_ago(told, finding, key) and not finding.data.get("booked")
    ]
    return len(record_all([*new, *left]))


def _pressing(healths: Iterable[CommunityHealth]) -> Iterable[Finding]:
    return (
        finding
        for health in healths
        for finding in health.findings
        if finding.status in VERBS and finding.step.whose
    )


def _told(verbs: Iterable[str]) -> dict[tuple[str, str], date]:
    """{(verb, key): day} of what was recorded before. One statement."""
    found = Entry.objects.filter(verb__in=list(verbs)).values_list("verb", "data__key", "at")
    return {(verb, key): at.date() for verb, key, at in found}


def _told_long_ago(told: dict[tuple[str, str], date], finding: Finding, key: str) -> bool:
    first = told.get((VERBS[finding.status], key))
    return first is not None and first + A_WEEK <= clock.today()


def _key(finding: Finding) -> str:
    """The same as long as nothing has changed about it."""
    turned = finding.due if finding.status == Status.DUE_SOON else finding.since
    return f"{finding.community.pk}:{finding.commitment.key}:{finding.status}:{turned}"


def _said(key: str, finding: Finding) -> dict[str, str]:
    return {
        "key": key,
        "commitment": finding.commitment.key,
        "said": f"{finding.evidence} {finding.step.sentence}",
        "url": finding.step.url,
    }
