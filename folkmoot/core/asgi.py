"""What the asynchronous side of the server shares: streams and downloads, beside the pages."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.db import connection

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def answer_plainly(send: Send, status: int, body: bytes) -> None:
    """Answer a request with a line of text."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def database_address() -> dict[str, Any]:
    """Where the database is, for a connection outside Django's pool."""
    django_only = {"context", "cursor_factory", "prepare_threshold"}
    found = connection.get_connection_params()
    return {key: value for key, value in found.items() if key not in django_only}
