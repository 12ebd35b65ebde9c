"""One running site with the demo for the whole test run, whichever worker needs it first."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from folkmoot.site.tests.running import free_port, surroundings

DOMAIN = "new.example"


@dataclass(frozen=True)
class Site:
    """Where it answers and where its data lies."""

    address: str
    home: Path

    def letters_to(self, email: str) -> list[str]:
        """What was mailed to somebody, oldest first. Without a mail server, letters are kept as files."""
        files = sorted((self.home / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        return [text for file in files if f"To: {email}\n" in (text := file.read_text())]


@contextmanager
def shared_site(folder: Path) -> Iterator[Site]:
    """The site of this folder: the first who comes starts it, the last who leaves stops it."""
    folder.mkdir(exist_ok=True)
    with _book(folder) as book:
        if not book.get("users"):
            book.update(_start(folder))
        book["users"] = book.get("users", 0) + 1
        site = Site(f"http://127.0.0.1:{book['port']}", folder / "home")
    try:
        yield site
    finally:
        with _book(folder) as book:
            book["users"] -= 1
            if not book["users"]:
                _stop(book["pid"])


@contextmanager
def _book(folder: Path) -> Iterator[dict[str, int]]:
    """What the workers know together, one of them at a time."""
    with (folder / "book.json").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        book = json.loads(file.read() or "{}")
        yield book
        file.truncate(0)
        json.dump(book, file)


def _start(folder: Path) -> dict[str, int]:
    port, log = free_port(), folder / "output"
    command = [sys.executable, "-m", "folkmoot", "up", "--home", str(folder / "home"), "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=surroundings(folder / "home", FOLKMOOT_DOMAINS=DOMAIN),
            cwd="/",
            stdout=output,
            stderr=output,
        )
    deadline = time.monotonic() + 120
    while "Folkmoot is ready: " not in (said := log.read_text()):
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the site did not start: {said!r}")
        time.sleep(0.05)
    return {"port": port, "pid": process.pid}


def _stop(pid: int) -> None:
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not _has_ended(pid):
        time.sleep(0.05)


def _has_ended(pid: int) -> bool:
    """Gone, or only waiting to be noticed by the worker that started it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"
