"""Data of an older engine taken over by ours: written out by the old one, read and compared by the new one.

The new data lies beside the old until it is complete; the old is kept. Killed at any moment, the same command does it
again, or the next start finds it done.
"""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psycopg

from folkmoot.core.postgres.cluster import Cluster, create_database
from folkmoot.core.postgres.dumps import Digest, dump, load
from folkmoot.core.postgres.engines import MAJOR
from folkmoot.core.postgres.sharing import only_manager


class Upgraded(NamedTuple):
    """What was taken over: from which engine, how many rows, and where the old data is kept."""

    major: int
    rows: int
    kept: Path


def upgrade(home: Path) -> Upgraded | None:
    """Take the data of `home` over from an older engine; None where it is ours already, or there is none.

    Raises PostgresError when the old engine's programs are missing, or what was read is not what was written.
    """
    with only_manager(home):
        data = home / "postgres"
        new = Cluster(data)
        new.finish_upgrade()
        major = new.written_by
        if major in {0, MAJOR}:
            return None
        if major > MAJOR:
            new.check_version()
        kept = _free_name(data.with_name(f"postgres-{major}"))
        with TemporaryDirectory(dir=home, prefix="upgrading-") as folder:
            archive = Path(folder) / "archive"
            written = _written_out(Cluster(data, major=major), archive)
            _read_in(data.with_name("postgres.next"), archive, written)
        ready = data.with_name("postgres.ready")
        shutil.rmtree(ready, ignore_errors=True)
        data.with_name("postgres.next").rename(ready)
        _sync(home)
        data.rename(kept)
        new.finish_upgrade()
        return Upgraded(major, sum(digest.rows for digest in written.values()), kept)


def _written_out(old: Cluster, archive: Path) -> dict[str, Digest]:
    old.start()
    try:
        with psycopg.connect(old.url, autocommit=True) as connection:
            return dump(connection, archive)
    finally:
        old.stop()


def _read_in(folder: Path, archive: Path, expected: dict[str, Digest]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    cluster = Cluster(folder)
    try:
        cluster.start()
        create_database(cluster)
        with psycopg.connect(cluster.url) as connection:
            load(connection, archive, expected)
            connection.commit()
            connection.autocommit = True
            connection.execute("ANALYZE")
    finally:
        cluster.stop()
        cluster.log.unlink(missing_ok=True)
        if cluster.sockets.parent != folder.parent.resolve():
            shutil.rmtree(cluster.sockets, ignore_errors=True)


def _free_name(wanted: Path) -> Path:
    """`wanted`, or with a number behind it where an earlier one is kept."""
    number, found = 1, wanted
    while found.exists():
        number, found = number + 1, wanted.with_name(f"{wanted.name}.{number + 1}")
    return found


def _sync(folder: Path) -> None:
    """Have the names in the folder written to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
