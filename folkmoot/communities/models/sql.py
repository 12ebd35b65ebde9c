"""Pieces of SQL in querysets. Composing these subqueries out of Django's expressions costs more than running them."""

from typing import Any

from django.db.models import Field, Func


class Sql(Func):
    """SQL over columns of the row: `{0}`, `{1}` … are the columns named, `%s` the parameters, in their order."""

    def __init__(self, sql: str, *columns: str, params: tuple[Any, ...], output_field: Field) -> None:
        """The columns come as names; they follow the table's alias wherever the queryset is used."""
        super().__init__(*columns, output_field=output_field)
        self.sql, self.sql_params = sql, params

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """The SQL with the columns in their places."""
        columns = [compiler.compile(expression)[0] for expression in self.source_expressions]
        return self.sql.format(*columns), self.sql_params
