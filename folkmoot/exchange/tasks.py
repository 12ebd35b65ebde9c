"""Importing and exporting beside the web server, with progress that the page can show."""

import tempfile
import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.exchange.exporting import export_to
from folkmoot.exchange.importing import Report, import_reading, unreadable
from folkmoot.exchange.models import ExportPiece, ExportRun, ImportFile, ImportRun
from folkmoot.exchange.reading import Reading, Unreadable, read_source
from folkmoot.exchange.reading.decoding import storable

FIRST_ROWS = 5
MOST_PROBLEMS = 500
_TELL_EVERY = 0.5


@app.task(name="exchange.run_import", lock="exchange.import")
def run_import(*, run: int, write: bool, skip_bad_rows: bool = False) -> None:
    """Check an upload (or import it, where `write`) and keep what was found. Done twice, it changes nothing more."""
    found = ImportRun.objects.select_related("by").filter(pk=run).first()
    if found is None or not found.is_busy:
        return
    try:
        _run(found, write=write, skip_bad_rows=skip_bad_rows)
    except Refused as refusal:
        found.sentence = refusal.sentence
        found.status = ImportRun.Status.FAILED
    except Exception:
        found.sentence = _(
            "Something went wrong here. Nothing was imported; the person who runs Folkmoot can see why."
        )
        found.status = ImportRun.Status.FAILED
        raise
    finally:
        found.progress = {}
        found.save(update_fields=["status", "result", "sentence", "progress"])
    if found.is_imported:
        found.files.all().delete()


@app.task(name="exchange.run_export", lock="exchange.export")
def run_export(*, run: int) -> None:
    """Write the programme to a file and keep it in pieces. Done twice, it is written once."""
    found = ExportRun.objects.filter(pk=run, status=ExportRun.Status.BUSY).first()
    if found is None:
        return
    try:
        with tempfile.TemporaryDirectory(prefix="folkmoot-export-") as folder:
            path = Path(folder) / found.name
            found.counts = export_to(path)
            with transaction.atomic(), path.open("rb") as file:
                for number, content in enumerate(iter(lambda: file.read(ExportPiece.PIECE), b"")):
                    ExportPiece.objects.create(run=found, number=number, content=content)
                found.status = ExportRun.Status.READY
                found.save(update_fields=["status", "counts"])
    except Exception:
        ExportRun.objects.filter(pk=run).update(status=ExportRun.Status.FAILED)
        raise


@app.periodic(cron="17 3 * * *")
@app.task(name="exchange.forget_imports", queueing_lock="exchange.forget_imports")
def forget_imports(timestamp: int) -> None:
    """Remove uploads and exports that nobody needs any more. What was imported from them stays."""
    ImportRun.objects.forgettable(clock.now()).delete()
    ExportRun.objects.forgettable(clock.now()).delete()


def _run(run: ImportRun, *, write: bool, skip_bad_rows: bool) -> None:
    progress = _Progress(run)
    progress.tell("read", 0, 0)
    tables: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="folkmoot-import-") as folder:
        source = _written_out(run, Path(folder))
        try:
            reading = read_source(source, encoding=run.encoding, mapping=run.mapping)
        except Unreadable as error:
            report = unreadable(run.name, error)
        else:
            tables = described(reading)
            report = import_reading(
                reading,
                by=run.by,
                dry_run=not write,
                skip_bad_rows=skip_bad_rows,
                name=run.name,
                tell=progress.tell,
            )
    run.result = {"report": shortened(report), "tables": tables}
    run.status = ImportRun.Status.IMPORTED if report.committed else ImportRun.Status.CHECKED
    if write and not report.committed:
        run.sentence = _("Things have changed since this was checked, so nothing was imported. Look again.")


def _written_out(run: ImportRun, folder: Path) -> Path:
    """The files of an upload in a folder; the file itself where it is only one."""
    names = list(run.files.order_by("name").values_list("name", flat=True).distinct())
    for name in names:
        with (folder / name).open("wb") as file:
            for piece in (
                ImportFile.objects.filter(run=run, name=name).order_by("piece").iterator(chunk_size=4)
            ):
                file.write(piece.content)
    return folder / names[0] if len(names) == 1 else folder


def described(reading: Reading) -> list[dict[str, Any]]:
    """The tables of a reading as the page shows them, before their rows are used up."""
    return [
        {
            "kind": table.kind,
            "file": table.file,
            "header": table.header,
            "matched": table.matched,
            "fields": list(table.fields),
            "rows": [
                {"line": row.line, "cells": [storable(cell) for cell in row.cells]}
                for row in table.rows[:FIRST_ROWS]
            ],
            "usable": table.is_usable,
        }
        for table in reading.tables
    ]


def shortened(report: Report) -> dict[str, Any]:
    """The report as JSON; of very many problems the first, and how many there are."""
    said = report.as_json()
    for name in ("rejected", "warnings"):
        said[f"{name}_in_all"] = len(said[name])
        said[name] = said[name][:MOST_PROBLEMS]
    said["sound"] = report.rows
    return said


class _Progress:
    """Says how far a job is on a connection of its own, as the import's is in its transaction."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.said_at = float("-inf")
        self.step = ""

    def tell(self, step: str, done: int, total: int) -> None:
        """Keep it, at most twice a second while a step lasts."""
        if step == self.step and time.monotonic() - self.said_at < _TELL_EVERY:
            return
        self.step, self.said_at = step, time.monotonic()
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(
                    "UPDATE exchange_importrun SET "
                    "progress = jsonb_build_object('step', %s::text, 'done', %s::int, 'total', %s::int) WHERE id = %s",
                    [step, done, total, self.run.pk],
                )
        finally:
            other.close()
