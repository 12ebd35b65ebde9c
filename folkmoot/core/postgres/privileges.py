"""Running PostgreSQL as somebody else when we are root, who it refuses to be.

The unprivileged user keeps one capability, to search folders, so that binaries and data below a private folder (root's
own, a temporary one) can be reached without opening that folder to anybody.
"""

import ctypes
import os
import pwd
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from folkmoot.core.refused import Refused

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_NAME = 15
_PR_CAPBSET_READ = 23
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Data(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


@dataclass(frozen=True)
class Owner:
    """Whom the server runs as; `uid` and `gid` are ours unless we are root."""

    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Whether nothing has to change."""
        return self.uid == os.geteuid()


def owner_of(data: Path) -> Owner:
    """Who owns, or is to own, the data: ourselves; for root the present owner, FOLKMOOT_PG_USER, or nobody."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        return Owner(data.stat().st_uid, data.stat().st_gid)
    name = os.environ.get("FOLKMOOT_PG_USER") or "nobody"
    try:
        account = pwd.getpwnam(name)
    except KeyError as error:
        raise Refused(
            f"PostgreSQL refuses to run as root, and there is no user “{name}”; set FOLKMOOT_PG_USER."
        ) from error
    if account.pw_uid == 0:
        raise Refused("PostgreSQL refuses to run as root; name another user in FOLKMOOT_PG_USER.")
    return Owner(account.pw_uid, account.pw_gid)


def becoming(
    owner: Owner, reach: Iterable[Path] = (), *, dies_with_parent: bool = True
) -> Callable[[], None]:
    """What a child does between fork and exec: become `owner`, and be shut down fast when its parent dies.

    The owner keeps a capability only if it cannot otherwise reach one of the folders and programs in `reach`.
    """
    parent = os.getpid()
    places = [os.fspath(path) for path in reach]
    searching = _searching_capability() if not owner.is_us else None

    def become() -> None:
        if not owner.is_us:
            # PostgreSQL asks access(2) about its own programs, which forgets capabilities unless this bit is set.
            _libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
            _libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
            os.setgroups([])
            os.setresgid(owner.gid, owner.gid, owner.gid)
            os.setresuid(owner.uid, owner.uid, owner.uid)
            if searching is not None:
                _allow(effective=0, permitted=1 << searching)
                if all(os.access(place, os.R_OK | os.X_OK) for place in places):
                    _allow(effective=0, permitted=0)
                else:
                    _allow(effective=1 << searching, permitted=1 << searching)
                    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, searching, 0, 0)
        if dies_with_parent:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return become


def dying_with_parent() -> Callable[[], None]:
    """What a child of ours does between fork and exec, so that it is told to end when its parent dies."""
    parent = os.getpid()

    def arrange() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def named(name: str) -> None:
    """Give this process a name of at most 15 letters, as `ps` and `top` show it."""
    _libc.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def _searching_capability() -> int | None:
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        if _libc.prctl(_PR_CAPBSET_READ, capability, 0, 0, 0) == 1:
            return capability
    return None


def _allow(*, effective: int, permitted: int) -> None:
    """Use, and be able to use, these capabilities (as bits) and no others; what is used may be passed on."""
    header = _Header(_CAPABILITY_VERSION_3, 0)
    data = (_Data * 2)(_Data(effective, permitted, effective), _Data(0, 0, 0))
    _libc.capset(ctypes.byref(header), ctypes.byref(data))
