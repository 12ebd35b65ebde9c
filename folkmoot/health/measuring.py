"""Measuring communities on a day, and over many days, in one statement, whatever their number."""

import json
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection

from folkmoot.calendar.days import moment, today
from folkmoot.charter.models import Version
from folkmoot.communities.models import Community, CommunityQuerySet, Stage
from folkmoot.core import clock
from folkmoot.core.statements import planned_for_its_values
from folkmoot.health import commitments
from folkmoot.health.findings import CommunityHealth, Finding, Rule, Status
from folkmoot.health.statement import findings_sql, one_finding_sql, strips_sql

STRIP_WEEKS = 104


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the charter's order: each module of `commitments/` holds one."""
    names = [module.name for module in pkgutil.iter_modules(commitments.__path__)]
    modules = [import_module(f"{commitments.__name__}.{name}") for name in names]
    return tuple(sorted((module.RULE for module in modules), key=lambda rule: rule.commitment.order))


def measure(on: date, among: CommunityQuerySet | None = None) -> list[CommunityHealth]:
    """The health of every measured community (or of those `among`) on the day `on`, in the board's order."""
    wanted = (Community.objects.all() if among is None else among).measured(on)
    return measure_these(on, wanted.defer("words", "search_key", "summary"))


def measure_these(on: date, communities: Iterable[Community]) -> list[CommunityHealth]:
    """The health of these communities, which have been fetched with their `stage` on the day `on`. Two statements."""
    by_id = {community.pk: community for community in communities}
    found: dict[int, list[Finding]] = {pk: [] for pk in by_id}
    for finding in findings([on], by_id):
        found[finding.community.pk].append(finding)
    healths = [
        CommunityHealth(
            community=community,
            stage=Stage(community.stage),
            findings=tuple(sorted(found[pk], key=lambda finding: finding.commitment.order)),
        )
        for pk, community in by_id.items()
    ]
    return sorted(healths, key=lambda health: health.need)


def findings(days: Sequence[date], communities: Mapping[int, Community]) -> Iterator[Finding]:
    """Every finding of these communities (by id) on these days, as far as they are measured then. Two statements."""
    if not communities:
        return
    versions = Version.objects.by_day()
    by_day = {day: versions.on(day) for day in days}
    by_key = {rule.commitment.key: rule for rule in rules()}
    asked = _asked(list(by_day), list(by_day.values()), communities)
    one = len(communities) == len(by_day) == 1
    with nullcontext() if one else planned_for_its_values(), connection.cursor() as cursor:
        cursor.execute(*((_one_finding_sql(), _only(asked)) if one else (_findings_sql(), asked)))
        for key, pk, day, aside, status, since, due, data, reason, until in cursor.fetchall():
            status, due = _set_aside(aside, status, due)
            yield Finding(
                by_key[key],
                communities[pk],
                day,
                by_day[day],
                status,
                since,
                due,
                data,
                aside,
                reason or "",
                until,
            )


@dataclass(frozen=True)
class Strip:
    """How a finding stood, week by week: (letter, first day, last day) of each stretch, the earliest first.

    Letters: m(issed), d(ue soon), k(ept), w(aived), n(ot yet). Where nothing was measured there is no stretch.
    """

    first: date
    last: date
    stretches: tuple[tuple[str, date, date], ...]


def strips(on: date, communities: Sequence[int], weeks: int = STRIP_WEEKS) -> dict[int, dict[str, Strip]]:
    """{community: {commitment: how it stood in the weeks that end on the day `on`}}. Two statements."""
    if not communities:
        return {}
    days = [on - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    versions = Version.objects.by_day()
    found: dict[int, dict[str, Strip]] = {pk: {} for pk in communities}
    with planned_for_its_values(), connection.cursor() as cursor:
        cursor.execute(_strips_sql(), _asked(days, [versions.on(day) for day in days], communities))
        for key, pk, measured, letters in cursor.fetchall():
            found[pk][key] = Strip(days[0], days[-1], tuple(_stretches(measured, letters)))
    return found


def commitments_met(healths: Iterable[CommunityHealth]) -> float | None:
    """(met + due soon) ÷ (met + due soon + missed), from 0 to 1; None where nothing is measured."""
    statuses = [finding.status for health in healths for finding in health.findings]
    kept = sum(status in {Status.MET, Status.DUE_SOON} for status in statuses)
    missed = sum(status == Status.MISSED for status in statuses)
    return kept / (kept + missed) if kept + missed else None


def _set_aside(aside: str, status: str, due: date | None) -> tuple[Status, date | None]:
    if not aside:
        return Status(status), due
    return (Status.NOT_YET if aside == "forming" else Status.WAIVED), None


def _stretches(days: Sequence[date], letters: str) -> Iterable[tuple[str, date, date]]:
    """Runs of one letter over weeks that follow each other."""
    begun = 0
    for at in range(1, len(days) + 1):
        goes_on = at < len(days) and letters[at] == letters[begun] and (days[at] - days[at - 1]).days <= 7
        if not goes_on:
            yield letters[begun], days[begun], days[at - 1]
            begun = at


@cache
def _findings_sql() -> str:
    return findings_sql(rules())


@cache
def _one_finding_sql() -> str:
    return one_finding_sql(rules())


@cache
def _strips_sql() -> str:
    return strips_sql(rules())


def _only(asked: dict[str, Any]) -> dict[str, Any]:
    """The parameters for the only community and day of `asked`."""
    of = {
        "day": "days",
        "moment": "moments",
        "future": "futures",
        "charter": "charters",
        "community": "communities",
    }
    return {"zone": asked["zone"], "now": asked["now"], **{name: asked[many][0] for name, many in of.items()}}


def _asked(days: Sequence[date], versions: Sequence[Version], communities: Iterable[int]) -> dict[str, Any]:
    """The parameters of the statement."""
    charters = {version.since: json.dumps(version.numbers()) for version in versions}
    now = today()
    return {
        "days": list(days),
        "moments": [moment(day) for day in days],
        "futures": [day > now for day in days],
        "charters": [charters[version.since] for version in versions],
        "communities": list(communities),
        "zone": settings.TIME_ZONE,
        "now": clock.now(),
    }
