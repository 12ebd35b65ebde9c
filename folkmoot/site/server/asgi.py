"""One ASGI app: open streams are plain async, everything else is Django under WSGI in a pool of threads."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from folkmoot.core.live import PATH as LIVE
from folkmoot.core.live import Hub, Receive, Scope, Send, answer_plainly
from folkmoot.site.home import WEB_THREADS

# More than any form takes; what is read is kept in memory until a thread has it.
LARGEST_BODY = 64 * 1024 * 1024
_NOT_PLAIN = re.compile(rb"[^\x21-\x7e]")


class Application:
    """What Granian serves. `hub` holds the open streams, which have to be closed before the server stops."""

    def __init__(self) -> None:
        self.hub = Hub()
        self._pages = WSGIMiddleware(get_wsgi_application(), workers=WEB_THREADS)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        if scope["type"] == "http" and scope["path"] == LIVE:
            await self.hub.stream(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/healthz":
            await answer_plainly(send, 200, b"alive\n")
        elif scope["type"] == "http":
            await self._page(scope, receive, send)
        else:
            await self._pages(scope, _as_coroutine(receive), send)  # type: ignore[arg-type]

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A page gets its thread when its body is here: a slow upload must not keep one waiting."""
        if any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"]):
            body = await _whole(receive)
            if body is None:
                return
            if len(body) > LARGEST_BODY:
                await answer_plainly(send, 413, b"This is more than Folkmoot takes at once (64 MB).")
                return
            receive = _given(body)
        # Browsers encode addresses, others may not; a2wsgi takes nothing but ASCII.
        scope["query_string"] = _NOT_PLAIN.sub(lambda found: b"%%%02X" % found[0][0], scope["query_string"])
        await self._pages(scope, _as_coroutine(receive), send)  # type: ignore[arg-type]


async def _whole(receive: Receive) -> bytes | None:
    """The request's body, cut where it is too large; None when the visitor has left before its end."""
    body = bytearray()
    while len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


def _given(body: bytes) -> Receive:
    """A `receive` for a body that is here already."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _as_coroutine(receive: Receive) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Granian's `receive` gives an awaitable, a2wsgi wants a coroutine; without this every POST is a 500."""

    async def received() -> dict[str, Any]:
        return await receive()

    return received
