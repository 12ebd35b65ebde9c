"""Writing in sets: rows go in with COPY and change through a temporary table, whatever their number."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

Row = TypeVar("Row", bound=models.Model)
AT_ONCE = 5_000


def insert(rows: Iterable[Row]) -> Iterator[Row]:
    """Insert unsaved objects of one model, some thousands at a time, and give each back with its id.

    Nothing happens until the result is consumed. `save` is not asked.
    """
    remaining = iter(rows)
    while batch := list(itertools.islice(remaining, AT_ONCE)):
        _number(batch)
        _copy(batch)
        yield from batch


def insert_all(rows: Iterable[Row]) -> list[Row]:
    """Insert unsaved objects of one model and give them their ids."""
    return list(insert(rows))


def _number(rows: Sequence[models.Model]) -> None:
    meta: Any = rows[0]._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number


def _copy(rows: Sequence[models.Model]) -> None:
    fields: list[Any] = [
        field
        for field in rows[0]._meta.concrete_fields
        if not field.generated and not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    _copy_values(
        _quoted(rows[0]._meta.db_table), [_quoted(field.column) for field in fields], _prepared(rows, fields)
    )


def update(model: type[models.Model], rows: Iterable[models.Model], names: Sequence[str]) -> None:
    """Write these fields of saved objects. A few statements, whatever their number."""
    meta: Any = model._meta
    fields = [meta.pk, *(meta.get_field(name) for name in names)]
    table = _quoted(meta.db_table)
    key, *others = columns = [_quoted(field.column) for field in fields]
    sets = ", ".join(f"{column} = changed.{column}" for column in others)
    with _changed(table, columns, _prepared(rows, fields)) as cursor:
        cursor.execute(f"UPDATE {table} SET {sets} FROM changed WHERE {table}.{key} = changed.{key}")  # noqa: S608


def upsert(table: str, columns: Sequence[str], key: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values, or write over those with the same key."""
    quoted = [_quoted(column) for column in columns]
    names, keys = ", ".join(quoted), ", ".join(_quoted(column) for column in key)
    sets = ", ".join(
        f"{_quoted(column)} = excluded.{_quoted(column)}" for column in columns if column not in key
    )
    with _changed(_quoted(table), quoted, rows) as cursor:
        cursor.execute(
            f"INSERT INTO {_quoted(table)} ({names}) SELECT {names} FROM changed "  # noqa: S608
            f"ON CONFLICT ({keys}) DO UPDATE SET {sets}"
        )


@contextmanager
def _changed(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Any]:
    """A temporary table `changed` with these rows, for the length of the block."""
    shape = f"SELECT {', '.join(columns)} FROM {table} WITH NO DATA"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE changed ON COMMIT DROP AS {shape}")
    _copy_values("changed", columns, rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE changed")
        yield cursor
        cursor.execute("DROP TABLE changed")


def _prepared(rows: Iterable[models.Model], fields: Sequence[Any]) -> Iterator[list[Any]]:
    for row in rows:
        yield [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _copy_values(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(row)
