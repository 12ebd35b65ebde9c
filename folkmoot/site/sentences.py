"""What a process says when it cannot go on: one sentence for what happens to everybody sooner or later."""

import errno
import sys
from collections.abc import Callable

from folkmoot.core.postgres.engines import PostgresError
from folkmoot.core.refused import Refused


def exit_status_of(work: Callable[[], object]) -> int:
    """Do it: 0 when done, 1 when refused, with a sentence on standard error. A mistake of ours is raised."""
    try:
        work()
    except (Refused, PostgresError) as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201
        return 1
    except Exception as error:
        sentence = _said(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _said(error: Exception) -> str | None:
    """A sentence for what happens to everybody sooner or later; None for what is a mistake of ours."""
    import psycopg  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415
    from environs import EnvError  # noqa: PLC0415

    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    reason = (str(error).strip().splitlines() or ["it does not answer"])[0]
    if (isinstance(error, OSError) and error.errno in _FULL) or isinstance(cause, psycopg.errors.DiskFull):
        return "The disk is full. Make room and try again; nothing that was acknowledged is lost."
    if isinstance(error, EnvError | ImproperlyConfigured) or reason.startswith("Incorrect timezone setting"):
        return f"A setting is wrong: {reason}"
    # What psycopg raises with a state comes from a server that was reached: among those, only some are not our mistake.
    unreached = isinstance(cause, psycopg.OperationalError) or "invalid connection option" in reason
    if unreached and (getattr(cause, "sqlstate", None) or "08")[:2] in _STATES:
        return f"The database cannot be reached: {reason}"
    if isinstance(cause, psycopg.errors.InsufficientPrivilege | psycopg.errors.ReadOnlySqlTransaction):
        return f"The database does not allow this: {reason}"
    return None


_FULL = (errno.ENOSPC, errno.EDQUOT)
# Classes of SQLSTATE: connection lost, refused, no such database, too many connections, shutting down or starting.
_STATES = ("08", "28", "3D", "53", "57")
