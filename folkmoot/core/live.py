"""The live channel: what is committed reaches open pages.

`publish` notifies in the caller's transaction, with ids only; one connection a process listens; each open page holds
one event stream (Server-Sent Events, WHATWG HTML §9.2). What a stream may hear is signed into its address when the
page is made, with the doors its reader came through, so opening one asks the database nothing. `shut` closes the
streams of a door; who has come through it again since has a newer address.
"""

import asyncio
import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import psycopg
from django.core import signing
from django.db import connection

from folkmoot.core import clock
from folkmoot.core.asgi import Receive, Scope, Send, answer_plainly, database_address

CHANNEL = "folkmoot_live"
PATH = "/live/"
_SALT = "folkmoot.core.live"
_OLDEST = 24 * 60 * 60
_HEARTBEAT = 15.0
_WAITING = 100
_MOMENT = 2.0  # seconds
_DOOR = "door:"
_CLOSED = "event: closed\ndata: {}\n\n"


def publish(topic: str, ident: int | str = "") -> None:
    """Tell open pages that something of `topic` has changed, once the present transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"topic": topic, "id": ident})])


def shut(*doors: str) -> None:
    """Close the streams of those doors that are open when the present transaction is committed, in every process."""
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH old AS (DELETE FROM core_shutdoor WHERE at < %s AND NOT door = ANY(%s))
            INSERT INTO core_shutdoor (door, at) SELECT unnest(%s::text[]), %s
            ON CONFLICT (door) DO UPDATE SET at = excluded.at
            """,
            [at - timedelta(seconds=2 * _OLDEST), list(doors), list(doors), at],
        )
        for door in doors:
            said = json.dumps({"shut": door, "at": at.timestamp()})
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, said])


def live_url(*topics: str, doors: Iterable[str] = ()) -> str:
    """The address of a stream that may hear `topics`, for a page whose reader has come through `doors`."""
    said = [list(topics), list(doors), clock.now().timestamp()]
    return f"{PATH}?{urlencode({'t': signing.dumps(said, salt=_SALT, compress=True)})}"


@dataclass(frozen=True)
class Allowed:
    """What the address of a stream allows: its topics, the doors its reader came through, and when (seconds)."""

    topics: list[str]
    doors: list[str]
    at: float


class Hub:
    """The open streams of one process, and the one connection that listens for them."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[str]]] = {}
        self._shut: dict[str, float] = {}
        self._listens = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self.open = 0

    async def stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for a stream: 403 without a valid address, else events until either side ends it."""
        allowed = _allowed(scope)
        if allowed is None:
            await answer_plainly(send, 403, b"This page is too old to be kept up to date; reload it.")
            return
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        queue: asyncio.Queue[str] = asyncio.Queue(_WAITING)
        heard = [*allowed.topics, *(_DOOR + door for door in allowed.doors)]
        self._subscribe(heard, queue)
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await self._pump(allowed, queue, send, gone)
        except (ConnectionError, RuntimeError):
            pass
        finally:
            gone.cancel()
            self._unsubscribe(heard, queue)

    async def close(self) -> None:
        """End every stream and stop listening."""
        self._closing.set()
        if self._listener:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        for _ in range(50):
            if not self.open:
                break
            await asyncio.sleep(0.01)

    async def _pump(
        self, allowed: Allowed, queue: asyncio.Queue[str], send: Send, gone: asyncio.Future[None]
    ) -> None:
        await _chunk(send, "retry: 2000\n\n")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._listens.wait(), _HEARTBEAT)
        if self._is_shut(allowed):
            queue.put_nowait(_CLOSED)
        closing = asyncio.ensure_future(self._closing.wait())
        ends: set[asyncio.Future[Any]] = {closing, gone}
        try:
            while not (closing.done() or gone.done()):
                waiting = asyncio.ensure_future(queue.get())
                await asyncio.wait(ends | {waiting}, timeout=_HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
                if waiting.done():
                    await _chunk(send, waiting.result())
                    if waiting.result() == _CLOSED:
                        break
                else:
                    waiting.cancel()
                    await _chunk(send, ": still here\n\n")
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            closing.cancel()

    def _subscribe(self, topics: Iterable[str], queue: asyncio.Queue[str]) -> None:
        self.open += 1
        for topic in topics:
            self._queues.setdefault(topic, set()).add(queue)
        if self._listener is None or self._listener.done():
            self._listener = asyncio.ensure_future(self._listen())

    def _unsubscribe(self, topics: Iterable[str], queue: asyncio.Queue[str]) -> None:
        self.open -= 1
        for topic in topics:
            self._queues.get(topic, set()).discard(queue)
            if not self._queues.get(topic):
                self._queues.pop(topic, None)

    async def _listen(self) -> None:
        """Listen for ever; after a lost connection every page is told to look again, as it may have missed some."""
        while True:
            with contextlib.suppress(psycopg.Error, OSError):
                async with await psycopg.AsyncConnection.connect(
                    **database_address(), autocommit=True
                ) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    found = await listening.execute(
                        "SELECT door, extract(epoch FROM at)::float FROM core_shutdoor"
                    )
                    for door, at in await found.fetchall():
                        if at > self._shut.get(door, 0.0):
                            self._hear({"shut": door, "at": at})
                    self._listens.set()
                    async for notice in listening.notifies():
                        self._hear(json.loads(notice.payload))
            self._listens.clear()
            for topic in list(self._queues):
                self._deliver(topic, _event("again", {"topic": topic}))
            await asyncio.sleep(1)

    def _hear(self, said: dict[str, Any]) -> None:
        if "shut" in said:
            self._shut[said["shut"]] = said["at"]
            self._deliver(_DOOR + said["shut"], _CLOSED)
        else:
            self._deliver(said["topic"], _event("changed", said))

    def _is_shut(self, allowed: Allowed) -> bool:
        """Whether a door has been shut since; within a moment of it the page may have been made before."""
        return any(self._shut.get(door, 0.0) + _MOMENT > allowed.at for door in allowed.doors)

    def _deliver(self, topic: str, event: str) -> None:
        for queue in self._queues.get(topic, ()):
            if queue.full():
                # A slow reader loses what it has not read and is told to look again; it never slows the others.
                unread = [queue.get_nowait() for _ in range(queue.qsize())]
                event = _CLOSED if _CLOSED in [event, *unread] else _event("again", {"topic": topic})
            queue.put_nowait(event)


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _allowed(scope: Scope) -> Allowed | None:
    token = parse_qs(scope["query_string"].decode("latin-1")).get("t", [""])[0]
    try:
        return Allowed(*signing.loads(token, salt=_SALT, max_age=_OLDEST))
    except (signing.BadSignature, TypeError):
        return None


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _chunk(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
