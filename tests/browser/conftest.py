"""The site and the browser. Playwright's loop would disturb tests that use the database: it ends with this package."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.people import WAYS_IN, Who
from tests.browser.server import Site, shared_site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=en-US",  # The order in which date fields are typed.
]
PATIENCE = 10_000


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    base = tmp_path_factory.getbasetemp()
    with shared_site((base if worker_id == "master" else base.parent) / "site") as site:
        yield site


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def meet(site: Site, browser: Browser) -> Callable[[str], Who]:
    """Somebody of people.py, brought to where they stand once."""
    met: dict[str, Who] = {}

    def one(who: str) -> Who:
        if who not in met:
            met[who] = Who(site, browser.new_context(base_url=site.address).request)
            WAYS_IN[who](met[who])
        return met[who]

    return one


@pytest.fixture
def arrive(site: Site, browser: Browser, meet: Callable[[str], Who]) -> Iterator[Callable[..., Page]]:
    """A page of a browser of one's own, signed in as one of the cast or as a visitor."""
    contexts: list[BrowserContext] = []

    def open_as(who: str = "visitor", **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.address, storage_state=meet(who).http.storage_state(), **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def tab_of(site: Site, browser: Browser, meet: Callable[[str], Who]) -> Callable[[str], Page]:
    """A tab that somebody keeps for looking at one page after another, without changing anything."""
    tabs: dict[str, Page] = {}

    def tab(who: str) -> Page:
        if who not in tabs:
            state = meet(who).http.storage_state()
            context = browser.new_context(base_url=site.address, storage_state=state)
            context.set_default_timeout(PATIENCE)
            tabs[who] = context.new_page()
        return tabs[who]

    return tab
