"""Statements that are composed once and asked on every page.

Django composes the SQL of a queryset anew each time it is asked, which costs several times what the database needs
to answer. A function decorated with `@statement` composes its queryset at its first call only; each call then sends
that SQL with its own values. What comes back is what the queryset gives: models with their annotations, or tuples.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import update_wrapper
from inspect import Parameter as Argument
from inspect import signature
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Kind = TypeVar("Kind")


class Value(Expression):
    """Stands in a queryset for a value that each call brings along, by its place among the arguments."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A place for a value, which is sent as it is."""
        return "%s", (self,)


class _Composed(SQLCompiler):
    """A compiler that has done its work: it knows the SQL and how to read the rows."""

    said: tuple[str, tuple[Any, ...]]
    converters: dict[int, Any]

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        """What to send."""
        return self.said

    def get_converters(self, expressions: Any) -> dict[int, Any]:
        """{place of a column: what makes its value}."""
        return self.converters


@dataclass(frozen=True)
class _Composition:
    """What is kept of a queryset once its SQL is known."""

    queryset: QuerySet
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]

    def sent(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """What goes with the SQL."""
        return tuple(values[each.place] if isinstance(each, Value) else each for each in self.params)

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """What the queryset gives for these values, on this thread's connection."""
        sent = self.sent(values)
        ready = _twin(self.compiler, _Composed)
        ready.connection, ready.said = connections[DEFAULT_DB_ALIAS], (self.sql, sent)
        ready.converters = self.converters
        asked = _twin(self.queryset, type(self.queryset))
        asked.__dict__["_query"] = query = _twin(self.queryset.query, type(self.queryset.query))
        query.__dict__["get_compiler"] = lambda *args, **kwargs: ready
        return [*asked._iterable_class(asked)]  # type: ignore[misc]


class Statement(Generic[Row]):
    """A queryset as a function of values: call it and have the rows as a list.

    Positional arguments are values of the statement. Keyword-only arguments choose between statements: each of
    their combinations is composed for itself, so there must be few. Prefetches are not taken, and nothing that is
    read while composing may change later (settings, the day).
    """

    def __init__(self, compose: Callable[..., QuerySet]) -> None:
        update_wrapper(self, compose)
        kinds = [argument.kind for argument in signature(compose).parameters.values()]
        self._compose = compose
        self._values = [Value(place) for place in range(kinds.count(Argument.POSITIONAL_OR_KEYWORD))]
        self._composed: dict[tuple[Any, ...], _Composition | None] = {}

    def __call__(self, *values: Any, **choices: Any) -> list[Row]:
        """The rows. One statement."""
        composition = self._composition(choices)
        return [] if composition is None else composition.rows(values)

    def sql(self, *values: Any, **choices: Any) -> tuple[str, tuple[Any, ...]]:
        """The SQL and what goes with it, to stand inside another statement. Raises EmptyResultSet as Django does."""
        composition = self._composition(choices)
        if composition is None:
            raise EmptyResultSet
        return composition.sql, composition.sent(values)

    def _composition(self, choices: dict[str, Any]) -> _Composition | None:
        """None for a queryset that is known to be empty."""
        key = tuple(sorted(choices.items()))
        if key not in self._composed:
            self._composed[key] = self._compose_for(choices)
        return self._composed[key]

    def _compose_for(self, choices: dict[str, Any]) -> _Composition | None:
        queryset = self._compose(*self._values, **choices)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        return _Composition(queryset, compiler, sql, tuple(params), compiler.get_converters(columns))


def statement(compose: Callable[..., QuerySet]) -> Statement[Any]:
    """Decorates a function that makes a queryset of its arguments; see `Statement`."""
    return Statement(compose)


def _twin(thing: Any, kind: type[Kind]) -> Kind:
    """Another object of the same attributes; `copy` would ask a queryset for its rows first."""
    twin = object.__new__(kind)
    twin.__dict__.update(thing.__dict__)
    return twin


@contextmanager
def planned_for_its_values() -> Iterator[None]:
    """In this block the database plans a statement for the values it is sent, as it would have the first time.

    For a statement whose lists have one value or thousands: no one plan fits both.
    """
    connection.ensure_connection()
    raw = connection.connection
    before, raw.prepare_threshold = raw.prepare_threshold, None
    try:
        yield
    finally:
        raw.prepare_threshold = before
