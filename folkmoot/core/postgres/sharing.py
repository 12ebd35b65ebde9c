"""One server of a data folder, shared by the commands that need it.

Two locks, both let go by the kernel when their holder dies: `postgres.lock` is held by whoever manages the server;
`postgres.users.lock` is held, shared, by every command that uses it, so that the first command to come does not stop
it under the others.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from folkmoot.core.postgres.cluster import Cluster, create_database
from folkmoot.core.postgres.engines import PostgresError


@contextlib.contextmanager
def shared_cluster(home: Path) -> Iterator[Cluster]:
    """The running server of `home` for the length of the block: the one that runs already, or one of our own."""
    with _lock_file(home / "postgres.users.lock") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _lock_file(home / "postgres.lock") as manager:
            cluster = Cluster(home / "postgres")
            if _taken(manager):
                try:
                    cluster.start()
                    create_database(cluster)
                    yield cluster
                finally:
                    fcntl.flock(users, fcntl.LOCK_UN)
                    fcntl.flock(users, fcntl.LOCK_EX)
                    cluster.stop()
            else:
                _wait_until_ready(cluster)
                yield cluster


@contextlib.contextmanager
def only_manager(home: Path, patience: float = 30) -> Iterator[None]:
    """Nobody else manages a server of `home` for the length of the block. Waits for commands to finish."""
    with _lock_file(home / "postgres.lock") as manager:
        deadline = time.monotonic() + patience
        while not _taken(manager):
            if time.monotonic() > deadline:
                raise PostgresError(
                    "Another command is using the database of this folder; try again when it is done."
                )
            time.sleep(0.05)
        yield


@contextlib.contextmanager
def managed_cluster(home: Path, patience: float = 30) -> Iterator[Cluster]:
    """The server of `home`, managed by us for this block, whoever uses it. Waits for commands to finish."""
    with only_manager(home, patience):
        cluster = Cluster(home / "postgres")
        fresh = not cluster.exists
        try:
            cluster.start()
            if fresh:
                create_database(cluster)
            yield cluster
        finally:
            # Not for long: somebody has pressed Ctrl-C. At once is as safe, and only the next start is slower.
            cluster.stop(timeout=1.8)


def _wait_until_ready(cluster: Cluster, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not cluster.is_ready():
        if time.monotonic() > deadline:
            raise PostgresError(
                "The database of this folder is in use by another process but does not answer."
            )
        time.sleep(0.05)


@contextlib.contextmanager
def _lock_file(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
