"""A part of the site in a process of its own, forked from one that has imported everything already.

So the parts start at once, share the memory of the code, and run the same code however long ago it was read.
"""

import contextlib
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable

from folkmoot.core.postgres.privileges import dying_with_parent, named
from folkmoot.site.sentences import exit_status_of

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Child:
    """A process that does `work` and ends: with 0, with 1 when refused, or as `sys.exit` says there."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self.name = name
        self.status: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        # What is here already is left where it is by the children's garbage collectors, so that it stays shared.
        gc.freeze()
        arrange = dying_with_parent()
        # A signal whose handler raises while Python forks would be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            self.pid = os.fork()
            if self.pid == 0:
                _live(name, arrange, work)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    def poll(self) -> int | None:
        """Its exit status (negative: the signal that killed it), or None while it lives."""
        if self.status is None:
            pid, ended = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(ended)
        return self.status

    def wait(self, patience: float | None = None) -> int | None:
        """Wait for its end, for so many seconds or for ever."""
        deadline = None if patience is None else time.monotonic() + patience
        while self.poll() is None and (deadline is None or time.monotonic() < deadline):
            time.sleep(0.01)
        return self.status

    def send(self, sign: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sign)


def _live(name: str, arrange: Callable[[], None], work: Callable[[], object]) -> None:
    """The child's whole life; it never comes back to what its parent was doing."""
    status = 1
    try:
        for sign in ENDING:
            signal.signal(sign, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        arrange()
        named(f"folkmoot-{name}")
        os.setsid()
        # The locks of the data folder are its parent's, and end with it.
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        status = exit_status_of(work)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(status)
