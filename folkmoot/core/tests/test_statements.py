"""A statement gives what its queryset gives, is composed once, and sends the values of each call."""

from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from folkmoot.charter.models import Version
from folkmoot.core.statements import statement

DAY = date(2020, 1, 1)
composed: list[Any] = []


@statement
def begun_by(on: date, note: str, *, latest_first: bool) -> QuerySet[Version]:
    composed.append(on)
    found = Version.objects.filter(since__lte=on, note=note).annotate(again=F("since"))
    return found.order_by("-since" if latest_first else "since")[:2]


@statement
def notes_of(on: date) -> QuerySet[Version, str]:
    return Version.objects.filter(since=on).values_list("note", flat=True)


@statement
def nothing() -> QuerySet[Version]:
    return Version.objects.none()


@pytest.fixture(autouse=True)
def versions(db: None) -> None:
    Version.objects.all().delete()
    for days in range(4):
        Version.objects.create(since=DAY + timedelta(days=days), note="a" if days < 3 else "b")
    composed.clear()
    begun_by._composed.clear()


def test_each_call_has_its_own_values_and_the_queryset_is_composed_once() -> None:
    second = DAY + timedelta(days=1)
    assert [each.since for each in begun_by(DAY, "a", latest_first=False)] == [DAY]
    assert [each.since for each in begun_by(second, "a", latest_first=False)] == [DAY, second]
    assert begun_by(second, "b", latest_first=False) == []
    assert len(composed) == 1


def test_a_choice_makes_another_statement() -> None:
    last = DAY + timedelta(days=2)
    assert begun_by(last, "a", latest_first=True)[0].since == last
    assert begun_by(last, "a", latest_first=False)[0].since == DAY
    assert len(composed) == 2


def test_models_come_with_annotations_and_can_be_saved() -> None:
    (found,) = begun_by(DAY, "a", latest_first=True)
    assert found.again == DAY
    found.note = "other"
    found.save()
    assert notes_of(DAY) == ["other"]


def test_an_empty_queryset_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert nothing() == []
    assert len(asked) == 0


def test_a_call_is_one_statement_with_hostile_values_as_values() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert begun_by(DAY, "%s' OR 1=1 --", latest_first=True) == []
    assert len(asked) == 1


def test_another_thread_asks_on_its_own_connection() -> None:
    """Which does not see what is not committed here."""
    there: list[Any] = []

    def ask() -> None:
        there.append(notes_of(DAY))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert notes_of(DAY) == ["a"]
    assert there == [[]]
