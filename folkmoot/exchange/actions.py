"""The verbs of imports and exports on the page: upload, say which column is which, import, discard; export."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.activity.actions import record
from folkmoot.communities.models import Community
from folkmoot.core.refused import Refused
from folkmoot.events.actions import change_event, record_event
from folkmoot.events.models import Event, Status
from folkmoot.exchange.icals import Calendars, Found, shortened
from folkmoot.exchange.models import ExportRun, ImportFile, ImportRun
from folkmoot.exchange.reading import Mapping
from folkmoot.exchange.tasks import run_export, run_import
from folkmoot.people.models import Person

_UNSAFE = re.compile(r"[^\w. ()-]+")
_OURS = re.compile(r"ics:([0-9a-f-]{36})(?::|$)")
# A file system takes 255 bytes; a letter has up to four.
_LONGEST_NAME = 60


@transaction.atomic
def upload_import(*, by: Person, files: Iterable[tuple[str, IO[bytes]]], encoding: str = "") -> ImportRun:
    """Keep the uploaded files and have a job check them. Nothing of the programme is changed."""
    named: dict[str, IO[bytes]] = {}
    for name, content in files:
        named[_free_name(name, named)] = content
    if not named:
        raise Refused(_("Choose at least one file."), "chosen")
    run = ImportRun.objects.create(name=", ".join(named)[:300], encoding=encoding, by=by)
    for name, content in named.items():
        for piece, data in enumerate(iter(lambda content=content: content.read(ImportFile.PIECE), b"")):  # type: ignore[misc]
            ImportFile.objects.create(run=run, name=name, piece=piece, content=data)
        if not run.files.filter(name=name).exists():
            ImportFile.objects.create(run=run, name=name, piece=0, content=b"")
    run_import.defer(run=run.pk, write=False)
    return run


@transaction.atomic
def match_columns(*, by: Person, run: ImportRun, mapping: Mapping, encoding: str) -> ImportRun:
    """Have the upload checked again with these columns and this encoding.

    Refuses while a job works on it, and what was imported: its files are gone.
    """
    run = _locked(run)
    if run.is_imported:
        raise Refused(_("This upload has been imported already."))
    run.mapping, run.encoding = mapping, encoding
    return _hand_over(run, by, ImportRun.Status.CHECKING)


@transaction.atomic
def apply_import(*, by: Person, run: ImportRun, skip_bad_rows: bool = False) -> ImportRun:
    """Have the upload imported, all of it or, with `skip_bad_rows`, what is sound. Refuses what was not checked."""
    run = _locked(run)
    if not run.is_checked:
        raise Refused(_("This upload is not waiting to be imported."))
    return _hand_over(run, by, ImportRun.Status.IMPORTING, skip_bad_rows=skip_bad_rows)


@transaction.atomic
def discard_import(*, by: Person, run: ImportRun) -> None:
    """Forget an upload and its files. What was imported from it stays. Refuses while a job works on it."""
    _locked(run).delete()


@transaction.atomic
def start_export(*, by: Person, form: str) -> ExportRun:
    """Have the programme written to a file of that form. Refuses a second one while the first is being written."""
    if ExportRun.objects.filter(status=ExportRun.Status.BUSY).exists():
        raise Refused(_("An export is being written; wait until it is ready."))
    run = ExportRun.objects.create(by=by, form=form)
    run_export.defer(run=run.pk)
    record("exported", by=by, data={"form": form})
    return run


def _hand_over(run: ImportRun, by: Person, status: str, *, skip_bad_rows: bool = False) -> ImportRun:
    run.status, run.progress, run.sentence, run.by = status, {}, "", by
    run.save(update_fields=["mapping", "encoding", "status", "progress", "sentence", "by"])
    run_import.defer(run=run.pk, write=status == ImportRun.Status.IMPORTING, skip_bad_rows=skip_bad_rows)
    return run


def _locked(run: ImportRun) -> ImportRun:
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.is_busy:
        raise Refused(_("This upload is being worked on; wait until that is done."))
    return run


def _free_name(name: str, taken: Iterable[str]) -> str:
    """A file's own name, without folders and strange letters, once."""
    base = (
        _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name)[-_LONGEST_NAME:].lstrip(".")
        or "file.csv"
    )
    stem, dot, suffix = base.rpartition(".")
    free, number = base, 1
    while free in taken:
        number += 1
        free = f"{stem or suffix}-{number}{dot}{suffix if stem else ''}"
    return free


def _ours(events: Iterable[Found]) -> set[str]:
    """The keys of those that came from here: calendars know them as we do."""
    uids = {each.key: found[1] for each in events if (found := _OURS.match(each.key))}
    if not uids:
        return set()
    known = Event.objects.filter(uid__in=uids.values()).values_list("uid", flat=True)
    series = Event.objects.filter(series__uid__in=uids.values()).values_list("series__uid", flat=True)
    there = {*known, *series}
    return {key for key, uid in uids.items() if uid in there}


def draft_events(*, by: Person, community: Community, kind: str, found: Calendars) -> list[Event]:
    """The events that a calendar holds, as drafts; one that was taken in before is not taken in again, but moves along.

    Nor is one of ours, from a feed of this site or an invitation; a sentence says how many. Each by itself: one that
    is refused is among the problems of `found`, in a sentence.
    """
    drafts = []
    ours = _ours(found.events)
    if ours:
        said_of = ngettext("One event is here already.", "%(n)d events are here already.", len(ours))
        found.problems.insert(0, said_of % {"n": len(ours)})
    for each in found.events:
        if each.key in ours:
            continue
        ref = shortened(f"{community.slug}:{each.key}", 200)
        try:
            if (known := Event.objects.filter(ref=ref).first()) is not None:
                drafts.append(_again(by, known, each))
                continue
            said = asdict(each)
            del said["key"]
            drafts.append(
                record_event(by=by, community=community, kind=kind, status=Status.DRAFT, ref=ref, **said)
            )
        except Refused as refused:
            found.problems.append(f"“{each.title[:80]}”: {refused.sentence}")
    return drafts


def _again(by: Person, known: Event, told: Found) -> Event:
    """One that was taken in before: a draft is moved along. Refuses to move what is published, of which people know."""
    if (known.starts_at, known.ends_at) == (told.starts_at, told.ends_at):
        return known
    if known.status == Status.DRAFT:
        return change_event(
            by=by, event=known, starts_at=told.starts_at, ends_at=told.ends_at, timezone=told.timezone
        )
    raise Refused(_("It is here already, at another time. If it has moved, move it on its page."))
