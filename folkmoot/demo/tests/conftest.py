"""The invented programme in the database, loaded once for a module and gone after it."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from folkmoot.calendar.days import today
from folkmoot.demo.loading import ask_again, load_demo


@pytest.fixture(autouse=True)
def _nothing_known(_no_demo: None) -> None:
    """Every story begins in a process that has not asked yet whether this is the demo."""
    ask_again()


@pytest.fixture(autouse=True)
def _plain_files(settings) -> None:
    """Pages name their files as they are, so that none need be collected first."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo as of today. Each story rolls back what it does to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(today=today())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db) -> None:
    """What a story asks for: the loaded demo, and leave to use the database."""
