"""Running an import: read, plan everything, and write it in one transaction or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.exchange.importing.communities import CommunityPlan, plan_communities, write_communities
from folkmoot.exchange.importing.events import EventPlan, plan_events, write_events
from folkmoot.exchange.importing.memberships import MembershipPlan, plan_memberships, write_memberships
from folkmoot.exchange.importing.people import PeoplePlan, people_here, plan_people, write_people
from folkmoot.exchange.importing.plans import usable
from folkmoot.exchange.importing.report import Report
from folkmoot.exchange.importing.terms import Calendars, TermPlan, plan_terms, write_terms
from folkmoot.exchange.importing.units import UnitPlan, plan_units, write_units
from folkmoot.exchange.reading import Mapping, Problem, Reading, Unreadable, read_source
from folkmoot.people.models import Person

LOCK = 0x466D496D706F7274  # one import at a time: others wait
_CONFLICTS = ("23505", "23P01", "23503", "40001", "40P01")

Tell = Callable[[str, int, int], None]


def import_source(
    source: Path,
    *,
    by: Person | None,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    encoding: str = "",
    mapping: Mapping | None = None,
    name: str = "",
    tell: Tell = lambda step, done, total: None,
) -> Report:
    """Merge what `source` holds into the programme; returns what came of it.

    Everything or nothing, unless `skip_bad_rows`; then what is sound. `dry_run` writes nothing. `name` is what the
    ledger calls the source. `tell` hears of the progress: (step, done, of how many).
    """
    tell("read", 0, 0)
    try:
        reading = read_source(source, encoding=encoding, mapping=mapping)
    except Unreadable as error:
        return unreadable(name or source.name, error)
    name = name or source.name
    return import_reading(reading, by=by, dry_run=dry_run, skip_bad_rows=skip_bad_rows, name=name, tell=tell)


def unreadable(name: str, error: Unreadable) -> Report:
    """The report of a source that cannot be opened."""
    return Report(rejected=[Problem(name, None, "", "", error.sentence)])


def import_reading(
    reading: Reading,
    *,
    by: Person | None,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    name: str = "",
    tell: Tell = lambda step, done, total: None,
) -> Report:
    """As `import_source`, of what has been read. The rows of `reading` are used up by it."""
    report = Report()
    _take_stock(reading, report)
    try:
        with transaction.atomic():
            _import(
                reading, report, by=by, dry_run=dry_run, skip_bad_rows=skip_bad_rows, tell=tell, name=name
            )
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") not in _CONFLICTS:
            raise
        raise Refused(
            _(
                "Somebody changed the same people or communities meanwhile. Nothing was imported; please try again."
            )
        ) from error
    return report


def _import(
    reading: Reading,
    report: Report,
    *,
    by: Person | None,
    dry_run: bool,
    skip_bad_rows: bool,
    tell: Tell,
    name: str,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if not dry_run:
            # Readers go on; whoever would change these waits until the import is through.
            cursor.execute("LOCK TABLE people_unit IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("LOCK TABLE communities_community, communities_membership IN EXCLUSIVE MODE")
            cursor.execute("LOCK TABLE calendar_period, events_event IN SHARE ROW EXCLUSIVE MODE")
    tell("plan", 0, 0)
    plans = _Plans.of(reading, report, today())
    files = [table.file for table in reading.tables]
    report.settle(files)
    if dry_run or not report.can_be_committed(skip_bad_rows=skip_bad_rows):
        return
    plans.write(tell)
    data = {"source": name, "read": report.read}
    data |= {
        str(outcome): {table: n for table, n in tables.items() if n}
        for outcome, tables in report.counts.items()
    }
    record("imported", by=by, data=data | {"rejected": len(report.rejected)})
    report.committed = True


def _take_stock(reading: Reading, report: Report) -> None:
    """What reading alone has found."""
    for table in reading.tables:
        report.read[table.file] = report.read.get(table.file, 0) + table.read
        report.rejected += table.problems
        report.warnings += table.warnings
        if table.unknown_columns:
            report.unknown_columns[table.file] = table.unknown_columns
    report.rejected += reading.problems
    report.warnings += reading.warnings
    report.unknown_files = reading.unknown_files


@dataclass
class _Plans:
    """The plans of all tables, made in the order in which they refer to each other."""

    units: UnitPlan
    people: PeoplePlan
    communities: CommunityPlan
    memberships: MembershipPlan
    terms: TermPlan
    events: EventPlan
    today: date

    @classmethod
    def of(cls, reading: Reading, report: Report, on: date) -> "_Plans":
        tables = reading.tables
        units = plan_units(usable(tables, "units"), report)
        people_tables = [table for table in tables if table.kind == "people" and table.fields]
        people = plan_people(people_tables, units.references, report, on) if people_tables else people_here()
        calendars = Calendars.here()
        communities = plan_communities(usable(tables, "communities"), calendars, report, on)
        memberships = plan_memberships(
            usable(tables, "memberships"), communities.references, people, report, on
        )
        terms = plan_terms(usable(tables, "terms"), calendars, report, on)
        events = plan_events(usable(tables, "events"), communities.references, people, report, clock.now())
        return cls(units, people, communities, memberships, terms, events, on)

    def write(self, tell: Tell) -> None:
        """Everything, in the order of its foreign keys."""
        people, memberships = len(self.people.rows), len(self.memberships.rows)
        write_units(self.units)
        write_people(self.people, self.units.references, lambda done: tell("people", done, people))
        self.people.rows.clear()
        self.terms.calendars.write()
        write_communities(self.communities, self.terms.calendars, self.today)
        write_memberships(
            self.memberships,
            self.communities.references,
            self.people.references,
            lambda done: tell("memberships", done, memberships),
        )
        write_terms(self.terms)
        references = (self.communities.references, self.people.references)
        events = len(self.events.rows)
        write_events(self.events, *references, clock.now(), lambda done: tell("events", done, events))
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE people_unit, people_person, communities_community, communities_membership"
            )
            cursor.execute("ANALYZE calendar_period, events_event, events_hosting, events_attendance")
            cursor.execute("ANALYZE exchange_importedrow")
