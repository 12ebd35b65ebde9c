"""One ASGI app: streams and downloads are plain async, everything else is Django under WSGI in a pool of threads."""

import re
from collections.abc import Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from folkmoot.core.asgi import Receive, Scope, Send, answer_plainly
from folkmoot.core.files import PATH as FILES
from folkmoot.core.files import Files
from folkmoot.core.live import PATH as LIVE
from folkmoot.core.live import Hub
from folkmoot.site.home import WEB_THREADS

LARGEST_BODY = 64 * 1024 * 1024  # more than any form takes
# Of a body that waits for its thread, no more than this is in memory: many at once must not fill it.
IN_MEMORY = 1024 * 1024
_NOT_PLAIN = re.compile(rb"[^\x21-\x7e]")


class Application:
    """What Granian serves. `hub` holds the open streams, which have to be closed before the server stops."""

    def __init__(self) -> None:
        self.hub = Hub()
        self._files = Files()
        self._pages = WSGIMiddleware(get_wsgi_application(), workers=WEB_THREADS)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        if scope["type"] == "http" and scope["path"] == LIVE:
            await self.hub.stream(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == FILES:
            await self._files.answer(scope, send)
        elif scope["type"] == "http" and scope["path"] == "/healthz":
            await answer_plainly(send, 200, b"alive\n")
        elif scope["type"] == "http":
            await self._page(scope, receive, send)
        else:
            await self._pages(scope, _as_coroutine(receive), send)  # type: ignore[arg-type]

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A page gets its thread when its body is here: a slow upload must not keep one waiting."""
        if any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"]):
            with SpooledTemporaryFile(IN_MEMORY) as body:
                size = await _read(receive, body)
                if size is None:
                    return
                if size > LARGEST_BODY:
                    await answer_plainly(send, 413, b"This is more than Folkmoot takes at once (64 MB).")
                    return
                await self._answer(scope, _given(body, size), send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Browsers encode addresses, others may not; a2wsgi takes nothing but ASCII.
        scope["query_string"] = _NOT_PLAIN.sub(lambda found: b"%%%02X" % found[0][0], scope["query_string"])
        await self._pages(scope, _as_coroutine(receive), send)  # type: ignore[arg-type]


async def _read(receive: Receive, body: IO[bytes]) -> int | None:
    """Write the request's body into `body` as far as it is not too large; its size, None when the visitor has left."""
    size = 0
    while size <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        size += body.write(message.get("body", b""))
        if not message.get("more_body", False):
            break
    body.seek(0)
    return size


def _given(body: IO[bytes], size: int) -> Receive:
    """A `receive` for a body of `size` bytes that is here already."""

    async def receive() -> dict[str, Any]:
        part = body.read(IN_MEMORY)
        return {"type": "http.request", "body": part, "more_body": body.tell() < size}

    return receive


def _as_coroutine(receive: Receive) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Granian's `receive` gives an awaitable, a2wsgi wants a coroutine; without this every POST is a 500."""

    async def received() -> dict[str, Any]:
        return await receive()

    return received
