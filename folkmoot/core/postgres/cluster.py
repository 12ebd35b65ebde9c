"""One database cluster on disk: made, started, asked whether it is ready, and stopped."""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import signal
import socket
import stat
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from folkmoot.core.postgres.engines import MAJOR, PostgresError, program
from folkmoot.core.postgres.privileges import Owner, becoming, owner_of

USER = "folkmoot"
PORT = 5432
_LONGEST_SOCKET = 107 - len(f"/.s.PGSQL.{PORT}.lock")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.+-]+")

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "jit": "off",
    "work_mem": "32MB",  # a dozen connections at most, and boards of thousands sort in memory
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "logging_collector": "off",
    "timezone": "UTC",
}
# One file of its log.
_LEAST_ROOM = 16 * 1024 * 1024
_FAST_AND_LOOSE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class Cluster:
    """The cluster in the folder `data`, with the engine of that major version.

    With `durable=False` it is fast and forgets on a crash: for tests.
    """

    def __init__(self, data: Path, *, durable: bool = True, major: int = MAJOR) -> None:
        self.data = data
        self.durable = durable
        self.major = major
        self.sockets = socket_folder(data)
        self.log = data.parent / f"{data.name}.log"
        self.owner: Owner = owner_of(data)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the database `folkmoot` for psycopg and Django."""
        return f"postgresql://{USER}@/{USER}?host={quote(str(self.sockets))}"

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made."""
        return (self.data / "PG_VERSION").exists()

    @property
    def written_by(self) -> int:
        """The major version of the engine that made it; 0 where it has not been made."""
        return int((self.data / "PG_VERSION").read_text()) if self.exists else 0

    @property
    def pid(self) -> int | None:
        """The server's process, as far as we started it and it lives."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def make(self) -> None:
        """Make the cluster, unless it exists. One that was interrupted is thrown away first."""
        self.finish_upgrade()
        if self.exists:
            return
        unfinished = self.data.with_name(self.data.name + ".new")
        _remove(unfinished)
        unfinished.mkdir(mode=0o700)
        self._give(unfinished)
        command = [
            program("initdb", self.major), "-D", ".", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale-provider=libc",
            "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C", "--lc-monetary=C", "--lc-numeric=C",
            "--lc-time=C", "--no-instructions", *([] if self.durable else ["--no-sync"]),
        ]  # fmt: skip
        done = subprocess.run(  # noqa: S603
            command, cwd=unfinished, env=_environment(), preexec_fn=becoming(self.owner, self._needed()), check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        if done.returncode != 0:
            sentence = _why("The database could not be made", done.stdout.decode(errors="replace"), self.data)
            _remove(unfinished)
            raise PostgresError(sentence)
        unfinished.rename(self.data)

    def start(self, timeout: float = 60) -> None:
        """Start the server and wait until it takes connections, which after a crash includes its recovery."""
        self.make()
        self.check_version()
        self._end_leftover()
        make_socket_folder(self.sockets, self.owner)
        deadline = time.monotonic() + timeout
        while True:
            self._spawn()
            while self.pid is not None:
                if self.is_ready():
                    return
                if time.monotonic() > deadline:
                    self.stop()
                    raise PostgresError(
                        f"The database did not become ready within {timeout:.0f} s; see {self.log}."
                    )
                time.sleep(0.02)
            said = self.log.read_text(errors="replace")[-4000:]
            if "still in use" not in said or time.monotonic() > deadline:
                raise PostgresError(_why("The database did not start", said, self.data))
            time.sleep(0.2)

    def check_version(self) -> None:
        """Refuse data of an engine of another major version."""
        written = self.written_by
        if written > self.major:
            raise PostgresError(
                f"The data was written by PostgreSQL {written}, and this version of Folkmoot brings {self.major}; "
                "install the version that wrote it, or a newer one."
            )
        if written < self.major:
            raise PostgresError(
                f"The data was written by PostgreSQL {written}, and this version of Folkmoot brings {self.major}: "
                "`folkmoot upgrade` takes it over."
            )

    def finish_upgrade(self) -> None:
        """Put data that was taken over in its place, where somebody was interrupted just before that."""
        ready = self.data.with_name(f"{self.data.name}.ready")
        if ready.exists() and not self.exists:
            ready.rename(self.data)

    def is_ready(self) -> bool:
        """Whether the server takes connections now: it is asked for one, in PostgreSQL's own protocol."""
        packet = struct.pack("!i", 196608) + f"user\0{USER}\0database\0postgres\0\0".encode()
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
            connection.sendall(struct.pack("!i", len(packet) + 4) + packet)
            answer = connection.recv(1)
            if answer == b"R":
                connection.sendall(b"X" + struct.pack("!i", 4))
                return True
        return False

    def stop(self, timeout: float = 20.0) -> None:
        """Stop the server: fast at first, at once when it takes longer than `timeout` seconds."""
        process = self._process
        if process is None:
            return
        for sign, patience in ((signal.SIGINT, timeout), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0)):
            if process.poll() is not None:
                break
            process.send_signal(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)
        self._process = None

    def _spawn(self) -> None:
        settings = {**_SETTINGS, **({} if self.durable else _FAST_AND_LOOSE)}
        settings["unix_socket_directories"] = str(self.sockets)
        command = [program("postgres", self.major), "-D", "."]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603
                command, cwd=self.data, env=_environment(), start_new_session=True,
                preexec_fn=becoming(self.owner, self._needed()),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def _end_leftover(self) -> None:
        """Stop a server that outlived its manager, and clear its marks. A reused process id is never believed."""
        marks = [self.data / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"]
        for sign, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            pid = self._leftover()
            if pid is None:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
            deadline = time.monotonic() + patience
            while self._leftover() == pid and time.monotonic() < deadline:
                time.sleep(0.05)
        for mark in marks:
            mark.unlink(missing_ok=True)

    def _leftover(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            if Path(f"/proc/{pid}/exe").resolve().name != "postgres":
                return None
            return pid if Path(f"/proc/{pid}/cwd").resolve() == self.data.resolve() else None
        except (OSError, ValueError):
            return None

    def _needed(self) -> list[Path]:
        """What the server's user has to reach."""
        postgres = Path(program("postgres", self.major))
        install = postgres.parent.parent
        return [postgres, install / "share", install / "lib", self.data.parent]

    def _give(self, folder: Path) -> None:
        if not self.owner.is_us:
            os.chown(folder, self.owner.uid, self.owner.gid)


def socket_folder(data: Path) -> Path:
    """Where the server's socket is: beside the data, or in a short private folder where that path is too long."""
    beside = data.parent.resolve() / "run"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET and _PLAIN_PATH.fullmatch(str(beside)):
        return beside
    key = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
    return Path(f"/tmp/folkmoot-{key}")  # noqa: S108 - its owner and mode are checked before use


def make_socket_folder(folder: Path, owner: Owner) -> None:
    """Make the folder for the owner alone. Refuses one that somebody else has put there."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if not owner.is_us:
            os.chown(folder, owner.uid, owner.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.uid or found.st_mode & 0o077:
        raise PostgresError(f"The folder {folder} belongs to somebody else; remove it and start again.")


@contextlib.contextmanager
def throwaway_cluster(folder: Path) -> Iterator[str]:
    """A cluster for tests in the new folder `folder`, as an address; fast, and gone with the block."""
    folder.mkdir(parents=True)
    cluster = Cluster(folder / "data", durable=False)
    try:
        cluster.start()
        create_database(cluster)
        yield cluster.url
    finally:
        cluster.stop()
        if cluster.sockets.parent != folder.resolve():
            _remove(cluster.sockets)
        _remove(folder)


def create_database(cluster: Cluster) -> None:
    """Create the database `folkmoot`, unless it exists."""
    import psycopg  # noqa: PLC0415 - a tenth of a second that only a first start needs

    with psycopg.connect(cluster.url.replace(f"/{USER}?", "/postgres?"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [USER]).fetchone():
            connection.execute(f"CREATE DATABASE {USER}")


def _environment() -> dict[str, str]:
    """The server's surroundings are always the same, whatever ours are."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _remove(folder: Path, patience: float = 10) -> None:
    """Remove it, and again for a while: an initdb whose parent was killed may still be writing in it."""
    deadline = time.monotonic() + patience
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)


def _why(what: str, said: str, data: Path) -> str:
    # PostgreSQL does not always come to say so.
    if os.strerror(errno.ENOSPC) in said or shutil.disk_usage(data.parent).free < _LEAST_ROOM:
        return f"{what}: the disk is full. Make room and start again; nothing was lost."
    if os.strerror(errno.EACCES) in said:
        return (
            f"{what}: its user may not use the data folder. Choose another --home, or see FOLKMOOT_PG_USER."
        )
    telling = [line for line in said.splitlines() if re.search(r"FATAL|error:|PANIC", line)]
    reason = telling[-1].split(":", 1)[-1].strip() if telling else said.strip().rsplit("\n", 1)[-1]
    return f"{what}: {reason}"
