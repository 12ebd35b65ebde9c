"""A pytest plugin: one embedded PostgreSQL for the whole run, with one migrated database that every worker copies.

It is loaded with `-p`, before pytest-django reads the settings. With DATABASE_URL set, that server is used instead.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import hypothesis
import pytest

# How long an example takes says nothing on a machine that does other work as well.
hypothesis.settings.register_profile("folkmoot", deadline=None)
hypothesis.settings.load_profile("folkmoot")
_stack = ExitStack()


def _start() -> None:
    home = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="folkmoot-test-")))
    os.environ["FOLKMOOT_HOME"] = str(home)
    os.environ["FOLKMOOT_SECRET_KEY"] = "only-for-tests"
    if os.environ.get("DATABASE_URL"):
        return
    from folkmoot.core.postgres import throwaway_cluster

    os.environ["DATABASE_URL"] = _stack.enter_context(throwaway_cluster(home / "cluster"))
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "folkmoot.site.settings"}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"], check=True, env=settings
    )
    os.environ["FOLKMOOT_TEST_TEMPLATE"] = "folkmoot"


if "PYTEST_XDIST_WORKER" not in os.environ:
    try:
        _start()
    except BaseException:
        _stack.close()
        raise


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """What tests do without: collected static files, and passwords that take long to check."""
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")


def pytest_unconfigure() -> None:
    """Stop what was started."""
    _stack.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A database for each worker, copied from the template; no pool, whose open connections would forbid it."""
    from django.db import connections

    database = connections["default"].settings_dict
    database["OPTIONS"].pop("pool", None)
    database["TEST"]["TEMPLATE"] = os.environ.get("FOLKMOOT_TEST_TEMPLATE")


@pytest.fixture(autouse=True)
def _no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins in a process that has asked whether this is the demo, and need not ask again."""
    from folkmoot.demo.loading import Known

    monkeypatch.setattr(Known, "is_demo", False)
    monkeypatch.setattr(Known, "asked_at", float("inf"))


@pytest.fixture(autouse=True)
def _as_migrated(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits leaves the database empty behind it; here it gets back what migrations write."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        from django.apps import apps
        from django.db import connection

        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock():
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")
            import_module("folkmoot.charter.migrations.0002_first_version").write_first_version(apps, None)
            import_module("folkmoot.calendar.migrations.0002_organisations_calendar").make(apps, None)
