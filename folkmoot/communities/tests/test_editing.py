"""Founding a community, editing its page and changing its stage: what is kept, and what two at once find."""

import html
import re

import pytest
from django.urls import reverse

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, PracticeArea

from .world import belongs, community, person, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace():
    return person("Grace Mensah")


@pytest.fixture
def olu():
    return person("Olu Bankole", on_programme_team=True)


@pytest.fixture
def data(grace):
    made = community("Data")
    belongs(grace, made, "lead")
    return made


def test_founding_a_community_makes_its_address_and_leads_to_its_leads(olu):
    posted = {
        "name": "Économie & Numbers", "summary": "Counting together.", "new_area": "Planning",
        "stage": "forming", "slug": "",
        "since": today().isoformat(), "joining": "open", "inside": "staff", "is_public": "on",
        "space_kind": "",
    }  # fmt: skip
    answer = signed_in(olu).post("/communities/new/", posted)
    made = Community.objects.get()
    assert (made.slug, str(made.practice_area), made.is_public) == ("economie-numbers", "Planning", True)
    assert answer["Location"] == reverse("community_new_member", args=[made.slug])
    again = text(signed_in(olu).post("/communities/new/", posted))
    assert "is taken" in again
    assert "Counting together." in again
    assert PracticeArea.objects.count() == Community.objects.count() == 1


def test_a_leads_edit_keeps_what_only_the_programme_team_may_change(grace, data):
    Community.objects.update(is_public=False)
    posted = {
        "name": "Data",
        "summary": "All of it.",
        "joining": "request",
        "inside": "members",
        "is_public": "on",
    }
    assert signed_in(grace).post(reverse("community_edit", args=["data"]), posted).status_code == 302
    data.refresh_from_db()
    assert (data.summary, data.joining, data.inside, data.is_public) == (
        "All of it.",
        "request",
        "members",
        False,
    )
    page = text(signed_in(grace).post(reverse("community_edit", args=["data"]), posted | {"name": ""}))
    assert "All of it." in page
    assert "This field is required." in page


def seen_in(page: str) -> str:
    (marks,) = re.findall(r'name="seen" value="([^"]*)"', page)
    return html.unescape(marks)


def test_of_two_who_edit_one_page_the_second_is_shown_what_the_first_wrote_and_then_decides(olu, grace, data):
    url = reverse("community_edit", args=["data"])
    posted = {
        "name": "Data",
        "joining": "open",
        "inside": "staff",
        "seen": seen_in(text(signed_in(grace).get(url))),
    }
    theirs = {**posted, "name": "Data & You", "joining": "request", "is_public": "on"}
    theirs["seen"] = seen_in(text(signed_in(olu).get(url)))
    assert signed_in(olu).post(url, theirs).status_code == 302
    mine = posted | {"summary": "We count."}
    page = text(signed_in(grace).post(url, mine))
    assert "Somebody changed this meanwhile" in page
    assert "Changed meanwhile, to: “Data &amp; You”." in page
    assert "Changed meanwhile, to: “Ask to join”." in page
    assert "We count.</textarea>" in page
    data.refresh_from_db()
    assert (data.name, data.summary) == ("Data & You", "")
    assert signed_in(grace).post(url, mine | {"seen": seen_in(page)}).status_code == 302
    data.refresh_from_db()
    assert (data.name, data.summary, data.joining) == ("Data", "We count.", "open")


def test_saving_the_same_words_twice_is_no_quarrel(grace, data):
    url = reverse("community_edit", args=["data"])
    posted = {"name": "Data", "summary": "We\r\ncount.", "joining": "open", "inside": "staff"}
    posted["seen"] = seen_in(text(signed_in(grace).get(url)))
    for _again in range(2):
        assert signed_in(grace).post(url, posted).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "[1]", "{}", '{"name": 7}'])
def test_marks_that_nobody_gave_out_are_no_error(grace, data, seen):
    url = reverse("community_edit", args=["data"])
    posted = {"name": "Data 2", "joining": "open", "inside": "staff", "seen": seen}
    assert signed_in(grace).post(url, posted).status_code in {200, 302}


def test_the_programme_team_changes_the_stage_with_a_day(olu, data):
    url = reverse("community_stage", args=["data"])
    assert "began on 6 January 2020" in text(
        signed_in(olu).post(url, {"stage": "resting", "on": "2019-01-01"})
    )
    signed_in(olu).post(url, {"stage": "resting", "on": today().isoformat()})
    assert data.stage_on(today()) == "resting"
    assert "stands already" in text(
        signed_in(olu).post(url, {"stage": "resting", "on": today().isoformat()}, follow=True)
    )
