"""A small closed-loop client: N connections, each asking for the next page as soon as it has the last."""

import http.client
import statistics
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode

_TOKEN = "k" * 32


@dataclass(frozen=True)
class Load:
    """What one page did under load: latencies in seconds, sorted; requests a second; bytes of one body as sent."""

    latencies: list[float]
    rate: float
    size: int
    failures: int

    def percentile(self, share: float) -> float:
        """The latency in ms below which `share` of the requests stayed."""
        return 1000 * self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


def ask(
    port: int, path: str, headers: dict[str, str], *, concurrency: int, seconds: float, expected: int = 200
) -> Load:
    """Ask for `path` for that many seconds on `concurrency` connections of 127.0.0.1; other answers are failures."""
    found: list[tuple[list[float], int, int]] = []
    start = time.perf_counter()
    end = start + seconds
    workers = [
        threading.Thread(target=_ask_in_turn, args=(port, path, headers, end, found, expected))
        for _ in range(concurrency)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    elapsed = time.perf_counter() - start
    latencies = sorted(latency for each, _size, _failed in found for latency in each)
    return Load(
        latencies=latencies,
        rate=len(latencies) / elapsed,
        size=max(size for _each, size, _failed in found),
        failures=sum(failed for _each, _size, failed in found),
    )


def write(port: int, path: str, cookie: str, *, seconds: float) -> float:
    """Replies a second in the thread at `path`, one after the other, each acknowledged. Stops at a refusal."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{cookie}; folkmoot_csrf={_TOKEN}",
    }
    body = urlencode(
        {"csrfmiddlewaretoken": _TOKEN, "text": "A reply of a line or two, as people write them."}
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    start, written = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        if response.status != 302:
            raise SystemExit(f"a reply was answered with {response.status}")
        written += 1
    connection.close()
    return written / seconds


def together(loads: list[Load]) -> Load:
    """Several runs of one page, of the same length, as one."""
    return Load(
        latencies=sorted(latency for load in loads for latency in load.latencies),
        rate=statistics.fmean(load.rate for load in loads),
        size=max(load.size for load in loads),
        failures=sum(load.failures for load in loads),
    )


def _ask_in_turn(
    port: int,
    path: str,
    headers: dict[str, str],
    end: float,
    found: list[tuple[list[float], int, int]],
    expected: int,
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    latencies: list[float] = []
    size = failures = 0
    while (before := time.perf_counter()) < end:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        size = len(response.read())
        latencies.append(time.perf_counter() - before)
        failures += response.status != expected
    connection.close()
    found.append((latencies, size, failures))
