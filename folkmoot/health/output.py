"""Measures as plain data: the JSON that is called from outside, and the rows of a table."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from folkmoot.calendar.models import Period
from folkmoot.health.findings import CommunityHealth, Finding


def as_json(on: date, healths: Iterable[CommunityHealth], term: Period | None) -> dict[str, Any]:
    """What `folkmoot health --json` prints: communities by slug, dates in ISO form or None.

    `term` is CHARTER.md's T for the organisation on that day.
    """
    return {
        "on": on.isoformat(),
        "term": term and {"name": term.name, "start": term.start.isoformat(), "end": term.end.isoformat()},
        "communities": [
            {
                "slug": health.community.slug,
                "name": health.community.name,
                "stage": str(health.stage),
                "findings": [_finding(finding) for finding in health.findings],
            }
            for health in sorted(healths, key=lambda health: health.community.slug)
        ],
    }


def as_rows(healths: Sequence[CommunityHealth], only: str = "") -> list[list[str]]:
    """A header and one row a community and commitment (or of `only` that one), for a spreadsheet, in their order."""
    header = [
        "community",
        "slug",
        "stage",
        "commitment",
        "status",
        "since",
        "due",
        "evidence",
        "next_step",
        "whose",
    ]
    rows = [
        [
            health.community.name,
            health.community.slug,
            str(health.stage),
            finding.commitment.key,
            str(finding.status),
            finding.since.isoformat() if finding.since else "",
            finding.due.isoformat() if finding.due else "",
            finding.evidence,
            finding.step.sentence,
            finding.step.whose,
        ]
        for health in healths
        for finding in health.findings
        if only in ("", finding.commitment.key)
    ]
    return [header, *rows]


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "commitment": finding.commitment.key,
        "status": str(finding.status),
        "since": finding.since.isoformat() if finding.since else None,
        "due": finding.due.isoformat() if finding.due else None,
        "evidence": finding.evidence,
        "next_step": finding.step.sentence,
    }
