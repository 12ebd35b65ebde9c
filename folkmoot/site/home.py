"""The data folder: where it is, and what settings read from it. Nothing is started here."""

import contextlib
import hashlib
import os
import secrets
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from folkmoot.core.postgres.cluster import PORT, USER, socket_folder
from folkmoot.core.refused import Refused

WEB_THREADS = 4
# A statement that a connection has sent before is neither parsed nor planned again: a quarter of a page's time.
_PLANNED_ONCE: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 3}


def checkout() -> Path:
    """The folder that holds the package."""
    return Path(__file__).resolve().parent.parent.parent


def home() -> Path:
    """The data folder, absolute: FOLKMOOT_HOME, or `var` beside the code."""
    return Path(os.path.abspath(os.environ.get("FOLKMOOT_HOME") or checkout() / "var"))


def ensure_home() -> Path:
    """The data folder, made if it is missing. Refuses one that cannot be written."""
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refused(
            f"The data folder {folder} cannot be written: {error.strerror}. Choose another."
        ) from error
    return folder


def last_address() -> str:
    """Where `folkmoot up` serves or last served this home, for links that are made on the command line."""
    kept = home() / "address"
    return kept.read_text().strip() if kept.exists() else "http://127.0.0.1:8000"


def secret_key() -> str:
    """FOLKMOOT_SECRET_KEY, or a key kept in the data folder, made once even when two begin together."""
    if key := os.environ.get("FOLKMOOT_SECRET_KEY"):
        return key
    path = ensure_home() / "secret_key"
    if not path.exists():
        fresh = path.with_name(f".secret_key-{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(descriptor, secrets.token_urlsafe(50).encode())
        os.fsync(descriptor)
        os.close(descriptor)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text()


@cache
def static_root() -> Path:
    """Where collected static files are kept: a folder named after what they are made from."""
    return home() / "static" / static_stamp()


def static_stamp() -> str:
    """Changes whenever a static source does: the files of ours by time and size, those of others by what is pinned."""
    root = checkout()
    folders = [
        *(root / "folkmoot").glob("*/static"),
        root / "folkmoot/ui/styles",
        root / "folkmoot/ui/behaviours",
    ]
    sources = sorted(p for folder in folders for p in folder.rglob("*") if p.is_file())
    said = [f"{p.relative_to(root)}:{p.stat().st_mtime_ns}:{p.stat().st_size}" for p in sources]
    spec = find_spec("django_htmx")
    said.append(spec.origin or "" if spec else "")
    pinned = root / "requirements.txt"
    said.append(pinned.read_text() if pinned.exists() else "")
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def uses_embedded_database() -> bool:
    """Whether no DATABASE_URL says otherwise."""
    return not os.environ.get("DATABASE_URL")


def database_url_or_embedded() -> dict[str, Any]:
    """Django's settings of the database: DATABASE_URL, or the socket of the embedded server. Nothing is started."""
    if uses_embedded_database():
        where = {
            "NAME": USER,
            "USER": USER,
            "HOST": str(socket_folder(home() / "postgres")),
            "PORT": str(PORT),
        }
        options: dict[str, Any] = {}
    else:
        where, options = _from_url(os.environ["DATABASE_URL"])
    pool = {"min_size": 1, "max_size": WEB_THREADS + 4, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **where,
        "OPTIONS": {"connect_timeout": 10, **_PLANNED_ONCE, **options, "pool": pool},
        # A connection is tried before it is lent, so that a restarted database costs nobody an error page.
        "CONN_HEALTH_CHECKS": True,
    }


def _from_url(address: str) -> tuple[dict[str, str], dict[str, str]]:
    """The parts of a `postgresql://` address. Refuses anything else, without repeating a password."""
    wrong = "DATABASE_URL is not an address like postgresql://user:password@host:5432/name."
    try:
        url = urlsplit(address)
        port = str(url.port or "")
    except ValueError as error:
        raise Refused(wrong) from error
    name = unquote(url.path.removeprefix("/"))
    if url.scheme not in {"postgres", "postgresql"} or not name or "/" in name:
        raise Refused(wrong)
    options = {key: values[-1] for key, values in parse_qs(url.query).items()}
    where = {
        "NAME": name,
        "USER": options.pop("user", "") or unquote(url.username or ""),
        "PASSWORD": options.pop("password", "") or unquote(url.password or ""),
        "HOST": options.pop("host", "") or unquote(url.hostname or ""),
        "PORT": options.pop("port", "") or port,
    }
    return where, options
