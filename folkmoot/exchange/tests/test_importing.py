"""The import as a whole: everything or nothing, again and again."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.exchange.importing import import_source
from folkmoot.exchange.tests.files import workbook, zipped
from folkmoot.exchange.tests.importing import (
    COMMUNITIES,
    MEMBERSHIPS,
    PEOPLE,
    UNITS,
    outcomes,
    rejections,
    why,
)
from folkmoot.people.models import Person, Unit


def test_a_programme_comes_in_whole(desk):
    report = desk.imports_all()
    assert report.committed
    assert report.read == {"units.csv": 3, "people.csv": 3, "communities.csv": 2, "memberships.csv": 3}
    assert [outcomes(report, table) for table in ("units", "people", "communities", "memberships")] == [
        {"created": 3}, {"created": 3}, {"created": 2}, {"created": 3},
    ]  # fmt: skip
    ada = Person.objects.get(ref="000001", unit__code="HR")
    assert (ada.name, ada.email, ada.job_title) == ("Ada Okafor", "ada@uni.example", "Adviser")
    assert ada.skills_offered == ["facilitation", "data"]
    assert list(Person.objects.matching("yildiz")) == [Person.objects.get(ref="000003")]
    assert not ada.has_usable_password()


def test_the_same_import_again_changes_nothing(desk):
    desk.imports_all()
    before = list(Person.objects.values()), list(Community.objects.values())
    report = desk.imports_all()
    assert report.committed
    assert [outcomes(report, table) for table in ("units", "people", "communities", "memberships")] == [
        {"unchanged": 3}, {"unchanged": 3}, {"unchanged": 2}, {"unchanged": 3},
    ]  # fmt: skip
    assert (list(Person.objects.values()), list(Community.objects.values())) == before


def test_one_bad_row_refuses_everything(desk):
    report = desk.imports(units=UNITS, people=PEOPLE + "000004,,,,,\n", communities=COMMUNITIES)
    assert not report.committed
    assert rejections(report) == [("people.csv", 5, "name")]
    assert not Person.objects.exists()
    assert not Unit.objects.exists()
    assert not Entry.objects.exists()


def test_the_rest_is_imported_when_bad_rows_are_skipped(desk):
    report = desk.imports(
        units=UNITS,
        people=PEOPLE + "000004,,,,,\n",
        memberships="community,person,role\nx,1,lead\n",
        skip_bad_rows=True,
    )
    assert report.committed
    assert rejections(report) == [
        ("people.csv", 5, "name"),
        ("memberships.csv", 2, "community"),
        ("memberships.csv", 2, "person"),
    ]
    assert Person.objects.count() == 3


def test_where_nothing_is_sound_nothing_is_committed(desk):
    assert not desk.imports(people="id,name\n1,\n", skip_bad_rows=True).committed
    assert not desk.imports(people="name\nAda\n", skip_bad_rows=True).committed
    assert not desk.imports(people=b"PK\x03\x04", skip_bad_rows=True).committed


def test_a_table_without_rows_is_fine(desk):
    report = desk.imports(people="id,name")
    assert report.committed
    assert report.read == {"people.csv": 0}


def test_a_dry_run_says_the_same_and_writes_nothing(desk):
    dry = desk.imports_all(dry_run=True)
    assert not dry.committed
    assert not Unit.objects.exists()
    assert not Entry.objects.exists()
    assert dry.counts == desk.imports_all().counts
    assert outcomes(desk.imports_all(dry_run=True), "people") == {"unchanged": 3}


def test_tables_may_come_one_at_a_time_in_any_order(desk):
    for files in (
        {"communities": COMMUNITIES},
        {"units": UNITS},
        {"people": PEOPLE},
        {"memberships": MEMBERSHIPS},
    ):
        assert desk.imports(**files).committed
    assert all(not report for report in [desk.imports_all().rejected])


def test_a_workbook_and_a_zip_say_the_same_as_a_folder(desk, tmp_path):
    desk.imports_all()
    tables = {"units": UNITS, "people": PEOPLE, "communities": COMMUNITIES, "memberships": MEMBERSHIPS}
    rows = {name: [line.split(",") for line in text.splitlines()] for name, text in tables.items()}
    for source in (workbook(tmp_path / "a.xlsx", **rows), zipped(tmp_path / "a.zip", **tables)):
        report = import_source(source, by=None)
        assert report.committed
        assert outcomes(report, "people") == {"unchanged": 3}
        assert outcomes(report, "memberships") == {"unchanged": 3}


def test_an_unreadable_source_is_one_sentence(tmp_path, db):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04")
    report = import_source(tmp_path / "a.zip", by=None)
    assert rejections(report) == [("a.zip", None, "")]
    assert report.as_json()["rejected"][0]["line"] is None


def test_the_json_is_what_the_contract_says(desk):
    report = desk.imports(units=UNITS, library="id\n").as_json()
    assert list(report)[:7] == ["committed", "read", "created", "updated", "unchanged", "kept", "rejected"]
    assert report["created"] == {
        **dict.fromkeys(("people", "communities", "memberships", "terms", "events"), 0),
        "units": 3,
    }
    assert report["ignored"] == {"files": ["library.csv"], "columns": {}}
    refused = desk.imports(units="code,name,parent\nX,X,UNO\n").as_json()
    assert list(refused["rejected"][0]) == ["file", "line", "column", "value", "problem"]
    assert refused["rejected"][0] | {"problem": ""} == {
        "file": "units.csv", "line": 2, "column": "parent", "value": "UNO", "problem": "",
    }  # fmt: skip


def test_the_ledger_has_one_line_an_import(desk):
    desk.imports_all()
    ada = Person.objects.get(ref="000001")
    desk.imports_all(by=ada)
    entries = list(Entry.objects.filter(verb="imported").order_by("id"))
    assert [entry.by_label for entry in entries] == ["", "Ada Okafor"]
    assert entries[0].data["created"] == {"units": 3, "people": 3, "communities": 2, "memberships": 3}
    assert entries[1].data["unchanged"] == {"units": 3, "people": 3, "communities": 2, "memberships": 3}


def test_rows_that_vanish_from_a_file_are_left_alone(desk):
    desk.imports_all()
    report = desk.imports(people="id,name\n000001,Ada Okafor\n", memberships="community,person,role\n")
    assert report.committed
    assert Person.objects.count() == 3


def test_problems_stand_in_the_order_of_the_files(desk):
    report = desk.imports(
        memberships="community,person,role\nresearch-dat,000009,boss\n",
        communities="slug,name\nBad Slug,x\n",
        people="id,name\n1,\n",
    )
    assert rejections(report) == [
        ("people.csv", 2, "name"), ("communities.csv", 2, "slug"), ("memberships.csv", 2, "community"),
        ("memberships.csv", 2, "person"), ("memberships.csv", 2, "role"),
    ]  # fmt: skip
    assert "Perhaps “bad-slug”?" in why(report)


def test_as_many_statements_for_a_thousand_rows_as_for_ten(desk):
    def statements(first: int, rows: int) -> int:
        people = "id,name,email,unit\n" + "".join(
            f"p{n},Person {n},p{n}@x.example,HR\n" for n in range(first, first + rows)
        )
        members = "community,person,role,since\n" + "".join(
            f"research-data,p{n},wider,2025-01-01\n" for n in range(first, first + rows)
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.imports(people=people, memberships=members).committed
        return len(queries)

    desk.imports_all()
    assert statements(0, 10) == statements(100, 1000)
