"""The live channel: what is committed reaches open pages.

`publish` notifies in the caller's transaction, with ids only; one connection a process listens; each open page holds
one event stream (Server-Sent Events, WHATWG HTML §9.2). What a stream may hear is signed into its address when the
page is made, so opening one asks the database nothing.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode

import psycopg
from django.core import signing
from django.db import connection

CHANNEL = "folkmoot_live"
PATH = "/live/"
_SALT = "folkmoot.core.live"
_OLDEST = 24 * 60 * 60
_HEARTBEAT = 15.0
_WAITING = 100

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def publish(topic: str, ident: int | str = "") -> None:
    """Tell open pages that something of `topic` has changed, once the present transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"topic": topic, "id": ident})])


def live_url(*topics: str) -> str:
    """The address of a stream that may hear `topics`, for a page that has been shown to somebody who may."""
    return f"{PATH}?{urlencode({'t': signing.dumps(list(topics), salt=_SALT, compress=True)})}"


class Hub:
    """The open streams of one process, and the one connection that listens for them."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[str]]] = {}
        self._listener: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self.open = 0

    async def stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for a stream: 403 without a valid address, else events until either side ends it."""
        topics = _topics(scope)
        if topics is None:
            await answer_plainly(send, 403, b"This page is too old to be kept up to date; reload it.")
            return
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        queue: asyncio.Queue[str] = asyncio.Queue(_WAITING)
        self._subscribe(topics, queue)
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await self._pump(queue, send, gone)
        except (ConnectionError, RuntimeError):
            pass
        finally:
            gone.cancel()
            self._unsubscribe(topics, queue)

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

    async def _pump(self, queue: asyncio.Queue[str], send: Send, gone: asyncio.Future[None]) -> None:
        await _chunk(send, "retry: 2000\n\n")
        closing = asyncio.ensure_future(self._closing.wait())
        ends: set[asyncio.Future[Any]] = {closing, gone}
        try:
            while not (closing.done() or gone.done()):
                waiting = asyncio.ensure_future(queue.get())
                await asyncio.wait(ends | {waiting}, timeout=_HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
                if waiting.done():
                    await _chunk(send, waiting.result())
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
                async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    async for notice in listening.notifies():
                        said = json.loads(notice.payload)
                        self._deliver(said["topic"], _event("changed", said))
            for topic in list(self._queues):
                self._deliver(topic, _event("again", {"topic": topic}))
            await asyncio.sleep(1)

    def _deliver(self, topic: str, event: str) -> None:
        for queue in self._queues.get(topic, ()):
            if queue.full():
                # A slow reader loses what it has not read and is told to look again; it never slows the others.
                while not queue.empty():
                    queue.get_nowait()
                event = _event("again", {"topic": topic})
            queue.put_nowait(event)


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _topics(scope: Scope) -> list[str] | None:
    token = parse_qs(scope["query_string"].decode("latin-1")).get("t", [""])[0]
    try:
        found = signing.loads(token, salt=_SALT, max_age=_OLDEST)
    except signing.BadSignature:
        return None
    return [str(topic) for topic in found]


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _chunk(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def answer_plainly(send: Send, status: int, body: bytes) -> None:
    """Answer a request with a line of text."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _address() -> dict[str, Any]:
    """Where the database is, for a connection outside Django's pool."""
    django_only = {"context", "cursor_factory", "prepare_threshold"}
    found = connection.get_connection_params()
    return {key: value for key, value in found.items() if key not in django_only}
