"""What the tests with real processes share."""

import fcntl
from pathlib import Path

import pytest

from folkmoot.site.tests.running import eventually, leftovers, up


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home that has been started once, with no demo, and stopped; to be copied. All workers share it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "prepared"
    folder.mkdir(exist_ok=True)
    home = folder / "home"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            with up(home) as site:
                site.wait_for_line("^Open this link once")
            assert eventually(lambda: not leftovers(home))
            (folder / "done").touch()
    return home
