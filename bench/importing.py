"""How long an import of a large programme takes, and how much memory: 200,000 people with their present memberships.

`bin/bench --import [--large HOME]`. It is written out of the large demo, and imported into a fresh home, twice.
"""

import csv
import os
import resource
import subprocess
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TABLES = ("units", "people", "communities", "memberships")


class Run(NamedTuple):
    """One command: seconds, and the most memory its process had, in MB."""

    what: str
    seconds: float
    megabytes: int


def measure_import(large: Path, folder: Path) -> list[Run]:
    """Export the programme of the home `large`, import it into a fresh home, and import it again."""
    runs = [_run("export", large, "export", str(folder / "exported"))]
    source = folder / "source"
    source.mkdir()
    for name in TABLES:
        _present(folder / "exported" / f"{name}.csv", source / f"{name}.csv")
    for what in ("first import", "the same again"):
        runs.append(_run(what, folder / "fresh", "import", str(source)))
    return runs


def told(runs: list[Run]) -> str:
    """A line for each."""
    return "\n".join(f"{run.what}: {run.seconds:.0f} s, {run.megabytes} MB" for run in runs)


def _run(what: str, home: Path, *arguments: str) -> Run:
    command = [str(ROOT / "bin" / "folkmoot"), *arguments]
    environment = {**os.environ, "FOLKMOOT_HOME": str(home)}
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as running:  # noqa: S603
        _pid, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{what} ended with {running.returncode}")
    return Run(what, time.perf_counter() - begun, _megabytes(used))


def _megabytes(used: resource.struct_rusage) -> int:
    return used.ru_maxrss // 1024


def _present(exported: Path, source: Path) -> None:
    """The table without memberships that are over."""
    today = date.today().isoformat()
    with (
        exported.open(encoding="utf-8-sig", newline="") as file,
        source.open("w", encoding="utf-8", newline="") as new,
    ):
        rows = csv.reader(file)
        header = next(rows)
        at = header.index("until") if exported.stem == "memberships" else None
        writer = csv.writer(new)
        writer.writerow(header)
        writer.writerows(row for row in rows if at is None or not row[at] or row[at] >= today)
