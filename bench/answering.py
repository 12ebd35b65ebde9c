"""Answering: one after the other, and two hundred people who want one of fifty places."""

import http.client
import threading
import time
from typing import Any
from urllib.parse import urlencode

import psycopg

PLACES = 50
AT_A_TIME = 32
_TOKEN = "k" * 32


def measure_answers(said: dict[str, Any], port: int, database: str) -> list[str]:
    """What was found, a line each. Stops where not exactly the places were given, or anything was refused."""
    alone = _one_by_one(port, said["alone"], said["people"])
    alone.sort()
    rate = len(alone) / sum(alone)
    found = [
        f"| answer an invitation, one after the other | {_ms(alone, 0.5)} / {_ms(alone, 0.95)} ms, {rate:.0f}/s |"
    ]
    everybody = len(said["people"])
    for event, seconds, at_a_time, words in (
        (said["spread"], 2.0, everybody, "within two seconds"),
        (said["crowd"], 0.0, AT_A_TIME, f"{AT_A_TIME} at a time"),
        (said["rush"], 0.0, everybody, "at one moment"),
    ):
        taken = _all_at_once(port, event["path"], said["people"], seconds, at_a_time)
        going, waiting = _counted(database, event["pk"])
        if (going, waiting) != (PLACES, everybody - PLACES):
            raise SystemExit(f"{going} going and {waiting} waiting for {PLACES} places")
        found.append(
            f"| {everybody} people answer {words}, {PLACES} places: {going} going, {waiting} waiting"
            f" | {_ms(taken, 0.5)} / {_ms(taken, 0.95)} ms |"
        )
    return found


def _one_by_one(port: int, path: str, people: list[str]) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = [_answer(connection, path, cookie) for cookie in people]
    connection.close()
    return taken[20:]


def _all_at_once(port: int, path: str, people: list[str], seconds: float, at_a_time: int) -> list[float]:
    """Seconds that each waited, sorted; they begin together, or evenly within so many seconds; so many at a time."""
    begun, free = threading.Barrier(len(people) + 1), threading.Semaphore(at_a_time)
    taken: list[float] = []

    def one(number: int, cookie: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.connect()
        begun.wait()
        time.sleep(seconds * number / len(people))
        with free:
            taken.append(_answer(connection, path, cookie))
        connection.close()

    threads = [threading.Thread(target=one, args=each) for each in enumerate(people)]
    for thread in threads:
        thread.start()
    begun.wait()
    for thread in threads:
        thread.join()
    return sorted(taken)


def _answer(connection: http.client.HTTPConnection, path: str, cookie: str) -> float:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{cookie}; folkmoot_csrf={_TOKEN}",
    }
    before = time.perf_counter()
    connection.request("POST", path, urlencode({"csrfmiddlewaretoken": _TOKEN, "said": "going"}), headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise SystemExit(f"an answer was answered with {answer.status}")
    return time.perf_counter() - before


def _counted(database: str, event: int) -> tuple[int, int]:
    with psycopg.connect(database) as connection:
        said = dict(
            connection.execute(
                "SELECT said, count(*) FROM events_answer WHERE event_id = %s GROUP BY said", [event]
            ).fetchall()
        )
    return said.get("going", 0), said.get("waiting", 0)


def _ms(taken: list[float], share: float) -> str:
    return f"{1000 * taken[min(len(taken) - 1, int(share * len(taken)))]:.0f}"
