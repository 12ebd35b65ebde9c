"""What is exported and imported into an empty programme is the same programme."""

import json
from pathlib import Path

import pytest
from django.db import connection

from folkmoot.calendar.days import today
from folkmoot.calendar.models import Period
from folkmoot.communities.models import Community
from folkmoot.core.refused import Refused
from folkmoot.demo.loading import load_demo
from folkmoot.exchange.exporting import export_to, tables
from folkmoot.exchange.importing import import_source
from folkmoot.exchange.tests.files import SHARED
from folkmoot.exchange.tests.importing import outcomes, why
from folkmoot.health.measuring import measure
from folkmoot.health.output import as_json
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test is one transaction already, whose isolation cannot change any more."""
    monkeypatch.setattr("folkmoot.exchange.exporting._SNAPSHOT", "SELECT 1")


def state() -> dict[str, list[list[str]]]:
    return {name: [[str(cell) for cell in row] for row in rows] for name, _header, rows in tables()}


def health() -> str:
    """As the command gives it; but that a space was active is on record then, and no longer seen here."""
    found = as_json(today(), measure(today()), Period.objects.term_of_all(today()))
    for community in found["communities"]:
        for finding in community["findings"]:
            if finding["commitment"] == "online_space":
                del finding["evidence"], finding["next_step"]
    return json.dumps(found)


def forget_everything() -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE people_unit, people_person, communities_community, communities_practicearea, calendar_period, "
            "events_event, exchange_importedrow, demo_demoprogramme CASCADE"
        )


@pytest.mark.parametrize("name", ["folder", "programme.xlsx", "programme.zip"])
def test_the_demo_comes_back_as_it_was(tmp_path: Path, name: str):
    load_demo(today=today())
    before, stood = state(), health()
    counts = export_to(tmp_path / name)
    assert counts["people"] == 2000
    assert {table: len(rows) for table, rows in before.items()} == counts
    forget_everything()
    report = import_source(tmp_path / name, by=None)
    assert report.committed, why(report)
    assert state() == before
    assert health() == stood
    again = import_source(tmp_path / name, by=None)
    assert {table: outcomes(again, table) for table in counts} == {
        table: {"unchanged": number} for table, number in counts.items()
    }


def test_a_real_programme_comes_back_as_it_was(tmp_path: Path):
    source = SHARED / "digitalgov" / "workbook"
    if not source.exists():
        return
    import_source(source, by=None, skip_bad_rows=True)
    import_source(SHARED / "ucl" / "term_dates.csv", by=None)
    before, stood = state(), health()
    export_to(tmp_path / "out")
    forget_everything()
    report = import_source(tmp_path / "out", by=None)
    assert report.committed, why(report)
    assert state() == before
    assert health() == stood


def test_what_a_spreadsheet_would_run_comes_back_unharmed(tmp_path: Path):
    for n, name in enumerate(["=1+1", "-0500", "-", "@home", "+44 20 7679", "'quoted'", "+cmd|x"]):
        Person.objects.create(ref=f"p{n}", name=name)
    before = state()
    export_to(tmp_path / "out")
    assert "'=1+1" in (tmp_path / "out" / "people.csv").read_text()
    forget_everything()
    assert import_source(tmp_path / "out", by=None).committed
    assert state() == before


def test_nothing_is_overwritten(tmp_path: Path):
    (tmp_path / "a.xlsx").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "b.csv").write_text("mine")
    for name in ("a.xlsx", "full"):
        with pytest.raises(Refused, match="is there already"):
            export_to(tmp_path / name)
    assert not Community.objects.exists()
    with pytest.raises(Refused, match="cannot be written"):
        export_to(Path("/proc/nowhere/x"))
