"""Writing the ledger, and having people told of it.

Who is told is decided above, by tasks such as `notifications.fan_out`, which are known here by their names alone.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from procrastinate.contrib.django import app

from folkmoot.activity.models import Entry
from folkmoot.core import clock

# {task: the verbs it wants to hear of}
_announced: dict[str, set[str]] = {}


def announce(verbs: Iterable[str], *, task: str = "notifications.fan_out") -> None:
    """Have the job `task` look at a line of these verbs whenever one is recorded from now on."""
    _announced.setdefault(task, set()).update(verbs)


def record(
    verb: str,
    *,
    by: models.Model | None,
    about: models.Model | None = None,
    community: models.Model | None = None,
    data: dict[str, Any] | None = None,
    told: bool = True,
) -> Entry:
    """Write one line in the caller's transaction: `by` did `verb` to `about`, in `community`. Returns the entry.

    `by` is None when nobody did it by hand (an import, a scheduled job). `data` holds plain JSON values. Not `told` is
    a line of several for which another one is told.
    """
    entry = Entry.objects.create(**line(verb, by=by, about=about, community=community, data=data))
    if told:
        _tell_of([entry])
    return entry


def record_all(lines: Iterable[dict[str, Any]]) -> list[Entry]:
    """As `record`, for many lines (see `line`). As many statements for one as for hundreds."""
    entries = Entry.objects.bulk_create(Entry(**each) for each in lines)
    _tell_of(entries)
    return entries


def _tell_of(entries: list[Entry]) -> None:
    """Defer the jobs in the caller's transaction; those of a task one after the other, in the order of the ledger."""
    for task, verbs in _announced.items():
        jobs: list[dict[str, Any]] = [{"entry": entry.pk} for entry in entries if entry.verb in verbs]
        if jobs:
            app.configure_task(task, lock=task).batch_defer(*jobs)


def line(
    verb: str,
    *,
    by: models.Model | None,
    about: models.Model | None = None,
    community: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The values of an entry, for callers that write many at once."""
    return {
        "at": clock.now(),
        "verb": verb,
        "by_id": by.pk if by else None,
        "by_label": str(by)[:300] if by else "",
        "about_type": about._meta.label_lower if about else "",
        "about_id": about.pk if about else None,
        "about_label": str(about)[:300] if about else "",
        "community_id": community.pk if community else None,
        "data": data or {},
    }
