"""The job worker: a process beside the web server, so that heavy jobs do not slow pages."""

import asyncio
import contextlib
import logging
import os
import signal

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from folkmoot.core.refused import Refused
from folkmoot.site.schema import require_schema
from folkmoot.site.tasks import retry_stalled_jobs

CONCURRENCY = 2
_GENTLY = 5
_GRACE = 1.8
_LOOK_AGAIN = 5.0
# What a database that went away first can keep it waiting for, after that.
_AND_NO_LONGER_THAN = 2.5


def work() -> None:
    """Work until SIGTERM or SIGINT; what is being done has two seconds to finish, and is done again otherwise.

    Refuses to go on without its database; `up` starts it again.
    """
    require_schema()
    os.nice(_GENTLY)  # where pages and jobs want the same processor, pages come first
    logging.basicConfig(format="%(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_brief)
    try:
        asyncio.run(_work())
    except ConnectorException:
        raise Refused("The job worker has lost its database, and ends.") from None


def _brief(record: logging.LogRecord) -> bool:
    """A lost database is no mistake of ours that needs a traceback."""
    return not (record.exc_info and isinstance(record.exc_info[1], ConnectorException))


async def _work() -> None:
    working = asyncio.ensure_future(_take_jobs())
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.call_later(_AND_NO_LONGER_THAN, os._exit, 1)
        working.cancel()

    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(sign, end)
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def _take_jobs() -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        with contextlib.suppress(AlreadyEnqueued):
            await retry_stalled_jobs.defer_async()
        watching = asyncio.ensure_future(_until_replaced(worker_app))
        working = asyncio.ensure_future(
            worker_app.run_worker_async(
                concurrency=CONCURRENCY,
                shutdown_graceful_timeout=_GRACE,
                delete_jobs="successful",
                fetch_job_polling_interval=5,
                install_signal_handlers=False,
            )
        )
        try:
            await asyncio.wait({watching, working}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                await watching
                raise Refused(
                    "The database has been replaced; the job worker ends, to begin again with the new one."
                )
            await working
        finally:
            watching.cancel()
            if working.cancel():
                with contextlib.suppress(asyncio.CancelledError, ConnectorException):
                    await working


async def _until_replaced(worker_app: App) -> None:
    """Return when the queue's tables are others than at first: a backup was restored, where this worker is unknown."""
    first = now = await _queue(worker_app)
    while now == first:
        await asyncio.sleep(_LOOK_AGAIN)
        now = await _queue(worker_app)


async def _queue(worker_app: App) -> int:
    found = await worker_app.connector.execute_query_one_async(
        "SELECT 'procrastinate_workers'::regclass::oid::bigint AS which"
    )
    return int(found["which"])
