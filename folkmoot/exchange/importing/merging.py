"""The three-way merge of one row: the file, what the file said last time, and how things stand here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from folkmoot.exchange.importing.report import Outcome


@dataclass(slots=True)
class Merged:
    """What to write, what to remember, and what became of the row."""

    outcome: Outcome
    changes: dict[str, Any]
    remembered: dict[str, Any]


def merge(
    said: dict[str, Any],
    memory: Mapping[str, Any] | None,
    current: Mapping[str, Any],
    *,
    own: Collection[str] = (),
) -> Merged:
    """Merge what the file says into what is here, field by field; values compare as JSON does.

    An empty value says nothing, unless the file had one there last time. A value that the file has not changed since
    leaves what people did here. `own` are fields that are never overwritten.
    """
    changes: dict[str, Any] = {}
    kept = False
    for field, value in said.items():
        if field not in current:
            continue  # remembered only
        before = memory.get(field) if memory else None
        if not value and not before:
            continue
        if value == current[field] or (not value and not current[field]):
            continue
        if value == before or field in own:
            kept = True
        else:
            changes[field] = value
    outcome = Outcome.UPDATED if changes else Outcome.KEPT if kept else Outcome.UNCHANGED
    # What an earlier file said in columns that this one has not is still what was said last.
    has_more = memory is not None and any(field not in said for field in memory)
    return Merged(outcome, changes, {**memory, **said} if memory and has_more else said)
