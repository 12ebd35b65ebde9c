"""A link or a word as long as people paste them makes no page wider than the screen."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import overflow

pytestmark = pytest.mark.browser
Arrive = Callable[..., Page]
HERE = "/communities/events-management/"
WORD = "https://example.org/" + "unbroken" * 34  # of 292 letters, as long as a title may be
WIDTHS = (320, 390, 1280)
UNFOLD = "all => all.forEach(one => { one.open = true })"
STICKING_OUT = """() => [...document.querySelectorAll(".panel, .next")].flatMap(panel => {
    const edge = panel.getBoundingClientRect().right;
    return [...panel.querySelectorAll("*")].filter(one => one.getBoundingClientRect().right > edge + 1);
}).map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""


def recorded(page: Page, kind: str, days: int, **typed: str) -> str:
    """The address of an event so many days from today, of which all of this is said."""
    page.goto(f"{HERE}events/new/?kind={kind}")
    page.locator("main details").evaluate_all(UNFOLD)
    day = date.today() + timedelta(days=days)
    for name, value in {"day": f"{day}", "starts": "10:00", "ends": "11:00", **typed}.items():
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/events/\d+-"))
    return page.url


def fits(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("main details").evaluate_all(UNFOLD)
    assert {width: overflow(page, width) for width in WIDTHS} == dict.fromkeys(WIDTHS, 0), address
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert not page.evaluate(STICKING_OUT), (address, width)


def test_the_bar_breaks_no_word(arrive: Arrive):
    team = arrive("programme")
    team.goto("/")
    mark = team.locator(".bar .mark")
    one_line = mark.evaluate("mark => parseFloat(getComputedStyle(mark).lineHeight)")
    for width in (900, 960, 1024, 1280):
        team.set_viewport_size({"width": width, "height": 800})
        assert mark.bounding_box()["height"] <= one_line + 1, width


def test_an_event_that_is_full_of_it(arrive: Arrive):
    lead = arrive("lead", java_script_enabled=False)
    said = dict.fromkeys(("summary", "place", "online_url", "joining", "speakers", "note"), WORD)
    event = recorded(lead, "social", 9, title=WORD, **said)
    fits(lead, event)
    number = event.rpartition("/events/")[2].partition("-")[0]
    for page in ("answers", "hosts", "invitations", "edit"):
        fits(lead, f"/events/{number}/{page}/")
    for page in (f"{HERE}events/", "/events/?view=month", "/events/?view=agenda"):
        fits(lead, page)
    lead.goto(event)
    lead.get_by_role("link", name="Cancel it").click()
    lead.get_by_label("Why").fill(WORD)
    lead.get_by_role("button", name="Cancel it").click()
    fits(lead, event)
    fits(arrive(), event)


def test_minutes_and_the_briefing_of_the_sponsor(arrive: Arrive):
    lead, sponsor = (arrive(who, java_script_enabled=False) for who in ("lead", "sponsor"))
    meeting = recorded(lead, "core_meeting", -1, title=f"Meeting {WORD[:150]}", place=WORD, note=WORD)
    fits(lead, meeting)
    lead.get_by_role("link", name="Agenda").click()
    lead.get_by_label("What to speak of").fill(WORD[:200])
    lead.get_by_role("button", name="Add it").click()
    fits(lead, lead.url)
    lead.get_by_role("link", name="Take minutes").click()
    for decided in (WORD, "That all who plan events meet in June, in a bigger room than the one before"):
        lead.locator("textarea[name$=-text]").fill(WORD)
        lead.locator("main details").evaluate_all(UNFOLD)
        lead.get_by_label("Decided").fill(decided)
        lead.get_by_label("To do").fill(WORD)
        lead.locator(".writing").get_by_role("button", name="Save", exact=True).click()
    fits(lead, lead.url)
    lead.get_by_role("button", name="Publish").click()
    fits(lead, lead.url)
    lead.goto(f"{HERE}briefing/")
    lead.get_by_label("In a sentence").fill(f"May we? {WORD}")
    lead.get_by_role("button", name="Ask", exact=True).click()
    fits(lead, lead.url)
    fits(sponsor, f"{HERE}briefing/")
    asked = sponsor.get_by_role("listitem").filter(has_text="May we? ")
    asked.get_by_label("A word on it").fill(WORD)
    asked.get_by_role("button", name="Yes").click()
    for page in (lead, sponsor):
        fits(page, f"{HERE}briefing/")
    fits(lead, f"{HERE}actions/")
