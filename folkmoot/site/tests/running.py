"""For tests that start the real thing: `folkmoot …` as processes on data folders of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from folkmoot.site.home import checkout

SECRET = "only-for-tests"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def surroundings(home: Path | str, **more: str) -> dict[str, str]:
    """The environment of a command on this home, without anything that belongs to the test run."""
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "FOLKMOOT_TEST_TEMPLATE", "PYTEST_XDIST_WORKER"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    given = {"FOLKMOOT_HOME": str(home), "FOLKMOOT_SECRET_KEY": SECRET, "PYTHONPATH": str(checkout())}
    return {**kept, **given, **more}


def folkmoot(
    home: Path | str, *arguments: str, patience: float = 60, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [sys.executable, "-m", "folkmoot", *arguments]
    return subprocess.run(
        command,
        env=surroundings(home, **more),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=patience,
        check=False,
    )


class Up:
    """A running `folkmoot up`, from its start to the line that says it is ready."""

    def __init__(self, home: Path | str, *arguments: str, **more: str) -> None:
        self.home = Path(home)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = self.home.with_name(f"{self.home.name[:50]}.output")
        command = [sys.executable, "-m", "folkmoot", "up", "--empty", "--port", str(self.port), *arguments]
        begun = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=surroundings(home, **more), cwd="/", stdout=log, stderr=log
            )
        self.wait_for_line(r"^Folkmoot is ready: ")
        self.took = time.monotonic() - begun

    @property
    def said(self) -> str:
        """All that was printed."""
        return self.log.read_text()

    def wait_for_line(self, pattern: str, patience: float = 60) -> str:
        """Wait until a line matches."""
        deadline = time.monotonic() + patience
        while not (found := re.search(pattern, self.said, re.MULTILINE)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"no line like {pattern!r} in: {self.said}")
            time.sleep(0.02)
        return found.group()

    def parts(self) -> dict[str, int]:
        """The processes under it: web, worker and postgres, by name."""
        names = {"folkmoot-web": "web", "folkmoot-worker": "worker", "postgres": "postgres"}
        return {
            names[one.name]: one.pid
            for one in processes()
            if one.parent == self.process.pid and one.name in names
        }

    def stop(self, number: int = signal.SIGINT, patience: float = 20) -> float:
        """Tell it to end; the seconds that took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(patience)
        return time.monotonic() - begun


@contextmanager
def up(home: Path | str, *arguments: str, **more: str) -> Iterator[Up]:
    """Have the site running for a block, and nothing of it left after."""
    site = Up(home, *arguments, **more)
    try:
        yield site
    finally:
        if site.process.poll() is None:
            site.stop(signal.SIGTERM)


def copied(prepared: Path, folder: Path) -> Path:
    """A copy of a prepared home, in a folder of the test's own."""
    home = folder / "home"
    subprocess.run(["cp", "-a", str(prepared), str(home)], check=True)
    return home


class Process(NamedTuple):
    """A process as /proc shows it."""

    pid: int
    parent: int
    name: str


def processes() -> list[Process]:
    """Every process that has not ended."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                before, _, after = (entry / "stat").read_text().rpartition(")")
            except OSError:
                continue
            state, parent = after.split()[:2]
            if state != "Z":
                found.append(Process(int(entry.name), int(parent), before.partition("(")[2]))
    return found


def leftovers(home: Path | str) -> list[Process]:
    """Processes that still belong to this home."""
    found = []
    for one in processes():
        try:
            environment = Path(f"/proc/{one.pid}/environ").read_bytes().decode(errors="replace")
            folder = os.readlink(f"/proc/{one.pid}/cwd")
        except OSError:
            continue
        if one.pid != os.getpid() and (
            f"FOLKMOOT_HOME={home}\0" in environment or folder.startswith(str(home))
        ):
            found.append(one)
    return found


def eventually(claim: object, patience: float = 15) -> bool:
    """Whether a claim (a function) becomes true in time."""
    assert callable(claim)
    deadline = time.monotonic() + patience
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
