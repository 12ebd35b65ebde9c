"""Writing many rows at once, with COPY."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

Row = TypeVar("Row", bound=models.Model)


def copy(rows: Sequence[Row]) -> Sequence[Row]:
    """Insert unsaved objects of one model, numbered if they are not yet. Two statements; `save` is not asked.

    Fields that the first object leaves to a default of the database are left to it for all.
    """
    if not rows:
        return rows
    meta = rows[0]._meta
    if rows[0].pk is None:
        number(rows)
    fields = [
        field
        for field in meta.concrete_fields
        if not field.generated and not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    statement = f"COPY {connection.ops.quote_name(meta.db_table)} ({names}) FROM STDIN"
    prepared = [(field.attname, field.get_db_prep_save) for field in fields]
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row([prepare(getattr(row, name), connection) for name, prepare in prepared])
    return rows


def number(rows: Sequence[models.Model]) -> None:
    """Take an id for each row from the table's own sequence. One statement."""
    meta = rows[0]._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(rows)],
        )
        for row, (taken,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = taken
