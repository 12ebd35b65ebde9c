"""A whole database in a file and back: pg_dump's archive, and a digest of every table as of the same moment.

The archive is played back through psycopg in the caller's transaction, so that it is compared before it is committed,
and goes back to what was there when anything is wrong.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from folkmoot.core.postgres.engines import PostgresError, dumper, program

Connection = psycopg.Connection[Any]

_COPY = re.compile(rb"COPY .+ FROM stdin;\n")
# What a newer pg_dump writes for its own psql, or for a server that knows more settings.
_NOT_FOR_US = (b"\\restrict ", b"\\unrestrict ", b"SET transaction_timeout ")
_PIECE = 1 << 16

_TABLES = """
    SELECT quote_ident(space.nspname) || '.' || quote_ident(tab.relname)
    FROM pg_class tab JOIN pg_namespace space ON space.oid = tab.relnamespace
    WHERE tab.relkind = 'r' AND space.nspname !~ '^pg_' AND space.nspname <> 'information_schema'
    ORDER BY 1
"""
# Independent of the order of rows, which a restored table need not keep.
_DIGEST = """
    SELECT count(*), coalesce(sum(('x' || left(md5(folkmoot_row::text), 15))::bit(60)::bigint), 0)::text
    FROM {} folkmoot_row
"""


class Digest(NamedTuple):
    """How many rows a table has, and a number that is another one when any of them is."""

    rows: int
    digest: str


def dump(connection: Connection, archive: Path) -> dict[str, Digest]:
    """Write the database to `archive` as it is at one moment, while others go on; {table: its digest} of that moment.

    Raises PostgresError with what pg_dump said.
    """
    info = connection.info
    pg_dump = dumper(info.server_version // 10_000, encrypted=connection.pgconn.ssl_in_use)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = _row(connection, "SELECT pg_export_snapshot()")
        command = [pg_dump, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        done = subprocess.run(  # noqa: S603
            [*command, f"--file={archive}", f"--dbname={info.dsn}"],
            env={**os.environ, "PGPASSWORD": info.password}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise PostgresError(f"The database could not be written out: {_last_line(done.stderr)}")
        return digests(connection)


def load(connection: Connection, archive: Path, expected: dict[str, Digest]) -> None:
    """Put what is in `archive` in the place of all that the database holds, in the caller's transaction.

    Raises PostgresError when a table does not have the digest that it had when it was written out.
    """
    connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
    connection.execute("CREATE SCHEMA public")
    command = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(archive)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603
        assert reading.stdout is not None
        assert reading.stderr is not None
        try:
            _play(connection, reading.stdout)
        except BaseException:
            reading.kill()
            raise
        said = reading.stderr.read().decode(errors="replace")
    if reading.returncode != 0:
        raise PostgresError(f"The archive cannot be read: {_last_line(said)}")
    found = digests(connection)
    for table in sorted(expected.keys() | found.keys()):
        if expected.get(table) != found.get(table):
            raise PostgresError(f"The table {table} did not come back as it was; nothing was changed.")


def digests(connection: Connection) -> dict[str, Digest]:
    """{table: its digest} of all tables that are not PostgreSQL's own, as the present transaction sees them."""
    connection.execute("SET TIME ZONE 'UTC'")
    tables = [table for (table,) in connection.execute(_TABLES)]
    return {table: Digest(*_row(connection, _DIGEST.format(table))) for table in tables}


def _play(connection: Connection, script: Iterable[bytes]) -> None:
    """Run pg_restore's script: statements as they come, rows by COPY."""
    cursor = connection.cursor()
    lines = iter(script)
    statements: list[bytes] = []
    for line in lines:
        if _COPY.fullmatch(line):
            cursor.execute(b"".join(statements), prepare=False)
            statements.clear()
            with cursor.copy(line) as copy:
                for piece in _pieces(lines):
                    copy.write(piece)
        elif not line.startswith(_NOT_FOR_US):
            statements.append(line)
    cursor.execute(b"".join(statements), prepare=False)


def _pieces(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The rows up to the line that ends them, many at a time."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        if line == b"\\.\n":
            break
        held.append(line)
        size += len(line)
        if size > _PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _row(connection: Connection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _last_line(said: str) -> str:
    lines = said.strip().splitlines() or ["it ended without a word"]
    return lines[-1].split("error:", 1)[-1].strip()
