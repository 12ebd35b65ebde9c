"""Communities: their pages, days and stages."""

from datetime import date, timedelta

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, PracticeArea
from folkmoot.exchange.tests.importing import COMMUNITIES, outcomes, rejections, why

HEADER = "slug,name,stage,stage_since,since,until\n"
DAY = timedelta(days=1)


def stages(slug):
    return [
        (change.stage, change.since.isoformat()) for change in Community.objects.get(slug=slug).stages.all()
    ]


def stage_on(slug, day):
    return Community.objects.get(slug=slug).stage_on(date.fromisoformat(day))


def test_a_closed_community_was_active_through_its_last_day(desk):
    desk.imports(communities=COMMUNITIES)
    assert stage_on("old-ways", "2019-09-02") == "active"
    assert stage_on("old-ways", "2022-06-30") == "active"
    assert stage_on("old-ways", "2022-07-01") == "closed"


def test_other_stages_hold_from_the_beginning_or_from_their_own_day(desk):
    desk.imports(
        communities=HEADER
        + "a,A,resting,,2020-01-01,\nb,B,resting,2024-05-01,2020-01-01,\nc,C,,,2020-01-01,\n"
    )
    assert stages("a") == [("resting", "2020-01-01")]
    assert stages("b") == [("resting", "2024-05-01")]
    assert stages("c") == [("active", "2020-01-01")]


def test_a_community_that_does_not_say_since_when_begins_today(desk):
    desk.imports(communities=HEADER + "a,A,forming,,,\nb,B,closed,2020-05-01,,\n")
    assert Community.objects.get(slug="a").since == today()
    closed = Community.objects.get(slug="b")
    assert (closed.since, closed.until) == (date(2020, 4, 30), date(2020, 4, 30))
    assert outcomes(
        desk.imports(communities=HEADER + "a,A,forming,,,\nb,B,closed,2020-05-01,,\n"), "communities"
    ) == {"unchanged": 2}


def test_a_closed_community_needs_its_last_day(desk):
    report = desk.imports(communities=HEADER + "a,A,closed,,2020-01-01,\nb,B,active,,2020-01-01,2019-01-01\n")
    assert rejections(report) == [("communities.csv", 2, "until"), ("communities.csv", 3, "until")]


def test_slugs_and_stages_are_checked_with_a_suggestion(desk):
    rows = "Data Science,Data,,,,\nnew,New,,,,\n-x-,X,,,,\n,Y,,,,\nok,OK,activ,,,\nfine,,,,,\n"
    report = desk.imports(communities=HEADER + rows)
    assert rejections(report) == [
        ("communities.csv", 2, "slug"), ("communities.csv", 3, "slug"), ("communities.csv", 4, "slug"),
        ("communities.csv", 5, "slug"), ("communities.csv", 6, "stage"), ("communities.csv", 7, "name"),
    ]  # fmt: skip
    assert "“data-science”" in why(report)
    assert "nearest is “active”" in why(report)


def test_practice_areas_are_made_once_with_a_name_to_read(desk):
    rows = "a,A,product-and-project-management\nb,B,Product and Project Management\nc,C,Café Culture\nd,D,\n"
    desk.imports(communities="slug,name,practice_area\n" + rows)
    assert sorted(PracticeArea.objects.values_list("slug", "name")) == [
        ("cafe-culture", "Café Culture"), ("product-and-project-management", "Product and project management"),
    ]  # fmt: skip
    assert Community.objects.filter(practice_area__slug="product-and-project-management").count() == 2
    assert outcomes(desk.imports(communities="slug,name,practice_area\n" + rows), "communities") == {
        "unchanged": 4
    }


def test_a_dry_run_and_a_rejected_row_make_no_practice_area(desk):
    desk.imports(communities="slug,name,practice_area\na,A,Baking\n", dry_run=True)
    desk.imports(
        communities="slug,name,practice_area\na,A,Baking\nb,B,Cooking\n,C,Frying\n", skip_bad_rows=True
    )
    assert sorted(PracticeArea.objects.values_list("name", flat=True)) == ["Baking", "Cooking"]


def test_online_spaces_are_known_by_many_names(desk):
    rows = "a,A,MS Teams,teams.example/x\nb,B,Viva Engage,\nc,C,none,\nd,D,pigeons,\n"
    report = desk.imports(communities="slug,name,space_kind,space_url\n" + rows, skip_bad_rows=True)
    assert rejections(report) == [("communities.csv", 5, "space_kind")]
    assert list(Community.objects.order_by("slug").values_list("space_kind", "space_url")) == [
        ("teams", "https://teams.example/x"), ("engage", ""), ("", ""),
    ]  # fmt: skip


def test_a_stage_that_people_changed_here_stays_until_the_file_changes_it(desk):
    desk.imports(communities=HEADER + "a,A,active,,2020-01-01,\n")
    community = Community.objects.get()
    community.stages.create(stage="resting", since=date(2025, 1, 1))
    assert outcomes(desk.imports(communities=HEADER + "a,A,active,,2020-01-01,\n"), "communities") == {
        "kept": 1
    }
    assert stage_on("a", "2025-06-01") == "resting"
    report = desk.imports(communities=HEADER + "a,A,forming,2025-03-01,2020-01-01,\n")
    assert outcomes(report, "communities") == {"updated": 1}
    assert stages("a") == [("active", "2020-01-01"), ("resting", "2025-01-01"), ("forming", "2025-03-01")]


def test_a_file_closes_and_reopens_a_community(desk):
    desk.imports(communities=HEADER + "a,A,active,,2020-01-01,\n")
    desk.imports(communities=HEADER + "a,A,closed,,2020-01-01,2023-03-31\n")
    assert stages("a") == [("active", "2020-01-01"), ("closed", "2023-04-01")]
    assert Community.objects.get().until == date(2023, 3, 31)
    desk.imports(communities=HEADER + "a,A,closed,,2020-01-01,2023-05-31\n")
    assert stages("a") == [("active", "2020-01-01"), ("closed", "2023-06-01")]
    desk.imports(communities=HEADER + "a,A,active,2024-01-01,2020-01-01,\n")
    assert Community.objects.get().until is None
    assert stages("a") == [("active", "2020-01-01"), ("closed", "2023-06-01"), ("active", "2024-01-01")]


def test_another_first_day_moves_the_first_stage(desk):
    desk.imports(communities=HEADER + "a,A,active,,2020-01-01,\n")
    desk.imports(communities=HEADER + "a,A,active,,2019-01-01,\n")
    assert stages("a") == [("active", "2019-01-01")]


def test_names_and_purposes_are_text_with_their_entities_decoded(desk):
    rows = 'a,A&#47;B Testing,"Line one\r\n\r\nLine &amp; two <b>"\n'
    desk.imports(communities="slug,name,summary\n" + rows)
    community = Community.objects.get()
    assert (community.name, community.summary) == ("A/B Testing", "Line one\n\nLine & two <b>")
    assert list(Community.objects.matching("testing")) == [community]


def test_a_list_with_one_column_gives_name_and_address(desk):
    report = desk.imports(communities="community,description\nR&D &amp; More,x\nevents,y\n")
    assert report.committed
    assert list(Community.objects.order_by("slug").values_list("slug", "name")) == [
        ("events", "events"), ("rd-more", "R&D & More"),
    ]  # fmt: skip
    assert [warning.line for warning in report.warnings] == [2]


def test_one_slug_for_two_communities_is_refused(desk):
    report = desk.imports(communities="slug,name\na,A\na,A\na,B\n", skip_bad_rows=True)
    assert rejections(report) == [("communities.csv", 4, "slug")]
    assert outcomes(report, "communities") == {"created": 1, "unchanged": 1}


def test_a_community_changed_in_several_ways_here_keeps_them(desk):
    desk.imports(communities=COMMUNITIES)
    Community.objects.filter(slug="research-data").update(
        name="Data for Research", space_url="", space_kind="slack"
    )
    report = desk.imports(communities=COMMUNITIES.replace("teams.example/1", "teams.example/2"))
    assert outcomes(report, "communities") == {"updated": 1, "unchanged": 1}
    community = Community.objects.get(slug="research-data")
    assert (community.name, community.space_kind) == ("Data for Research", "slack")
    assert community.space_url == "https://teams.example/2"


def test_one_whose_last_day_is_past_is_unchanged_the_second_time(desk):
    desk.imports_all()
    row = "slug,name,stage,since,until\nover,Over,active,2024-01-01,2025-01-01\n"
    assert outcomes(desk.imports(communities=row), "communities") == {"created": 1}
    assert outcomes(desk.imports(communities=row), "communities") == {"unchanged": 1}
