"""The web process: Granian in this very process, until it is told to stop."""

import asyncio
import contextlib
import os
import resource
import signal
import sys
from typing import NoReturn

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from folkmoot.site.schema import BEHIND_SENTENCE, require_schema
from folkmoot.site.server.asgi import Application

# Open streams are requests too, and take a file each.
MOST_AT_ONCE = 20_000


def serve(host: str, port: int, *, behind: str = BEHIND_SENTENCE) -> NoReturn:
    """Serve until SIGTERM or SIGINT; open streams are closed first. Django has been set up.

    Ends at once when the database is behind or ahead of the code; `behind` is what is said of the former.
    """
    require_schema(behind)
    _allow_files(MOST_AT_ONCE + 1000)
    told = asyncio.run(_serve(host, port))
    sys.stdout.flush()
    sys.stderr.flush()
    # Not by sys.exit(), which would wait for the threads of pages that a slow client still reads.
    os._exit(0 if told else 1)


def _allow_files(number: int) -> None:
    """Have the system let us hold so many files at once, as far as it does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _serve(host: str, port: int) -> bool:
    """Whether it ended because it was told to."""
    application = Application()
    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        log_level=LogLevels.error,
        log_access=False,
        websockets=False,
        backlog=1024,
        backpressure=MOST_AT_ONCE,
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(sign, stopping.set)
    serving = asyncio.ensure_future(server.serve())
    waiting = asyncio.ensure_future(stopping.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    await application.hub.close()
    server.stop()  # type: ignore[no-untyped-call]
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(serving, 2)
    return stopping.is_set()
