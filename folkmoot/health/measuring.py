"""Measuring communities on a day. The number of statements does not depend on how many communities there are."""

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from folkmoot.calendar.days import moment
from folkmoot.charter.commitments import Commitment
from folkmoot.charter.models import Version
from folkmoot.communities.models import Community, CommunityQuerySet, Stage
from folkmoot.health import commitments
from folkmoot.health.findings import CommunityHealth, Finding, Status


@dataclass(frozen=True)
class Scope:
    """What is measured: the day D, its moment M, the communities, and the charter in force.

    `memo` keeps what rules share, so that it is read once.
    """

    on: date
    moment: datetime
    communities: dict[int, Community]
    version: Version
    memo: dict[str, Any] = field(default_factory=dict)

    def value(self, commitment: Commitment, threshold: str) -> int:
        """The charter's number for a threshold."""
        return self.version.value(commitment.key, threshold)


@dataclass(frozen=True)
class Rule:
    """A commitment and how it is measured: {community id: finding} for every community of the scope."""

    commitment: Commitment
    measure: Callable[[Scope], dict[int, Finding]]
    while_forming: bool


@cache
def rules() -> list[Rule]:
    """Every rule, in the charter's order: each module of `commitments/` holds one."""
    names = [module.name for module in pkgutil.iter_modules(commitments.__path__)]
    modules = [import_module(f"{commitments.__name__}.{name}") for name in names]
    found = [
        Rule(module.COMMITMENT, module.measure, getattr(module, "WHILE_FORMING", False))
        for module in modules
        if hasattr(module, "COMMITMENT")
    ]
    return sorted(found, key=lambda rule: rule.commitment.order)


def measure(on: date, among: CommunityQuerySet | None = None) -> list[CommunityHealth]:
    """The health of every measured community (or of those `among`) on the day `on`, in the board's order."""
    wanted = (Community.objects.all() if among is None else among).measured(on)
    return measure_these(on, wanted)


def measure_these(on: date, communities: Iterable[Community]) -> list[CommunityHealth]:
    """The health of these communities, which have been fetched with their `stage` on the day `on`."""
    by_id = {community.pk: community for community in communities}
    if not by_id:
        return []
    scope = Scope(on=on, moment=moment(on), communities=by_id, version=Version.objects.in_force(on))
    measured = [(rule, rule.measure(scope)) for rule in rules()]
    found = [
        CommunityHealth(
            community=community,
            stage=Stage(community.stage),
            findings=tuple(_as_staged(rule, findings[pk], community) for rule, findings in measured),
        )
        for pk, community in by_id.items()
    ]
    return sorted(found, key=lambda health: health.need)


def commitments_met(healths: Iterable[CommunityHealth]) -> float | None:
    """(met + due soon) ÷ (met + due soon + missed), from 0 to 1; None where nothing is measured."""
    statuses = [finding.status for health in healths for finding in health.findings]
    kept = sum(status in {Status.MET, Status.DUE_SOON} for status in statuses)
    missed = sum(status == Status.MISSED for status in statuses)
    return kept / (kept + missed) if kept + missed else None


def _as_staged(rule: Rule, finding: Finding, community: Community) -> Finding:
    stage = community.stage
    if stage == Stage.RESTING:
        return finding.set_aside(Status.WAIVED, _("The community is resting."))
    if stage == Stage.FORMING and not rule.while_forming:
        return finding.set_aside(
            Status.NOT_YET, _("The community is forming: this is measured once it is active.")
        )
    return finding
