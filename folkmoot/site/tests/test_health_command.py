"""`folkmoot health` where one community is asked for."""

import contextlib
from datetime import datetime

import pytest

from folkmoot.core.refused import Refused
from folkmoot.health.tests.test_measuring import community
from folkmoot.site.cli import health as command

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 23)


@pytest.fixture(autouse=True)
def the_database_is_there(monkeypatch):
    monkeypatch.setattr(command, "database", contextlib.nullcontext)


@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_not_measured_is_said_in_a_sentence(capsys, as_json):
    community("Data", stage="closed")
    community("Idea", stage="proposed")
    for slug in ("data", "idea"):
        with pytest.raises(Refused, match=r"is (closed|proposed) on 23 November 2026"):
            command.health(on=DAY, community=slug, as_json=as_json)
    assert capsys.readouterr().out == ""


def test_so_is_what_had_not_begun_and_what_does_not_exist():
    community("Data")
    with pytest.raises(Refused, match="began only after 1 January 2023"):
        command.health(on=datetime(2023, 1, 1), community="data")
    with pytest.raises(Refused, match="There is no community"):
        command.health(on=DAY, community="nothing")


def test_what_is_measured_has_its_table(capsys):
    community("Data")
    command.health(on=DAY, community="data")
    assert "Data" in capsys.readouterr().out
