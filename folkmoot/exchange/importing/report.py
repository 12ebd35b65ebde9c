"""What came of an import, for the command line, the page and the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from folkmoot.exchange.reading import TABLES, Problem


class Outcome(StrEnum):
    """What becomes of one sound row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"


def _nothing() -> dict[Outcome, dict[str, int]]:
    return {outcome: dict.fromkeys(TABLES, 0) for outcome in Outcome}


@dataclass
class Report:
    """Counts by outcome and table, and every problem. `committed` says whether the programme now is as the source."""

    committed: bool = False
    read: dict[str, int] = field(default_factory=dict)
    counts: dict[Outcome, dict[str, int]] = field(default_factory=_nothing)
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unknown_files: list[str] = field(default_factory=list)
    unknown_columns: dict[str, list[str]] = field(default_factory=dict)

    def count(self, table: str, outcome: Outcome) -> None:
        """One more row of this outcome."""
        self.counts[outcome][table] += 1

    @property
    def rows(self) -> int:
        """How many rows are sound."""
        return sum(sum(tables.values()) for tables in self.counts.values())

    def can_be_committed(self, *, skip_bad_rows: bool) -> bool:
        """Whether there is nothing wrong, or something sound beside it and the rest may be skipped."""
        return not self.rejected or (skip_bad_rows and self.rows > 0)

    def as_json(self) -> dict[str, Any]:
        """The JSON of the issue, with what is worth a warning and what was left in two keys more."""
        return {
            "committed": self.committed,
            "read": self.read,
            **{str(outcome): tables for outcome, tables in self.counts.items()},
            "rejected": [problem.as_dict() for problem in self.rejected],
            "warnings": [warning.as_dict() for warning in self.warnings],
            "ignored": {"files": self.unknown_files, "columns": self.unknown_columns},
        }

    def settle(self, files: Iterable[str]) -> None:
        """Put the problems in the order of the files and lines."""
        order = {name: place for place, name in enumerate(files)}
        for problems in (self.rejected, self.warnings):
            problems.sort(key=lambda problem: (order.get(problem.file, -1), problem.line or 0))
