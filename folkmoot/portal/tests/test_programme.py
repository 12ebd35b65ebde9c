"""The programme on one page: order, reasons, another day, a filter, figures and the spreadsheet."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.text import slugify

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.people.models import Person, Unit
from folkmoot.portal.figures import Figures
from folkmoot.portal.views import programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Client:
    """Somebody of the programme team, signed in."""
    client = Client()
    client.force_login(Person.objects.create(ref="t1", name="Tea Team", on_programme_team=True))
    return client


def found(name: str, *, leads: int, sponsors: int, since_days: int = 400) -> Community:
    """A community with so many leads and sponsors since its first day."""
    since = today() - timedelta(days=since_days)
    community = Community.objects.create(
        slug=slugify(name) or "a", name=name, since=since, space_kind="teams"
    )
    StageChange.objects.create(community=community, stage="active", since=since)
    unit, _ = Unit.objects.get_or_create(code="U", defaults={"name": "A Unit"})
    for role, number in (("lead", leads), ("sponsor", sponsors)):
        for n in range(number):
            person = Person.objects.create(ref=f"{name}{role}{n}", name=f"{role} {n} of {name}", unit=unit)
            Membership.objects.create(community=community, person=person, role=role, since=since)
    return community


def test_the_worst_stands_first_with_the_reason(team: Client):
    found("All Well", leads=2, sponsors=1)
    found("One Lead", leads=1, sponsors=1)
    found("Nobody", leads=0, sponsors=0)
    page = team.get("/programme/").content.decode()
    assert page.index("Nobody</a>") < page.index("One Lead</a>") < page.index("All Well</a>")
    assert "No lead; no sponsor" in page
    assert ">1 lead since" in page


def test_people_and_memberships_are_both_shown(team: Client):
    first, second = found("One", leads=2, sponsors=1), found("Two", leads=2, sponsors=1)
    shared = Membership.objects.filter(community=first, role="lead")[0].person
    Membership.objects.create(community=second, person=shared, role="wider", since=today())
    shown = team.get("/programme/").context["figures"]
    assert (shown.communities, shown.people, shown.memberships) == (2, 6, 7)
    assert (shown.units_reached, shown.units_eligible, shown.met) == (1, 1, 100)


def test_another_day_is_shown_as_it_was(team: Client):
    community = found("Changed", leads=2, sponsors=1)
    yesterday = today() - timedelta(days=1)
    Membership.objects.filter(community=community, role="sponsor").update(until=yesterday)
    assert "Vacant" in team.get("/programme/").content.decode()
    assert "Vacant" not in team.get("/programme/", {"on": yesterday.isoformat()}).content.decode()
    long_ago = team.get("/programme/", {"on": "1999-01-01"}).content.decode()
    assert "No community shows that on this day." in long_ago


@pytest.mark.parametrize("on", ["31/12/99", "9999-12-31", "0001-01-01", "2201-01-01"])
def test_a_day_that_is_none_is_said_and_today_is_shown(team: Client, on: str):
    found("Here", leads=2, sponsors=1)
    page = team.get("/programme/", {"on": on}).content.decode()
    assert "That is not a day" in page
    assert "Here</a>" in page


def test_the_filter_leaves_those_with_such_a_finding(team: Client):
    found("All Well", leads=2, sponsors=1)
    found("One Lead", leads=1, sponsors=1)
    page = team.get("/programme/", {"status": "missed"}).content.decode()
    assert "One Lead</a>" in page
    assert "All Well</a>" not in page


def test_the_spreadsheet_holds_what_is_shown_and_no_formula(team: Client):
    found("=cmd|' /C calc'!A0", leads=1, sponsors=1)
    found("All Well", leads=2, sponsors=1)
    answer = team.get("/programme/board.csv", {"status": "missed"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    statuses = {row["commitment"]: row["status"] for row in rows}
    assert (statuses["leads"], statuses["sponsor"]) == ("missed", "met")
    assert rows[0]["community"] == "'=cmd|' /C calc'!A0"


def test_fifty_communities_cost_as_many_statements_as_one(team: Client, django_assert_max_num_queries):
    for n in range(50):
        found(f"Community {n}", leads=1, sponsors=1)
    team.get("/programme/")
    with django_assert_max_num_queries(9):
        team.get("/programme/")


def test_thousands_are_told_apart(team: Client, monkeypatch: pytest.MonkeyPatch):
    told = Figures(1924, 1500, 1004, 0, 5000, 4000, 1200, 1300, 80)
    monkeypatch.setattr(programme, "figures", lambda _on, _healths: told)
    page = " ".join(team.get("/programme/").content.decode().split())
    for said in (
        "1,924",
        "1,500 active, 1,004 forming",
        "4,000",
        "in 5,000 memberships",
        "1,200",
        "of 1,300",
    ):
        assert said in page
