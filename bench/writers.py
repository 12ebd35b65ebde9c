"""People who write without a pause, and remember what they were told: joining, appointing, recording meetings."""

import http.client
import itertools
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

_TOKEN = "k" * 32
_PATIENCE = 15.0
_PAUSE = 0.1


@dataclass(frozen=True)
class Write:
    """Something to be written once: what it is, where, and the form. `again` says that it may be sent twice."""

    kind: str
    key: tuple[str, str]
    path: str
    form: dict[str, str]
    cookie: str
    again: bool = False


@dataclass
class Journal:
    """What was sent, and whether it was acknowledged. Threads add to it."""

    acknowledged: list[Write] = field(default_factory=list)
    in_flight: list[Write] = field(default_factory=list)
    refused: list[tuple[Write, int]] = field(default_factory=list)
    sent: int = 0
    last: float = 0.0


class Writer(threading.Thread):
    """Sends one write after the other until told to stop."""

    def __init__(self, port: int, writes: Iterator[Write], journal: Journal, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.writes, self.journal, self.over = port, writes, journal, over

    def run(self) -> None:
        """Acknowledged is what was answered by a redirect; what may be sent twice is sent until it is answered."""
        for write in self.writes:
            status = self._send(write)
            while status == 0 and write.again and not self.over.is_set():
                status = self._send(write)
            if status == 302:
                self.journal.acknowledged.append(write)
                self.journal.last = time.monotonic()
            elif status == 0:
                self.journal.in_flight.append(write)
            else:
                self.journal.refused.append((write, status))
            if self.over.wait(_PAUSE):
                return

    def _send(self, write: Write) -> int:
        """The status of the whole answer; 0 when there was none. Waits for a server that is not there."""
        body = urlencode({"csrfmiddlewaretoken": _TOKEN, **write.form})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{write.cookie}; folkmoot_csrf={_TOKEN}",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            while not self.over.is_set():
                try:
                    connection.connect()
                    break
                except OSError:
                    time.sleep(0.05)
            else:
                return 0
            self.journal.sent += 1
            connection.request("POST", write.path, body=body, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        elsewhere = "/accounts/" in answer.headers.get("Location", "")
        # A database that is just coming back is no answer to what was written: it says so with a 5xx.
        return 0 if answer.status >= 500 else 401 if elsewhere else answer.status


def joins(people: list[dict[str, str]], communities: list[str]) -> Iterator[Write]:
    """Everybody joins every open community, by themselves."""
    for slug, person in itertools.product(communities, people):
        path = f"/communities/{slug}/membership/"
        yield Write("join", (slug, person["ref"]), path, {"choice": "join"}, person["cookie"])


def appointments(people: list[dict[str, str]], communities: list[str], cookie: str) -> Iterator[Write]:
    """The programme team makes everybody a lead of everything."""
    until = f"{date.today() + timedelta(days=700)}"
    for slug, person in itertools.product(communities, people):
        path = f"/communities/{slug}/members/{person['pk']}/"
        yield Write("appointment", (slug, person["ref"]), path, {"role": "lead", "until": until}, cookie)


def meetings(communities: list[str], cookie: str) -> Iterator[Write]:
    """The programme team records one meeting after the other; whoever has no answer sends the same form again."""
    day = f"{date.today() - timedelta(days=7)}"
    for number, slug in enumerate(itertools.cycle(communities)):
        form: dict[str, Any] = {
            "kind": "sponsor_meeting", "day": day, "starts": "10:00", "ends": "11:00", "title": f"Meeting {number}",
            "ref": "~" + "".join(secrets.choice("23456789abcdefghjkmnpqrstvwxyz") for _ in range(12)),
        }  # fmt: skip
        path = f"/communities/{slug}/events/new/"
        yield Write("meeting", (slug, form["title"]), path, form, cookie, again=True)
