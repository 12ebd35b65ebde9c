"""Talk at its largest, on one site with one worker: long lists, a long thread, 5,000 open streams, an announcement."""

import asyncio
import http.client
import statistics
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.load import ask

STREAMS, POSTS = 5_000, 20
_TOKEN = "k" * 32
_PATIENCE = 60.0


def measure_talk(said: dict[str, Any], port: int, database: str, address: str, members: int) -> list[str]:
    """What was found, a line each."""
    found = []
    for name, (path, cookie) in said["pages"].items():
        headers = {"Accept-Encoding": "gzip, br", "Cookie": cookie} | (
            {"HX-Request": "true"} if "?title" in path else {}
        )
        ask(port, path, headers, concurrency=1, seconds=0.3)
        load = ask(port, path, headers, concurrency=1, seconds=2)
        if load.failures:
            raise SystemExit(f"{name} did not answer 200 every time")
        found.append(f"| {name} | {load.percentile(0.5):.1f} / {load.percentile(0.99):.1f} ms |")
    arrivals = asyncio.run(_streams(port, address, lambda: post(port, said["thread"], said["lead"])))
    found.append(
        f"| a post reaches {STREAMS:,} open streams | {arrivals[len(arrivals) // 2]:.0f} / "
        f"{arrivals[int(len(arrivals) * 0.99)]:.0f} ms |"
    )
    taken, notices = _announce(said, port, database, members)
    found.append(f"| an announcement to {members:,} members is answered | {taken:.0f} ms |")
    found.append(f"| its {members:,} notices are written after | {notices:.1f} s |")
    return found


def post(port: int, path: str, cookie: str, **form: str) -> float:
    """Seconds until a POST was answered by a redirect."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{cookie}; folkmoot_csrf={_TOKEN}",
    }
    body = urlencode({"csrfmiddlewaretoken": _TOKEN, "text": "A reply of a line or two.", **form})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.perf_counter()
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 302:
        raise SystemExit(f"a post was answered with {answer.status}")
    return taken


async def _streams(port: int, address: str, write: Callable[[], float]) -> list[float]:
    """Milliseconds from the moment a post is sent until each stream has heard of it, sorted; the slowest reader never
    reads at all and is not counted."""
    readers = []
    for begin in range(0, STREAMS, 200):
        opened = [_open(port, address) for _ in range(min(200, STREAMS - begin))]
        readers += await asyncio.gather(*opened)
    _slow = await asyncio.open_connection("127.0.0.1", port)
    _slow[1].write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    found: list[float] = []
    for _ in range(POSTS):
        hearing = [asyncio.ensure_future(_hear(reader)) for reader, _writer in readers]
        begun = time.perf_counter()
        await asyncio.to_thread(write)
        heard = await asyncio.wait_for(asyncio.gather(*hearing), _PATIENCE)
        found += [1000 * (moment - begun) for moment in heard]
        await asyncio.sleep(0.2)
    for _reader, writer in [*readers, _slow]:
        writer.close()
    return sorted(found)


async def _open(port: int, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    await asyncio.wait_for(reader.readuntil(b"retry: 2000\n\n"), _PATIENCE)
    return reader, writer


async def _hear(reader: asyncio.StreamReader) -> float:
    while b"changed" not in await reader.readline():
        pass
    return time.perf_counter()


def _announce(said: dict[str, Any], port: int, database: str, members: int) -> tuple[float, float]:
    """Milliseconds until announcing was answered (the median of five), seconds until the last of them was told."""
    form = {"kind": "announcement", "title": "For everybody"}
    taken = [post(port, said["announce"], said["lead"], **form) for _ in range(5)]
    begun = time.perf_counter()
    with psycopg.connect(database, autocommit=True) as connection:
        while time.perf_counter() - begun < _PATIENCE:
            row = connection.execute(
                "SELECT count(*) FROM notifications_notice WHERE kind = 'announced' AND entry = "
                "(SELECT max(id) FROM activity_entry WHERE verb = 'announced')"
            ).fetchone()
            if row and row[0] >= members:
                return 1000 * statistics.median(taken), (time.perf_counter() - begun) / len(taken)
            time.sleep(0.1)
    raise SystemExit("the notices were not written in a minute")
