"""Planning and writing terms and closures: known by calendar, kind, name and first day.

A calendar that a row applies to is made if there is none of that name.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from folkmoot.calendar.actions import free_slug
from folkmoot.calendar.models import Calendar, Period
from folkmoot.core.dates import say_day
from folkmoot.core.text import fold
from folkmoot.exchange.importing import bulk
from folkmoot.exchange.importing.memory import Memory, remember
from folkmoot.exchange.importing.merging import Merged, merge
from folkmoot.exchange.importing.nearest import Nearest
from folkmoot.exchange.importing.plans import Place, Planned, Rejecter, count, days_of, read_day
from folkmoot.exchange.importing.report import Outcome, Report
from folkmoot.exchange.reading import Table
from folkmoot.exchange.reading.moments import closed_days

_KINDS = {
    "": "term", "term": "term", "semester": "term", "trimester": "term", "quarter": "term", "closure": "closure",
    "closed": "closure", "holiday": "closure", "bankholiday": "closure", "publicholiday": "closure",
    "vacation": "closure", "break": "closure", "readingweek": "reading_week",
}  # fmt: skip


@dataclass
class Calendars:
    """The calendars there are and those that rows ask for: {folded name or slug: slug}."""

    slugs: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)  # {slug: name}
    organisations: str = ""
    ids: dict[str, int] = field(default_factory=dict)

    @classmethod
    def here(cls) -> "Calendars":
        """One statement."""
        found = cls()
        for calendar in Calendar.objects.all():
            found.slugs |= {fold(calendar.name): calendar.slug, calendar.slug: calendar.slug}
            found.ids[calendar.slug] = calendar.pk
            if calendar.is_organisations:
                found.organisations = calendar.slug
        if settings.FOLKMOOT_ORGANISATION:
            found.slugs[fold(settings.FOLKMOOT_ORGANISATION)] = found.organisations
        return found

    def named(self, text: str) -> str:
        """The slug of the calendar that `text` names; it is made if there is none. Empty means the organisation's."""
        if not text:
            return self.organisations
        slug = self.slugs.get(fold(text)) or self.slugs.get(text)
        if slug is None:
            slug = free_slug(text, set(self.slugs.values()))
            self.slugs |= {fold(text): slug, slug: slug}
            self.new[slug] = text
        return slug

    def write(self) -> None:
        """Make those that are new."""
        made = bulk.insert_all([Calendar(slug=slug, name=name) for slug, name in self.new.items()])
        self.ids |= {calendar.slug: calendar.pk for calendar in made}


@dataclass
class TermPlan:
    """The periods of a source."""

    calendars: Calendars
    rows: list[Planned] = field(default_factory=list)


def plan_terms(tables: list[Table], calendars: Calendars, report: Report, today: date) -> TermPlan:
    """Plan the terms and closures of these tables."""
    return _Planner(calendars, report, today).plan(tables)


class _Planner:
    def __init__(self, calendars: Calendars, report: Report, today: date) -> None:
        self.calendars, self.report, self.today = calendars, report, today
        self.rejecter = Rejecter(report)
        self.rows: dict[str, Planned] = {}
        self.repeated = 0

    def plan(self, tables: list[Table]) -> TermPlan:
        for table in tables:
            days = {name: days_of(table, name) for name in ("start", "end")}
            for line, cells in table.take():
                self._take(Place(table, line), cells, days)
        self._merge()
        self._refuse_overlaps()
        plan = TermPlan(self.calendars, list(self.rows.values()))
        count(self.report, "terms", plan.rows)
        self.report.counts[Outcome.UNCHANGED]["terms"] += self.repeated
        return plan

    def _take(self, place: Place, cells: dict[str, str], days: dict[str, Any]) -> None:
        kind = _KINDS.get(re.sub(r"[\W_]", "", fold(cells.get("kind", ""))))
        start, start_problem = read_day(days["start"], cells["start"])
        end, end_problem = read_day(days["end"], cells["end"])
        problems = {
            "name": "" if cells["name"] else _("A term needs a name."),
            "start": start_problem or ("" if start else _("The first day is missing.")),
            "end": end_problem or ("" if end else _("The last day is missing.")),
            "kind": "" if kind else _unknown_kind(cells["kind"]),
        }
        if start and end and end < start:
            problems["end"] = _("The last day lies before the first.")
        found = {column: sentence for column, sentence in problems.items() if sentence}
        for column, sentence in found.items():
            self.rejecter.reject(place, column, cells.get(column, ""), sentence)
        if found:
            return
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        if kind == Period.Kind.CLOSURE:
            first, last = closed_days(cells["start"], cells["end"], first, last)
        said = {
            "calendar": self.calendars.named(cells.get("applies_to", "")), "kind": kind, "name": cells["name"],
            "start": first.isoformat(), "end": last.isoformat(),
        }  # fmt: skip
        key = f"{said['calendar']}|{kind}|{said['start']}|{said['name']}"[:200]
        earlier = self.rows.get(key)
        if earlier is None:
            self.rows[key] = Planned(key, place, said)
        elif earlier.said == said:
            self.repeated += 1
        else:
            sentence = _("The same entry stands in %(place)s with another last day.")
            self.rejecter.reject(place, "end", cells["end"], sentence % {"place": earlier.place.said()})

    def _merge(self) -> None:
        here = {_key(period): period for period in Period.objects.select_related("calendar")}
        memory = Memory("terms", self.rows, lambda row: row.said)
        for key, row in self.rows.items():
            period = here.get(key)
            if period is not None:
                row.id = period.pk
                row.merged = merge(row.said, memory.of(key), row.said | {"end": period.end.isoformat()})
            elif memory.of(key) is not None:
                row.merged = Merged(Outcome.KEPT, {}, row.said)  # it was taken out here
            else:
                row.merged = Merged(Outcome.CREATED, row.said, row.said)

    def _refuse_overlaps(self) -> None:
        """Terms of one calendar that would share a day, here or in the source: the later row is rejected."""
        writes = {
            row.id: row
            for row in self.rows.values()
            if row.id and row.merged and row.merged.outcome == Outcome.UPDATED
        }
        standing: dict[str, list[tuple[date, date, str]]] = defaultdict(list)
        for period in Period.objects.terms().select_related("calendar"):
            if period.pk not in writes:
                standing[period.calendar.slug].append((period.start, period.end, period.name))
        for key, row in list(self.rows.items()):
            outcome = row.merged.outcome if row.merged else None
            if row.said["kind"] != Period.Kind.TERM or outcome not in {Outcome.CREATED, Outcome.UPDATED}:
                continue
            first, last = date.fromisoformat(row.said["start"]), date.fromisoformat(row.said["end"])
            others = standing[row.said["calendar"]]
            other = next((each for each in others if each[0] <= last and first <= each[1]), None)
            if other is None:
                others.append((first, last, row.said["name"]))
                continue
            words = {
                "name": other[2], "start": say_day(other[0], self.today), "end": say_day(other[1], self.today),
            }  # fmt: skip
            sentence = _("Terms cannot overlap, and %(name)s goes from %(start)s to %(end)s.") % words
            self.rejecter.reject(row.place, "start", row.said["start"], sentence)
            del self.rows[key]


def _key(period: Period) -> str:
    return f"{period.calendar.slug}|{period.kind}|{period.start.isoformat()}|{period.name}"[:200]


def _unknown_kind(text: str) -> str:
    near = Nearest(lambda: ["term", "closure", "reading week"]).to(text)
    sentence = _("A kind is term, closure or reading week.")
    return sentence + (" " + _("The nearest is “%(near)s”.") % {"near": near} if near else "")


def write_terms(plan: TermPlan) -> None:
    """Write what is planned. The calendars have been written."""
    created = [row for row in plan.rows if row.merged and row.merged.outcome == Outcome.CREATED]
    updated = [row for row in plan.rows if row.merged and row.merged.outcome == Outcome.UPDATED]
    changed = [Period(pk=row.id, end=date.fromisoformat(row.said["end"])) for row in updated]
    if changed:
        bulk.update(Period, changed, ["end"])
    bulk.insert_all(
        [
            Period(
                calendar_id=plan.calendars.ids[row.said["calendar"]],
                name=row.said["name"],
                kind=row.said["kind"],
                start=date.fromisoformat(row.said["start"]),
                end=date.fromisoformat(row.said["end"]),
            )
            for row in created
        ]
    )
    remember("terms", ((row.key, row.merged.remembered) for row in plan.rows if row.merged))
