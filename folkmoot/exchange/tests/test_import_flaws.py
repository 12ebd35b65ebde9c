"""What was once imported wrongly, or not at all."""

import pytest

from folkmoot.communities.actions import edit_community
from folkmoot.communities.models import Community, PracticeArea
from folkmoot.exchange.importing import import_source
from folkmoot.exchange.tests.files import workbook
from folkmoot.exchange.tests.importing import outcomes, rejections, why
from folkmoot.people.models import Person, Unit

pytestmark = pytest.mark.django_db


def test_long_practice_areas_that_begin_alike_get_addresses_of_their_own(desk):
    rows = "".join(f"c{n},C{n},{'abcdefghij' * 10}{n}\n" for n in range(3))
    assert desk.imports(communities="slug,name,practice_area\n" + rows).committed
    assert PracticeArea.objects.count() == 3
    assert max(len(area.slug) for area in PracticeArea.objects.all()) <= 100


@pytest.mark.parametrize(
    "rows",
    ["community,person,role,since,until\n{},,2020-01-01\n", "community,person,role,until\n{},2020-01-01\n"],
)
def test_a_last_day_gone_by_without_a_first_day_is_said(desk, rows):
    desk.imports_all()
    report = desk.imports(memberships=rows.format("research-data,000003,lead"))
    assert [problem[2] for problem in rejections(report)] == ["until"]
    assert "The first day is missing" in why(report)


def test_a_first_day_after_the_last_on_record_is_said(desk):
    desk.imports(communities="slug,name,since,until\nk2,K2,2018-01-01,2020-12-31\n")
    report = desk.imports(communities="slug,name,since\nk2,K2,2022-01-01\n")
    assert rejections(report) == [("communities.csv", 2, "since")]
    assert "2020-12-31" in why(report)
    assert Community.objects.get().since.year == 2018


def test_a_list_of_people_and_their_units_is_not_taken_for_units(desk, tmp_path):
    desk.imports(units="code,name\nIT,Information Technology\n")
    path = tmp_path / "attendees.csv"
    path.write_text("name,unit\nAnn Smith,IT\n")
    report = import_source(path, by=None)
    assert not report.committed
    assert "It cannot be told which table" in why(report)
    assert Unit.objects.get().name == "Information Technology"


def test_rows_that_begin_like_a_total_are_rows_and_a_total_is_none(desk):
    report = desk.imports(communities="slug,name\ndata,Data\ntotal-rewards,Total Rewards\n")
    assert outcomes(report, "communities") == {"created": 2}
    report = desk.imports(units="code,name\nHR,Human Resources\nCOUNT-1,Counting house\nSUM,Summary unit\n")
    assert outcomes(report, "units") == {"created": 3}
    report = desk.imports(people='id,name,unit\n1,Ana,HR\nTotal,"1,058 people"\n')
    assert outcomes(report, "people") == {"created": 1}
    assert "taken for a total" in report.warnings[0].problem


def test_the_same_person_twice_told_otherwise_is_warned_of(desk):
    report = desk.imports(people="id,name,job_title\nd1,Dee,Clerk\nd1,Dee,Head\n")
    assert report.committed
    assert Person.objects.get().job_title == "Clerk"
    (warning,) = report.warnings
    assert (warning.line, warning.column, warning.value) == (3, "job_title", "Head")


def test_a_workbook_called_zip_or_nothing_is_a_workbook(tmp_path):
    for name in ("people.zip", "people"):
        path = workbook(tmp_path / "a.xlsx", people=[["id", "name"], [name, "Ana"]]).rename(tmp_path / name)
        assert import_source(path, by=None).committed
    assert Person.objects.count() == 2


def test_a_link_that_only_an_import_takes_hinders_no_other_change(desk):
    row = "slug,name,space_url\nlist,List,mailto:list@uni.example\n"
    assert desk.imports(communities=row).committed
    olu = Person.objects.create(ref="o", name="Olu", on_programme_team=True)
    assert edit_community(by=olu, community=Community.objects.get(), summary="A purpose.").summary


def test_rows_name_things_as_the_same_source_names_them(desk):
    desk.imports_all()
    source = {
        "units": "code,name\nCS,Computing\n",
        "people": "id,name,unit\n000009,Dora,Computing\n",
        "communities": "slug,name\nresearch-data,Data of Research\n",
        "memberships": "community,person,role,since\nData of Research,000009,wider,2024-03-01\n",
    }
    assert desk.imports(**source).committed
    assert str(Person.objects.get(ref="000009").unit) == "Computing"
    again = desk.imports(**source)
    assert again.committed
    assert outcomes(again, "memberships") == {"unchanged": 1}


def test_the_nearest_is_found_by_name_too(desk):
    desk.imports_all()
    report = desk.imports(people="id,name,unit\n9,Dora,Computer Sciense\n")
    assert "The nearest is “CS”." in why(report)
