"""Reading and writing what the import remembers of each row."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from folkmoot.core import clock
from folkmoot.exchange.importing import bulk
from folkmoot.exchange.models import ImportedRow

FEW = 20_000

Row = TypeVar("Row")


class Memory(Generic[Row]):
    """What the rows of one table said at their last import. One statement.

    `rows` are the rows as they are now, `said` what each says; of those that say the same again nothing is held.
    """

    def __init__(self, table: str, rows: Mapping[str, Row], said: Callable[[Row], dict[str, Any]]) -> None:
        """Look up what is remembered of these rows."""
        self._rows = rows
        self._said = said
        self._same: set[str] = set()
        self._different: dict[str, dict[str, Any]] = {}
        found = ImportedRow.objects.of(table)
        if len(rows) <= FEW:
            found = found.filter(key__in=list(rows))
        for key, values in found.values_list("key", "values").iterator(chunk_size=bulk.AT_ONCE):
            if key not in rows:
                continue
            if values == said(rows[key]):
                self._same.add(key)
            else:
                self._different[key] = values

    def of(self, key: str) -> dict[str, Any] | None:
        """What that row said, or None where it is imported for the first time."""
        return self._said(self._rows[key]) if key in self._same else self._different.get(key)

    def is_same(self, key: str) -> bool:
        """Whether that row said exactly what it says now, so that there is nothing new to remember."""
        return key in self._same


def remember(table: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Keep the values of these rows, each key once. A few statements, whatever their number."""
    at = clock.now()
    bulk.upsert(
        "exchange_importedrow",
        ["table", "key", "values", "at"],
        ["table", "key"],
        ((table, key, json.dumps(values, ensure_ascii=False), at) for key, values in rows),
    )
