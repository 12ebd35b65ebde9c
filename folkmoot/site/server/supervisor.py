"""`folkmoot up`: starts the database, the web server and the worker, keeps them going, and ends them together."""

import contextlib
import fcntl
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FrameType

from django.conf import settings

from folkmoot.core.postgres.cluster import Cluster
from folkmoot.core.postgres.sharing import managed_cluster
from folkmoot.core.refused import Refused
from folkmoot.site.home import ensure_home, static_root, uses_embedded_database
from folkmoot.site.server.children import ENDING, Child
from folkmoot.site.server.ports import probe
from folkmoot.site.starting import database, set_up

BEHIND = 75
_IS_BEHIND = "The database is of an older version of Folkmoot; it is being brought up to date."
_GIVE_UP_AFTER = 5
_WITHIN = 60.0
# All has to have ended five seconds after Ctrl-C; the database has what is left of them.
_PATIENCE = 2.2
_FOR_WORKER = 4.0


def up(host: str, port: int, *, demo: bool) -> None:
    """Run everything until told to stop. Refuses a folder that runs already, and a port that is in use."""
    folder = ensure_home()
    # SIGINT as well: a script's background processes inherit it switched off.
    for sign in ENDING:
        signal.signal(sign, _interrupt)
    with contextlib.suppress(KeyboardInterrupt), _only_one(folder) as was_killed:
        probe(host, port, patience=5 if was_killed else 0)
        database = managed_cluster(folder) if uses_embedded_database() else contextlib.nullcontext(None)
        with database as cluster:
            supervisor = _Supervisor(folder, cluster, host, port, demo=demo)
            try:
                supervisor.run()
            finally:
                for sign in ENDING:
                    signal.signal(sign, signal.SIG_IGN)
                supervisor.stop()


class _Part:
    """A child process that is kept alive."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self.name, self.work = name, work
        self.deaths: list[float] = []
        self.process = Child(name, work)

    def keep_alive(self) -> None:
        """Start it again if it has died; give up on one that dies over and over."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        self.deaths = [death for death in self.deaths if now - death < _WITHIN] + [now]
        if len(self.deaths) >= _GIVE_UP_AFTER:
            raise Refused(
                f"The {self.name} process ended {_GIVE_UP_AFTER} times within a minute; its messages are above."
            )
        time.sleep(0.2 * len(self.deaths))
        self.process = Child(self.name, self.work)


class _Supervisor:
    def __init__(self, folder: Path, cluster: Cluster | None, host: str, port: int, *, demo: bool) -> None:
        self.folder, self.cluster, self.host, self.port, self.demo = folder, cluster, host, port, demo
        self.parts: list[_Part] = []
        self.briefly: Child | None = None

    def run(self) -> None:
        """Prepare, start, say so, and look after the parts for ever."""
        # Imported here, once, for all the children; and nothing in this process ever connects to the database.
        set_up(pool=True)
        from folkmoot.site.server.web import serve  # noqa: PLC0415
        from folkmoot.site.server.worker import work  # noqa: PLC0415

        import_module(settings.ROOT_URLCONF)
        serve_here = partial(serve, self.host, self.port, behind=_IS_BEHIND)
        if not self._is_prepared():
            self._prepare()
        self.parts = [_Part("web", serve_here)]
        while self._status_of("/healthz") != "200":
            if self.parts[0].process.poll() == BEHIND:
                self._prepare()
                self.parts = [_Part("web", serve_here)]
            self._check_not_ahead(self.parts[0])
            self._keep_alive()
            time.sleep(0.02)
        # Not before, so that it takes no time from the pages; but "ready" is said of the worker as well.
        self.parts.append(_Part("worker", work))
        self._wait_for_worker()
        address = f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"
        (self.folder / "address").write_text(address)
        print(f"Folkmoot is ready: {address}", flush=True)  # noqa: T201
        self.briefly = Child("welcome", partial(_welcome, address))
        while True:
            self._keep_alive()
            time.sleep(0.2)

    def stop(self) -> None:
        """End web and worker, with patience for what they are doing, but not for long."""
        if self.briefly is not None:
            self.briefly.send(signal.SIGKILL)
            self.briefly.wait()
        for part in self.parts:
            part.process.send(signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE
        for part in self.parts:
            part.process.wait(max(0.05, deadline - time.monotonic()))
        for part in self.parts:
            part.process.send(signal.SIGKILL)
            part.process.wait()
        self.parts = []

    def _is_prepared(self) -> bool:
        return (self.folder / "prepared").exists() and static_root().exists()

    def _prepare(self) -> None:
        """Database, migrations, static files and, at the very first start, the demo; in a process of its own."""
        self.briefly = Child("prepare", partial(_prepare, demo=self.demo))
        if self.briefly.wait() != 0:
            raise SystemExit(1)
        self.briefly = None

    def _check_not_ahead(self, web: _Part) -> None:
        status = web.process.poll()
        if status is not None and 0 < status != BEHIND:
            raise SystemExit(1)

    def _keep_alive(self) -> None:
        if _told.is_set():
            raise KeyboardInterrupt
        if self.cluster is not None and self.cluster.pid is None:
            self.cluster.start()
        for part in self.parts:
            part.keep_alive()
        if self.briefly is not None:
            self.briefly.poll()  # so that it leaves no zombie

    def _wait_for_worker(self) -> None:
        """Until /readyz no longer says that something is missing, or for as long as one may be kept waiting."""
        deadline = time.monotonic() + _FOR_WORKER
        while self._status_of("/readyz") == "503" and time.monotonic() < deadline:
            self._keep_alive()
            time.sleep(0.02)

    def _status_of(self, path: str) -> str:
        """What the web server answers on its port, by hand and cheaply: “200”; empty where it does not."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        with (
            contextlib.suppress(OSError),
            socket.create_connection((host, self.port), timeout=2) as connection,
        ):
            request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            return connection.recv(12).decode("latin-1").removeprefix("HTTP/1.1 ")
        return ""


def _prepare(*, demo: bool) -> None:
    with database():
        from folkmoot.site.preparing import prepare  # noqa: PLC0415

        prepare(demo=demo)


def _welcome(address: str) -> None:
    """How to sign in, from a process that may ask the database; it says so in its own time."""
    with database():
        from django.conf import settings  # noqa: PLC0415

        from folkmoot.site.preparing import how_to_sign_in  # noqa: PLC0415

        print(how_to_sign_in(settings.FOLKMOOT_URL or address), flush=True)  # noqa: T201


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[bool]:
    """One `up` a data folder; the lock is the kernel's, so it ends with its holder.

    Gives whether the last one was killed: then its web server may need a moment to leave the port.
    """
    descriptor = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"Folkmoot is running from {folder} already.") from error
        was_killed = os.fstat(descriptor).st_size > 0
        os.write(descriptor, b"running\n")
        try:
            yield was_killed
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


# Python drops what is raised while it tidies up behind the scenes; then the next round sees this.
_told = threading.Event()


def _interrupt(_sign: int, _frame: FrameType | None) -> None:
    _told.set()
    raise KeyboardInterrupt
