"""A copy of everything in one file, and everything from such a file: the database, uploads in it, and the signing key.

The file is a tar of `folkmoot.json` (when, by which version, every table with its rows and digest), `database.dump`
(pg_dump's archive) and, unless FOLKMOOT_SECRET_KEY says otherwise, `secret_key`.
"""

import contextlib
import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from django.db import connection

from folkmoot import __version__
from folkmoot.core import clock
from folkmoot.core.postgres.dumps import Connection, Digest, dump, load
from folkmoot.core.refused import Refused
from folkmoot.site.home import home, secret_key
from folkmoot.site.schema import AHEAD_SENTENCE, bring_up_to_date, is_ahead

_FORMAT = 1
_ATTEMPTS = 5


@dataclass(frozen=True)
class Backup:
    """What a backup holds: the moment, and {table: its digest}."""

    made_at: datetime
    tables: dict[str, Digest]

    def rows(self, table: str) -> int:
        """How many rows a table of ours has; 0 for one that is not there."""
        return self.tables.get(f"public.{table}", Digest(0, "")).rows


def backup_to(file: Path) -> Backup:
    """Write everything, as it is at this moment, to the new file, which appears when it is complete.

    Others go on working meanwhile. Refuses a file that is there already.
    """
    if file.exists():
        raise Refused(f"{file} is there already. Choose another name.")
    try:
        with TemporaryDirectory(dir=file.absolute().parent, prefix=".folkmoot-") as folder:
            archive, making = Path(folder) / "database.dump", Path(folder) / "backup"
            with _own_connection(autocommit=True) as own:
                made = Backup(clock.now(), dump(own, archive))
            _pack(making, archive, made)
            # Not over one that has appeared meanwhile.
            os.link(making, file)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror or error}.") from error
    return made


def restore_from(file: Path, *, replace: bool) -> tuple[Backup, bool]:
    """Put a backup in the place of what is here, all or nothing; and whether servers have to learn another signing key.

    Everything is read back and compared before it counts. Those who are using the site are served again once it is
    done. Refuses a programme that has people without `replace`, a damaged file, and one of a newer version.
    """
    with TemporaryDirectory(dir=home(), prefix="restoring-") as folder:
        backup, archive, key = _unpack(file, Path(folder))
        _in_place(backup, archive, replace=replace)
    connection.close()
    bring_up_to_date()
    has_served = (home() / "prepared").exists()
    (home() / "prepared").touch()
    if key is None or os.environ.get("FOLKMOOT_SECRET_KEY") or key == secret_key():
        return backup, False
    _keep_key(key)
    return backup, has_served


def _in_place(backup: Backup, archive: Path, *, replace: bool) -> None:
    for _attempt in range(_ATTEMPTS):
        try:
            with _own_connection() as own:
                if not replace:
                    _refuse_content(own)
                own.execute("SET LOCAL lock_timeout = '10s'")
                _disconnect_others(own)
                load(own, archive, backup.tables)
                if is_ahead(own.execute("SELECT app, name FROM public.django_migrations").fetchall()):
                    raise Refused(AHEAD_SENTENCE)
                own.commit()
                own.autocommit = True
                own.execute("ANALYZE")
                # Whoever came meanwhile still has the old tables in mind.
                _disconnect_others(own)
            return
        except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
            continue
    raise Refused("The database is too busy to be replaced; stop Folkmoot and try again.")


def _refuse_content(own: Connection) -> None:
    for table, what in (("people_person", "people"), ("communities_community", "communities")):
        (present,) = own.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone() or (
            False,
        )
        if present:
            (number,) = own.execute(f"SELECT count(*) FROM public.{table}").fetchone() or (0,)  # noqa: S608
            if number:
                raise Refused(
                    f"There is a programme here already, with {number:,} {what}. Make a backup of it, then run this "
                    "again with --replace."
                )


def _disconnect_others(own: Connection) -> None:
    own.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
    )


@contextlib.contextmanager
def _own_connection(*, autocommit: bool = False) -> Iterator[Connection]:
    """A connection beside Django's, which needs none of its settings after such work."""
    own: Connection = psycopg.connect(**connection.get_connection_params(), autocommit=autocommit)
    try:
        yield own
    finally:
        own.close()


def _pack(file: Path, archive: Path, made: Backup) -> None:
    said = {
        "format": _FORMAT,
        "folkmoot": __version__,
        "made_at": made.made_at.isoformat(),
        "sha256": _sha256(archive),
        "tables": made.tables,
    }
    parts = {"folkmoot.json": json.dumps(said, indent=1).encode()}
    if not os.environ.get("FOLKMOOT_SECRET_KEY"):
        parts["secret_key"] = secret_key().encode()
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w") as tar:
            for name, content in parts.items():
                part = file.with_name(name)
                part.write_bytes(content)
                tar.add(part, name)
            tar.add(archive, archive.name)
        raw.flush()
        os.fsync(raw.fileno())


def _unpack(file: Path, folder: Path) -> tuple[Backup, Path, str | None]:
    """The backup, the archive in `folder`, and the signing key if it has one. Refuses what is no backup, or damaged."""
    try:
        with tarfile.open(file, "r:") as tar:
            names = set(tar.getnames()) & {"folkmoot.json", "secret_key", "database.dump"}
            for name in names:
                tar.extract(name, folder, filter="data")
        said = json.loads((folder / "folkmoot.json").read_bytes())
        archive = folder / "database.dump"
        if said["format"] != _FORMAT:
            raise Refused(f"{file} was made by another version of Folkmoot ({said['folkmoot']}).")
        if _sha256(archive) != said["sha256"]:
            raise Refused(f"{file} is damaged: its content is not what was written. Take another backup.")
        tables = {table: Digest(rows, digest) for table, (rows, digest) in said["tables"].items()}
        key = folder / "secret_key"
        backup = Backup(datetime.fromisoformat(said["made_at"]), tables)
        return backup, archive, key.read_text() if key.exists() else None
    except OSError as error:
        if error.filename == str(file) or error.filename is None:
            raise Refused(f"{file} cannot be read: {error.strerror or error}.") from error
        raise Refused(f"{file} is no backup of Folkmoot, or cut short.") from error
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"{file} is no backup of Folkmoot, or cut short.") from error


def _keep_key(key: str) -> None:
    path = home() / "secret_key"
    fresh = path.with_name(f".secret_key-{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, key.encode())
    os.fsync(descriptor)
    os.close(descriptor)
    fresh.replace(path)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
