"""The button that copies: also where the browser keeps its clipboard to itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
WAYS = {
    "refused": "navigator.clipboard.writeText = () => Promise.reject(new Error('no'))",
    "none": "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("where", "what"), [("/styleguide", "textarea"), ("/calendars/", "code")])
def test_what_cannot_be_copied_is_selected(arrive: Callable[..., Page], way: str, where: str, what: str):
    page = arrive("lead")
    page.add_init_script(WAYS[way])
    page.goto(where)
    button = page.get_by_role("button", name="Copy", exact=True).first
    source = page.locator(f"{what}#{button.get_attribute('data-copy')}")
    button.click()
    expect(page.get_by_role("button", name="Selected: press Ctrl+C")).to_be_visible()
    held = source.evaluate("source => source.value ?? source.textContent")
    assert held
    assert page.evaluate("getSelection().toString()") == held
