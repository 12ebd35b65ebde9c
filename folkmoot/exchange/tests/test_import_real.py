"""Real input, where the shared data is at hand: a whole programme, a university's units, awkward files."""

import csv
import json
from datetime import UTC, date, datetime

import pytest

from folkmoot.calendar.models import Period
from folkmoot.communities.models import Community, Membership
from folkmoot.events.models import Event
from folkmoot.exchange.importing import import_source
from folkmoot.exchange.tests.files import SHARED
from folkmoot.exchange.tests.importing import outcomes, rejections, why
from folkmoot.people.models import Person, Unit

HAVE = SHARED.exists()
WORKBOOK = SHARED / "digitalgov" / "workbook"
UNITS = SHARED / "ucl" / "org_units.csv"


def test_a_real_programme_is_refused_for_its_two_flaws_and_imported_without_them(db):
    if not HAVE:
        return
    refused = import_source(WORKBOOK, by=None)
    assert not refused.committed
    assert rejections(refused) == [("people.csv", 1046, "name"), ("memberships.csv", 14, "person")]
    assert "nearest is “john-mclaughlin”" in why(refused)
    report = import_source(WORKBOOK, by=None, skip_bad_rows=True)
    assert report.committed
    made = {"units": 117, "people": 1058, "communities": 40, "memberships": 48, "events": 277}
    assert {table: outcomes(report, table)["created"] for table in made} == made
    assert report.unknown_files == []
    assert Community.objects.get(slug="a-b-testing").name == "A/B Testing"
    day = date(2019, 6, 1)
    assert Membership.objects.current(day).count() == 26  # of 27 in the file, one with the mistyped id
    again = import_source(WORKBOOK, by=None, skip_bad_rows=True)
    assert outcomes(again, "people") == {"unchanged": 1058}
    assert outcomes(again, "memberships") == {"unchanged": 48}
    assert outcomes(again, "events") == {"unchanged": 277}
    first = Event.objects.get(ref="2017-10-11-an-around-world-recap-plain-monthly-meeting")
    assert first.starts_at == datetime(2017, 10, 11, 18, tzinfo=UTC)  # 14:00 in New York
    assert first.community is not None


def test_the_terms_of_a_real_university_come_in_under_another_header(db, settings):
    if not HAVE:
        return
    settings.FOLKMOOT_ORGANISATION = "UCL"
    report = import_source(SHARED / "ucl" / "term_dates.csv", by=None)
    assert outcomes(report, "terms") == {"created": 21}
    own = Period.objects.filter(calendar__is_organisations=True)
    assert own.terms().count() == 12
    christmas = own.get(name="Christmas College Closure")
    # Shut on the 20th at half past five, open again on the 2nd at nine.
    assert (christmas.start, christmas.end) == (date(2024, 12, 21), date(2025, 1, 1))
    assert outcomes(import_source(SHARED / "ucl" / "term_dates.csv", by=None), "terms") == {"unchanged": 21}


def test_a_real_university_s_units_become_a_tree(db):
    if not HAVE:
        return
    report = import_source(UNITS, by=None)
    assert outcomes(report, "units") == {"created": 123}
    assert Unit.objects.get(code="COMPS_ENG").kind == "academic"
    assert outcomes(import_source(UNITS, by=None), "units") == {"unchanged": 123}


def test_every_awkward_file_ends_as_its_manifest_says(db):
    if not HAVE:
        return
    import_source(UNITS, by=None)
    with (SHARED / "encodings" / "manifest.csv").open(encoding="utf-8") as file:
        manifest = {row["file"]: row["expected"] for row in csv.DictReader(file)}
    for name, expected in manifest.items():
        Person.objects.all().delete()
        Community.objects.all().delete()
        report = import_source(SHARED / "encodings" / name, by=None)
        json.dumps(report.as_json())
        if name in {"34_wide_300_columns.csv"} or expected.startswith("refuse"):
            assert not report.committed, name
        elif expected in {
            "accept",
            "store as text; on export neutralise",
            "accept 3 rows or report",
            "accept as zero rows",
        }:
            assert report.committed, (name, report.rejected)
        elif "warning" in expected:
            assert report.committed, name
            assert report.warnings, name
        elif "sniffing" in expected:
            assert report.committed, name
        else:
            assert report.rejected, name


@pytest.mark.parametrize(
    ("name", "lines", "people"),
    [
        ("14_ragged_rows.csv", [3, 4], 2),
        ("29_duplicate_people.csv", [4, 5], 2),
        ("11_invalid_utf8.csv", [4, 4], 2),
    ],
)
def test_the_good_rows_of_an_awkward_file_come_in_when_the_others_are_skipped(db, name, lines, people):
    if not HAVE:
        return
    import_source(UNITS, by=None)
    report = import_source(SHARED / "encodings" / name, by=None, skip_bad_rows=True)
    assert [problem.line for problem in report.rejected] == lines
    assert Person.objects.count() == people
