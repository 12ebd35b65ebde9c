"""The programme as a workbook in the import's own format: imported into an empty home it is the same programme again.

What the format does not hold stays behind: what people wrote about themselves, stages that are over, requests,
invitations, notes and the ledger.
"""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import openpyxl
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from folkmoot.core.refused import Refused
from folkmoot.exchange.writing import safe_cell

Row = Sequence[object]
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"

# {table: (columns, SQL)}, in the import's order. Lists inside a cell are separated by a bar.
_TABLES: dict[str, tuple[str, str]] = {
    "units": (
        "code name parent kind",
        """SELECT unit.code, unit.name, parent.code, unit.stated_kind
           FROM people_unit unit LEFT JOIN people_unit parent ON parent.id = unit.parent_id ORDER BY unit.code""",
    ),
    "people": (
        "id name email job_title unit skills left",
        """SELECT person.ref, person.name, person.email, person.job_title, unit.code,
                  array_to_string(person.skills_offered, '|'), person."left"
           FROM people_person person LEFT JOIN people_unit unit ON unit.id = person.unit_id ORDER BY person.ref""",
    ),
    "communities": (
        "slug name practice_area summary stage stage_since since until space_kind space_url space_active calendar",
        """SELECT community.slug, community.name, area.name, community.summary, stage.stage, stage.since,
                  community.since, community.until, community.space_kind, community.space_url,
                  GREATEST((SELECT max(day) FROM communities_activeday active WHERE active.community_id = community.id),
                           (SELECT (max(post.at) AT TIME ZONE %(zone)s)::date FROM discussions_post post
                            WHERE post.community_id = community.id AND removed_at IS NULL AND hidden_at IS NULL),
                           (SELECT (succeeded_at AT TIME ZONE %(zone)s)::date FROM channels_channel channel
                            WHERE channel.community_id = community.id)),
                  calendar.name
           FROM communities_community community
           LEFT JOIN communities_practicearea area ON area.id = community.practice_area_id
           LEFT JOIN calendar_calendar calendar ON calendar.id = community.calendar_id
           LEFT JOIN LATERAL (
               SELECT stage, since FROM communities_stagechange change
               WHERE change.community_id = community.id ORDER BY since DESC LIMIT 1
           ) stage ON true
           ORDER BY community.slug""",
    ),
    "memberships": (
        "community person role since until",
        """SELECT community.slug, person.ref, membership.role, membership.since, membership.until
           FROM communities_membership membership
           JOIN communities_community community ON community.id = membership.community_id
           JOIN people_person person ON person.id = membership.person_id
           ORDER BY community.slug, person.ref, membership.since, membership.role""",
    ),
    "terms": (
        "name start end kind applies_to",
        """SELECT period.name, period.start, period.end, period.kind,
                  CASE WHEN calendar.is_organisations THEN '' ELSE calendar.name END
           FROM calendar_period period JOIN calendar_calendar calendar ON calendar.id = period.calendar_id
           ORDER BY calendar.is_organisations DESC, calendar.name, period.start, period.name""",
    ),
    "events": (
        "id community kind title starts ends timezone place online_url status summary speakers attended hosts",
        """SELECT event.ref, community.slug, event.kind, event.title, event.starts_at, event.ends_at, event.timezone,
                  event.place, event.online_url, event.status, event.summary,
                  (SELECT string_agg(COALESCE(person.ref, replace(speaker.name, '|', '/')), '|' ORDER BY speaker.place)
                   FROM events_speaker speaker LEFT JOIN people_person person ON person.id = speaker.person_id
                   WHERE speaker.event_id = event.id),
                  (SELECT string_agg(person.ref, '|' ORDER BY person.ref)
                   FROM events_attendance attendance JOIN people_person person ON person.id = attendance.person_id
                   WHERE attendance.event_id = event.id),
                  (SELECT string_agg(host.slug, '|' ORDER BY host.slug)
                   FROM events_hosting hosting JOIN communities_community host ON host.id = hosting.community_id
                   WHERE hosting.event_id = event.id AND hosting.community_id IS DISTINCT FROM event.community_id)
           FROM events_event event LEFT JOIN communities_community community ON community.id = event.community_id
           ORDER BY event.starts_at, event.ref""",
    ),
}


def export_to(destination: Path) -> dict[str, int]:
    """Write the programme to a folder of CSV files, an .xlsx or a .zip; {table: rows}.

    Refuses what is there already, so that nothing is overwritten unseen.
    """
    if destination.exists() and not (destination.is_dir() and not any(destination.iterdir())):
        raise Refused(_("%(name)s is there already. Choose another name.") % {"name": destination})
    try:
        # One snapshot for all tables, whatever people change meanwhile.
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_SNAPSHOT)
            return _write(destination)
    except OSError as error:
        raise Refused(
            _("%(name)s cannot be written: %(why)s.") % {"name": destination, "why": error.strerror or error}
        ) from error


def _write(destination: Path) -> dict[str, int]:
    if destination.suffix.lower() == ".xlsx":
        return _workbook(destination)
    if destination.suffix.lower() == ".zip":
        with TemporaryDirectory() as folder:
            counts = _folder(Path(folder))
            with zipfile.ZipFile(destination, "x", zipfile.ZIP_DEFLATED) as archive:
                for name in counts:
                    archive.write(Path(folder) / f"{name}.csv", f"{name}.csv")
            return counts
    with suppress(FileExistsError):
        destination.mkdir(parents=True)
    return _folder(destination)


def _folder(folder: Path) -> dict[str, int]:
    counts = {}
    for name, header, rows in tables():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(header)
            counts[name] = _count(writer.writerow([safe_cell(cell) for cell in row]) for row in rows)
    return counts


def _workbook(destination: Path) -> dict[str, int]:
    book = openpyxl.Workbook(write_only=True)
    counts = {}
    for name, header, rows in tables():
        sheet = book.create_sheet(name)
        sheet.append(header)
        counts[name] = _count(sheet.append([safe_cell(cell) for cell in row]) for row in rows)
    book.save(destination)
    return counts


def tables() -> Iterator[tuple[str, list[str], Iterable[Row]]]:
    """(table, its columns, its rows) in the import's order. One statement each."""
    for name, (columns, sql) in _TABLES.items():
        yield name, columns.split(), _rows(sql, columns.split())


def _rows(sql: str, columns: list[str]) -> Iterator[Row]:
    zone_at = columns.index("timezone") if "timezone" in columns else None
    with connection.cursor() as cursor:
        cursor.execute(sql, {"zone": settings.TIME_ZONE})
        while found := cursor.fetchmany(2_000):
            for row in found:
                yield [_said(cell, row[zone_at] if zone_at is not None else "") for cell in row]


def _said(value: object, zone: str) -> object:
    """Moments by the wall clock of their event with its offset, so that the hour that comes twice is one of them."""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    return "" if value is None else value


def _count(written: Iterable[object]) -> int:
    return sum(1 for _each in written)
