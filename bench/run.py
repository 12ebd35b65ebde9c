"""Loads the demo into a database of its own, and one a hundred times as large into another, starts the real server
with one worker on each, and measures every page.

Every page is measured in turns with the yardstick and with its twin in the large programme, so that neither its cost
in hellos nor the ratio depends on what else the machine was doing that minute. Writes bench/results.json and the
README's table.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench.answering import measure_answers
from bench.importing import measure_import, told
from bench.killing import kill_and_count
from bench.load import Load, ask, together, write
from bench.talking import measure_talk
from folkmoot.core.postgres.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent
TURNS = 7
BROWSER = {"Accept-Encoding": "gzip, br", "Accept": "text/html"}


@dataclass(frozen=True)
class Row:
    """One line of the table. Times in ms, sizes in bytes as sent."""

    page: str
    statements: int
    sql_ms: float
    p50: float
    p95: float
    p99: float
    rate: float
    p50_at_8: float
    p95_at_8: float
    p99_at_8: float
    rate_at_8: float
    size: int
    hellos: float
    aim: float | None
    p50_large: float | None = None
    ratio: float | None = None


def main() -> None:
    """Measure what is asked for; pages where nothing else is, and write."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        if arguments.kills:
            sys.exit(1 if killed(Path(folder) / "home", arguments.kills, arguments.seed) else 0)
        if arguments.imports:
            large = arguments.large or Path(folder) / "large"
            if not arguments.large:
                load_large(large, arguments.scale)
            print(told(measure_import(large, Path(folder))))  # noqa: T201
            return
        if arguments.talk:
            text = "\n".join(talk(Path(folder) / "home"))
            print(text)  # noqa: T201
            write_readme(text, "bench talk")
            return
        if arguments.answers:
            text = "\n".join(answers(Path(folder) / "home"))
            print(text)  # noqa: T201
            write_readme(text, "bench answers")
            return
        results = measure(Path(folder), arguments)
    print(table(results))  # noqa: T201
    if not arguments.only and arguments.scale > 1:
        (ROOT / "bench" / "results.json").write_text(json.dumps(results, indent=1) + "\n")
        write_readme(table(results))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--seconds", type=float, default=3.0, help="how long each page is asked for, at each concurrency")
    add("--only", default="", help="measure only pages whose name contains this")
    add("--scale", type=int, default=100, help="of the large programme; 1 leaves it out")
    add("--large", type=Path, help="a home that has the large programme already")
    add("--import", dest="imports", action="store_true", help="instead: import a large programme")
    add("--talk", action="store_true", help="instead: talk at its largest")
    add("--answers", action="store_true", help="instead: answer for places of an event")
    add("--kills", type=int, default=0, help="instead: kill parts of a running site that often")
    add("--seed", type=int, default=1, help="of the moments and parts to kill")
    return parser.parse_args()


def measure(folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """Everything that is measured, as plain values."""
    home, large = folder / "home", arguments.large or folder / "large"
    port, hello_port, large_port = free_port(), free_port(), free_port()
    cold = start_time(home, port)
    loaded = load_large(large, arguments.scale) if arguments.scale > 1 and not arguments.large else None
    with contextlib.ExitStack() as running:
        warm, group = running.enter_context(site(home, port))
        running.enter_context(yardstick(hello_port))
        small_pages, large_pages = inside(home), {}
        if arguments.scale > 1:
            running.enter_context(site(large, large_port))
            large_pages = inside(large)
        rows = []
        for name, page in small_pages.items():
            if arguments.only in name:
                twin = (large_port, large_pages[name]) if large_pages else None
                rows.append(asdict(row_of(page, port, hello_port, twin, arguments.seconds)))
                print(f"{name}: {rows[-1]['hellos']} hellos, × {rows[-1]['ratio']}", file=sys.stderr)  # noqa: T201
        talk = small_pages["thread of 20 posts"]
        replies = write(port, talk["path"], talk["cookie"], seconds=arguments.seconds)
        memory = resident(group)
    return {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "cold_start_s": round(cold, 2),
        "warm_start_s": round(warm, 2),
        "resident_mb": memory,
        "replies_per_s": round(replies),
        "scale": arguments.scale,
        "large_loaded_s": loaded and round(loaded),
        "pages": rows,
    }


def talk(home: Path) -> list[str]:
    """The table of what talk costs at its largest."""
    os.environ.pop("DATABASE_URL", None)
    port = free_port()
    with site(home, port):
        said = _inside(home, module="bench.filling")
        time.sleep(5)
        found = measure_talk(said, port, Cluster(home / "postgres").url, said["stream"], said["members"])
    return ["| talk at its largest, one worker | p50 / p99, one at a time |", "|---|---|", *found]


def answers(home: Path) -> list[str]:
    """The table of what answering costs."""
    os.environ.pop("DATABASE_URL", None)
    port = free_port()
    with site(home, port):
        said = _inside(home, "--answerers", "200")
        found = measure_answers(said, port, Cluster(home / "postgres").url)
    return ["| answers, one worker | p50 / p95 |", "|---|---|", *found]


def killed(home: Path, kills: int, seed: int) -> int:
    """How many writes are lost or doubled by that many kill -9, on the embedded engine."""
    os.environ.pop("DATABASE_URL", None)
    port = free_port()
    with site(home, port):
        said = _inside(home, "--writers", "900")
    return kill_and_count(home, port, kills, seed, said)


def inside(home: Path) -> dict[str, dict[str, Any]]:
    """{name: page} as `bench.inside` sees them."""
    return {page["name"]: page for page in _inside(home)}


def _inside(home: Path, *arguments: str, module: str = "bench.inside") -> Any:
    command = [sys.executable, "-m", module, *arguments]
    said = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=surroundings(home), capture_output=True, text=True, check=True
    )
    return json.loads(said.stdout)


def surroundings(home: Path) -> dict[str, str]:
    """The environment of a process on this home; with DATABASE_URL, on a database of that server named after it."""
    environment = {**os.environ, "FOLKMOOT_HOME": str(home)}
    if url := os.environ.get("DATABASE_URL"):
        name = f"bench_{home.name}"
        with psycopg.connect(url, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f"CREATE DATABASE {name}")
        environment["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
    return environment


def load_large(home: Path, scale: int) -> float:
    """Seconds that `folkmoot demo --scale` took."""
    begun = time.perf_counter()
    command = [str(ROOT / "bin" / "folkmoot"), "demo", "--scale", str(scale)]
    subprocess.run(command, check=True, env=surroundings(home), capture_output=True)  # noqa: S603
    return time.perf_counter() - begun


def row_of(
    page: dict[str, Any], port: int, hello_port: int, twin: tuple[int, dict[str, Any]] | None, seconds: float
) -> Row:
    """Measure one page in turns with the yardstick and its twin; cost and ratio are medians of what each turn says."""
    status = 304 if page["unchanged"] else 200

    def asked(port: int, page: dict[str, Any], concurrency: int, seconds: float) -> Load:
        return ask(
            port, page["path"], _headers(page), concurrency=concurrency, seconds=seconds, expected=status
        )

    asked(port, page, 1, 0.5)
    if twin:
        asked(*twin, 1, 0.5)
    turns, costs, others, ratios = [], [], [], []
    for _ in range(TURNS):
        hello = ask(hello_port, "/", {}, concurrency=1, seconds=seconds / TURNS / 2)
        turn = asked(port, page, 1, seconds / TURNS)
        costs.append(hello.rate / turn.rate)
        turns.append(turn)
        if twin:
            other = asked(*twin, 1, seconds / TURNS)
            others.append(other)
            ratios.append(turn.rate / other.rate)
    alone = together(turns)
    crowd = asked(port, page, 8, seconds)
    if alone.failures or crowd.failures or any(other.failures for other in others):
        raise SystemExit(f"{page['name']} ({page['path']}) did not answer {status} every time.")
    return Row(
        page=page["name"], statements=page["statements"], sql_ms=round(page["sql_ms"], 2), **_times(alone, ""),
        **_times(crowd, "_at_8"), size=alone.size, hellos=round(statistics.median(costs), 1), aim=page["aim"],
        p50_large=round(together(others).percentile(0.5), 1) if others else None,
        ratio=round(statistics.median(ratios), 2) if ratios else None,
    )  # fmt: skip


def _headers(page: dict[str, Any]) -> dict[str, str]:
    known = {"Cookie": page["cookie"], "If-None-Match": page["etag"]}
    return {**BROWSER, **{name: value for name, value in known.items() if value}}


def _times(load: Load, suffix: str) -> dict[str, float]:
    found = {f"p{n}{suffix}": round(load.percentile(n / 100), 1) for n in (50, 95, 99)}
    return {**found, f"rate{suffix}": round(load.rate, 1)}


def start_time(home: Path, port: int) -> float:
    """Seconds of the very first start, demo included, until the site is ready; it is stopped again."""
    with site(home, port) as (seconds, _group):
        return seconds


@contextlib.contextmanager
def site(home: Path, port: int) -> Iterator[tuple[float, int]]:
    """`bin/run` on `home`: (seconds until it was ready, the process group's first process)."""
    begun = time.perf_counter()
    command = [str(ROOT / "bin" / "run"), "--home", str(home), "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=surroundings(home))  # noqa: S603
    assert running.stdout is not None
    try:
        for line in running.stdout:
            if line.startswith("Folkmoot is ready"):
                break
        else:
            raise SystemExit("The site did not start.")
        ready = time.perf_counter() - begun
        time.sleep(3)
        yield ready, running.pid
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(20)


@contextlib.contextmanager
def yardstick(port: int) -> Iterator[None]:
    """The bare Django view under gunicorn with one sync worker."""
    command = [
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "error",
        "bench.hello:application",
    ]  # fmt: skip
    running = subprocess.Popen(command, cwd=ROOT)  # noqa: S603
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.1)
        yield
    finally:
        running.terminate()
        running.wait(10)


def resident(first: int) -> dict[str, int]:
    """MB resident (shared pages counted once, in proportion) of the site's Python processes, by part."""
    parts = {"python": "up", "folkmoot-web": "web", "folkmoot-worker": "worker"}
    found: dict[str, int] = {}
    for pid in descendants(first):
        with contextlib.suppress(OSError):
            part = parts.get(Path(f"/proc/{pid}/comm").read_text().strip())
            said = Path(f"/proc/{pid}/smaps_rollup").read_text()
            if part:
                found[part] = found.get(part, 0) + int(re.findall(r"^Pss:\s+(\d+)", said, re.M)[0]) // 1024
    return found


def descendants(first: int) -> list[int]:
    """The process and everything it started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    found = [first]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def table(results: dict[str, object]) -> str:
    """The README's table."""
    lines = [
        "| page | statements | SQL ms | p50 / p95 / p99 ms, one at a time | requests/s"
        " | p50 / p95 / p99 ms, eight at once | requests/s | KB | hellos | at most | p50 ms, large | ratio |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in results["pages"]:  # type: ignore[attr-defined]
        lines.append(
            "| {page} | {statements} | {sql_ms} | {p50} / {p95} / {p99} | {rate} | {p50_at_8} / {p95_at_8} / {p99_at_8}"
            " | {rate_at_8} | {kb} | **{hellos}** | {most} | {large} | {times} |".format(
                **row,
                kb=round(row["size"] / 1024, 1),
                most=row["aim"] or "–",
                large=row["p50_large"] or "–",
                times=row["ratio"] or "–",
            )
        )
    memory = ", ".join(f"{kind} {size}" for kind, size in results["resident_mb"].items())  # type: ignore[attr-defined]
    took = f" in {results['large_loaded_s']} s" if results["large_loaded_s"] else ""
    large = (
        f" The large programme ({results['scale']} times the people) was loaded{took}."
        if results["scale"] != 1
        else ""
    )
    lines += [
        "",
        f"First start with the demo {results['cold_start_s']} s, warm start {results['warm_start_s']} s"
        f" ({results['machine']}). Resident MB: {memory}. Replies, one after the other:"
        f" {results['replies_per_s']} a second (at least 100).{large}",
    ]
    return "\n".join(lines)


def write_readme(text: str, name: str = "bench") -> None:
    """Put a table between its marks."""
    readme = ROOT / "README.md"
    marks = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, rest = readme.read_text().split(marks[0])
    after = rest.split(marks[1])[1]
    readme.write_text(f"{before}{marks[0]}\n{text}\n{marks[1]}{after}")


if __name__ == "__main__":
    main()
