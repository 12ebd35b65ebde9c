"""Pages are Django under WSGI, in a pool of threads. A thread makes its page whole and is free again: sending is no
thread's work, however slowly a visitor reads, and threads and event loop wait for one another once a page.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from a2wsgi.wsgi import build_environ

from folkmoot.core.asgi import Scope, Send

SLOWEST = 30.0  # seconds for a part of what is sent while it is made
_Message = dict[str, Any]


class Pages:
    """`app` is Django's WSGI application: it gives responses that know whether they are `streaming`."""

    def __init__(self, app: Callable[..., Any], threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def answer(self, scope: Scope, body: IO[bytes], size: int, send: Send) -> None:
        """Answer a request whose body, of `size` bytes, is here."""
        environ = build_environ(scope, body)  # type: ignore[arg-type]
        environ["CONTENT_LENGTH"] = str(size)
        loop = asyncio.get_running_loop()

        async def hand_over(
            message: _Message,
        ) -> None:  # Granian's `send` gives an awaitable that is no coroutine
            await send(message)

        def sent(message: _Message) -> None:
            asyncio.run_coroutine_threadsafe(hand_over(message), loop).result(SLOWEST)

        for message in await loop.run_in_executor(self._threads, self._made, environ, sent):
            await send(message)

    def _made(self, environ: Any, sent: Callable[[_Message], None]) -> list[_Message]:
        """What is still to be sent; what is long goes to `sent` while it is made."""
        begun: _Message = {"type": "http.response.start"}

        def start_response(status: str, headers: Iterable[tuple[str, str]], _error: Any = None) -> None:
            begun["status"] = int(status[:3])
            begun["headers"] = [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ]

        response = self._app(environ, start_response)
        try:
            if not response.streaming:
                return [begun, _part(b"".join(response))]
            sent(begun)
            for part in response:
                sent(_part(part, more=True))
            return [_part(b"")]
        finally:
            response.close()


def _part(body: bytes, *, more: bool = False) -> _Message:
    return {"type": "http.response.body", "body": body, "more_body": more}
