"""The style guide in a real browser: within every width, and alive with and without script.

No server is needed: the browser's requests are answered from here, under the policy that the site has.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import override_settings
from playwright.sync_api import Browser, Page, Route, sync_playwright

from folkmoot.ui.example import example

pytestmark = pytest.mark.browser
SITE = "https://folkmoot.test"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
FRAME: dict[str, Any] = {
    "site_nav": [
        {"label": label, "url": f"/{label.lower()}/", "current": label == "Communities"}
        for label in ("Home", "Communities", "People", "Programme")
    ],
    "site_search": {"url": "/people/", "label": "Search people", "placeholder": "People"},
    "viewer": {"name": "Hana Yıldız", "profile_url": "/profile/", "sign_out_url": "/out/"},
    "banner": {"text": "An invented programme.", "url": "/demo/", "action": "Look around as somebody else"},
    "footer_links": [{"label": "The charter", "url": "/charter/"}],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop makes Django think that this is async code; nothing here asks the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def messages() -> list[Message]:
    return [Message(constants.SUCCESS, "You are a member now.")]


@pytest.fixture
def look(browser: Browser, messages: list[Message]) -> Iterator[Any]:
    """A function that opens the style guide; what the browser complains about fails the test."""
    contexts, complaints = [], []
    with override_settings(STORAGES=PLAIN):
        html = render_to_string("ui/styleguide.html", {**FRAME, **example(), "messages": messages})

        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(SITE)
            if path.startswith("/static/"):
                found = finders.find(path.removeprefix("/static/"))
                route.fulfill(path=str(found), content_type=TYPES[Path(str(found)).suffix])
                return
            directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
            policy = "; ".join(f"{name} {' '.join(values)}" for name, values in directives)
            route.fulfill(body=html, headers={"Content-Security-Policy": policy}, content_type="text/html")

        def opened(width: int = 1280, scheme: Literal["light", "dark"] = "light", **options: Any) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                color_scheme=scheme,
                reduced_motion="reduce",
                **options,
            )
            contexts.append(context)
            context.route("**/*", answer)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{SITE}/styleguide")
            return page

        yield opened
        for context in contexts:
            context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [320, 390, 600, 800, 1024, 1600])
def test_nothing_overflows_the_width_of_the_screen(look: Any, width: int):
    page = look(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_can_be_pressed_is_at_least_24_pixels_high(look: Any):
    page = look(390)
    small = page.evaluate(
        """[...document.querySelectorAll('button, summary, .button, .bar a, .tabs a, .menu-items a, a.chip')]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"""
    )
    assert small == []


def test_the_navigation_can_be_reached_on_a_phone_without_script(look: Any):
    page = look(390, java_script_enabled=False)
    assert page.get_by_role("link", name="Programme").is_visible()
    page.locator(".bar .menu summary").click()
    assert page.get_by_role("button", name="Sign out").is_visible()


def test_on_a_phone_the_tab_that_is_open_stands_in_view(look: Any):
    page = look(320)
    shown = page.locator(".tabs [aria-current]").bounding_box()
    assert shown["x"] + shown["width"] <= 320
    assert page.get_by_placeholder("People").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_without_script_messages_stand_in_the_page_and_a_dialog_is_a_link(look: Any):
    page = look(java_script_enabled=False)
    toasts, main = page.locator(".toasts").bounding_box(), page.locator("main").bounding_box()
    assert toasts["y"] + toasts["height"] <= main["y"]
    assert not page.get_by_role("button", name="Dismiss").is_visible()
    assert not page.locator("dialog").is_visible()
    page.get_by_role("link", name="Leave").click()
    assert page.url.endswith("#dialog")


def test_the_menu_closes_by_escape_and_gives_the_focus_back(look: Any):
    page = look()
    summary = page.locator(".bar .menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Profile").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Profile").is_visible()
    assert summary.evaluate("e => e === document.activeElement")


def test_the_menu_closes_when_one_clicks_elsewhere(look: Any):
    page = look()
    page.locator(".bar .menu summary").click()
    page.locator("h1").click()
    assert not page.get_by_role("link", name="Profile").is_visible()


def test_a_dialog_opens_over_the_page_and_closes(look: Any):
    page = look()
    page.get_by_role("link", name="Leave").click()
    assert page.get_by_role("dialog", name="Leave Events Management?").is_visible()
    page.get_by_role("button", name="Stay").click()
    assert not page.locator("dialog").is_visible()


def test_a_message_can_be_put_away(look: Any):
    page = look()
    page.get_by_role("button", name="Dismiss").click()
    assert page.locator(".toast").count() == 0


def test_addresses_are_copied_and_the_button_says_so(look: Any):
    page = look(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "grace@example.org; hana@example.org"


def test_the_skip_link_is_first_and_leads_to_the_content(look: Any):
    page = look()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_on_a_phone_the_health_table_reads_as_cards_and_stays_a_table(look: Any):
    page = look(390)
    row = page.get_by_role("row").filter(has_text="Data and Insight")
    assert row.get_by_role("cell").count() == 7
    first, second = (row.get_by_role("cell").nth(number).bounding_box() for number in (0, 1))
    assert second["y"] > first["y"]
    label = row.get_by_role("cell").first.evaluate("e => getComputedStyle(e, '::before').content")
    assert label == '"Leads"'
    assert page.get_by_role("columnheader", name="Sponsor met").count() == 1
