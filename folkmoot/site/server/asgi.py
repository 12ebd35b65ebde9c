"""One ASGI app: streams and downloads are plain async, everything else is Django under WSGI in a pool of threads."""

import re
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.wsgi import get_wsgi_application

from folkmoot.core.asgi import Receive, Scope, Send, answer_plainly
from folkmoot.core.files import PATH as FILES
from folkmoot.core.files import Files
from folkmoot.core.live import PATH as LIVE
from folkmoot.core.live import Hub
from folkmoot.site.home import WEB_THREADS
from folkmoot.site.server.pages import Pages

LARGEST_BODY = 64 * 1024 * 1024  # more than any form takes
# Of a body that waits for its thread, no more than this is in memory: many at once must not fill it.
IN_MEMORY = 1024 * 1024
_NOT_PLAIN = re.compile(rb"[^\x21-\x7e]")


class Application:
    """What Granian serves. `hub` holds the open streams, which have to be closed before the server stops."""

    def __init__(self) -> None:
        self.hub = Hub()
        self._files = Files()
        self._pages = Pages(get_wsgi_application(), WEB_THREADS)

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

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A page gets its thread when its body is here: a slow upload must not keep one waiting."""
        # Browsers encode addresses, others may not; WSGI takes nothing but ASCII.
        scope["query_string"] = _NOT_PLAIN.sub(lambda found: b"%%%02X" % found[0][0], scope["query_string"])
        if not any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"]):
            await self._pages.answer(scope, BytesIO(), 0, send)
            return
        with SpooledTemporaryFile(IN_MEMORY) as body:
            size = await _read(receive, body)
            if size is not None and size > LARGEST_BODY:
                await answer_plainly(send, 413, b"This is more than Folkmoot takes at once (64 MB).")
            elif size is not None:
                await self._pages.answer(scope, body, size, send)


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
