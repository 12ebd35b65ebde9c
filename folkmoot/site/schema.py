"""Whether the database is what this code expects."""

import sys
from collections.abc import Iterable
from enum import Enum

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.utils import OperationalError

from folkmoot.core.refused import Refused


class Schema(Enum):
    """How the database compares to the code; the value is a process's exit status where it matters."""

    READY = 0
    BEHIND = 75
    AHEAD = 76


AHEAD_SENTENCE = (
    "The database is newer than this version of Folkmoot; install the version that wrote it, or a newer one."
)
BEHIND_SENTENCE = "The database has to be brought up to date: run `folkmoot migrate`."


def schema_state() -> Schema:
    """Compare the migrations applied with those of the code. A missing database is behind."""
    try:
        loader = MigrationLoader(connection)
    except OperationalError as error:
        if "does not exist" in str(error):
            return Schema.BEHIND
        raise
    if is_ahead(loader.applied_migrations or {}):
        return Schema.AHEAD
    plan = MigrationExecutor(connection).migration_plan(loader.graph.leaf_nodes())
    return Schema.BEHIND if plan else Schema.READY


def is_ahead(applied: Iterable[tuple[str, str]]) -> bool:
    """Whether any of these migrations, as (app, name), is one that the code does not have."""
    ours = MigrationLoader(None).disk_migrations or {}
    known = set(ours) | {key for migration in ours.values() for key in migration.replaces}
    return any(key not in known for key in applied)


def require_schema(behind: str = BEHIND_SENTENCE) -> None:
    """End this process with a sentence, and the state's exit status, unless the database is what the code expects.

    `behind` is what is said of an older one.
    """
    # Asked once without the pool, which would only say, ten seconds later, that there was no connection.
    psycopg.connect(**connection.get_connection_params()).close()
    state = schema_state()
    if state is not Schema.READY:
        print(AHEAD_SENTENCE if state is Schema.AHEAD else behind, file=sys.stderr)  # noqa: T201
        sys.exit(state.value)


def bring_up_to_date() -> bool:
    """Migrate if the database is behind. Returns whether anything was done; refuses one that is newer."""
    state = schema_state()
    if state is Schema.AHEAD:
        raise Refused(AHEAD_SENTENCE)
    if state is Schema.BEHIND:
        with connection.cursor() as cursor:
            # Two servers that start together migrate one after the other.
            cursor.execute("SELECT pg_advisory_lock(7010)")
            call_command("migrate", verbosity=0, interactive=False)
            cursor.execute("SELECT pg_advisory_unlock(7010)")
    return state is Schema.BEHIND
