"""What is narrow stays readable: a field has room, no ordinary word is broken, and 320 px are enough."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from tests.browser.pages import HERE
from tests.browser.test_every_page import overflow
from tests.browser.test_long_words import recorded
from tests.browser.test_meeting import last_minutes

pytestmark = pytest.mark.browser
Arrive = Callable[..., Page]
BROKEN = """all => all.flatMap(one => {
    const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT), found = [], range = new Range();
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[\\w’:,.]+/g)) {
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(line => Math.round(line.top))).size > 1) found.push(word[0]);
    }
    return found;
})"""


def test_what_is_to_be_done_has_room(arrive: Arrive):
    lead = arrive("lead")
    lead.goto(last_minutes(lead))
    lead.locator(".writing summary").first.click()
    field = lead.locator("input[name$=-action]").first
    room = lead.locator(".writing details .stack").first
    for width in (360, 390, 600, 900, 940, 1280):
        lead.set_viewport_size({"width": width, "height": 800})
        whole = room.bounding_box()["width"]
        assert field.bounding_box()["width"] >= min(200, whole), width
        assert not room.locator("label").evaluate_all(BROKEN), width


def test_a_month_breaks_no_word(arrive: Arrive):
    lead = arrive("lead")
    recorded(lead, "talk", 1, title="Requirements: what circumstances ask of departments")
    day = date.today() + timedelta(days=1)
    lead.goto(f"/events/?view=month&month={day:%Y-%m}")
    for width in (390, 768, 800, 920, 959, 960, 1024, 1280):
        lead.set_viewport_size({"width": width, "height": 800})
        assert not lead.locator(".month li").evaluate_all(BROKEN), width


@pytest.mark.parametrize("path", ["", "members/", "events/", "actions/", "briefing/", "charter/"])
def test_a_community_fits_on_the_narrowest_screen(arrive: Arrive, path: str):
    lead = arrive("lead")
    lead.goto(HERE + path)
    assert overflow(lead, 320) == 0
