"""Every page: within its policy, light, as wide as the screen, and for everybody. And every page is in the list.

Each is opened once, as a browser that comes for the first time, and then looked at in every way.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page, ViewportSize

from tests.browser.pages import NO_PAGES, PAGES, Seen
from tests.browser.people import Who

pytestmark = pytest.mark.browser
MOST_BYTES = 60 * 1024
MOST_REQUESTS = 8
A_YEAR = 31536000
WIDTHS = (390, 1600)
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
EVERYTHING = {"resultTypes": ["violations"]}
# A theme changes nothing else, and a width changes no colour.
COLOURS = {**EVERYTHING, "runOnly": {"type": "tag", "values": ["cat.color"]}}
ALL_BUT_COLOURS = {**EVERYTHING, "rules": {"color-contrast": {"enabled": False}}}


@dataclass
class Visit:
    """What one first visit to a page showed."""

    policy: str
    html: str
    complaints: list[str]
    requests: list[str]
    weight: int
    overflows: dict[int, int]
    barriers: dict[str, list[str]]


class Inline(HTMLParser):
    """Collects what a strict policy forbids: inline styles, scripts and handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "style" or (tag == "script" and not named.get("src")):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in named if name == "style" or name.startswith("on")]


@pytest.fixture(scope="package", params=PAGES, ids=str)
def visit(request: pytest.FixtureRequest, tab_of: Callable[[str], Page], meet: Callable[[str], Who]) -> Visit:
    seen: Seen = request.param
    page = tab_of(seen.who)
    complaints: list[str] = []
    requests: list[str] = []
    sizes: list[int] = []
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    cable = page.context.new_cdp_session(page)
    cable.send("Network.enable")
    cable.send("Network.setCacheDisabled", {"cacheDisabled": True})
    cable.on("Network.requestWillBeSent", lambda event: requests.append(event["request"]["url"]))
    cable.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    listen = {
        "console": lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
        "pageerror": lambda error: complaints.append(str(error)),
        # An event stream ends by being left.
        "requestfailed": lambda failed: (
            complaints.append(failed.url) if "/live/?" not in failed.url else None
        ),
    }
    for event, heard in listen.items():
        page.on(event, heard)
    answer = seen.open(page, meet(seen.who))
    found = Visit(
        policy=answer.headers.get("content-security-policy", ""),
        html=answer.text(),
        complaints=complaints,
        requests=[url for url in requests if not url.startswith("data:")],
        weight=sum(sizes),
        overflows={width: overflow(page, width) for width in WIDTHS},
        barriers=barriers(page, on_a_phone=seen.main),
    )
    for event, heard in listen.items():
        page.remove_listener(event, heard)
    cable.detach()
    # The browser reports an error page as such on its console.
    if seen.status >= 400:
        complaints[:] = [said for said in complaints if "Failed to load resource" not in said]
    return found


def overflow(page: Page, width: int) -> int:
    """By how many pixels a page is wider than the screen."""
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def barriers(page: Page, *, on_a_phone: bool) -> dict[str, list[str]]:
    """What axe finds on the page in either theme, and on a phone."""
    page.set_viewport_size(DESK)
    # What is folded away counts too.
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found["dark"] = violations(page, COLOURS)
    if on_a_phone:
        page.set_viewport_size(PHONE)
        found["on a phone"] = violations(page, ALL_BUT_COLOURS)
    return found


def violations(page: Page, options: dict[str, Any] = EVERYTHING) -> list[str]:
    """What axe finds on the page as it stands: the rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # Only what was found comes over from the browser.
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]


def test_axe_finds_nothing(visit: Visit):
    assert not any(visit.barriers.values()), visit.barriers


def test_a_page_keeps_to_its_policy(visit: Visit):
    assert "default-src 'none'" in visit.policy
    assert "unsafe" not in visit.policy
    inline = Inline()
    inline.feed(visit.html)
    assert not inline.found
    assert not visit.complaints


def test_a_page_is_light(visit: Visit):
    assert visit.weight <= MOST_BYTES
    assert len(visit.requests) <= MOST_REQUESTS, visit.requests
    # Otherwise nothing was measured.
    assert visit.weight > 2000


def test_a_page_fits_narrow_and_wide_screens(visit: Visit):
    assert visit.overflows == dict.fromkeys(WIDTHS, 0)


def test_static_files_are_compressed_and_kept_for_good(meet: Callable[[str], Who]):
    visitor = meet("visitor")
    paths = re.findall(r'"(/static/[^"]+)"', visitor.get("/styleguide"))
    assert {path.rpartition(".")[2] for path in paths} >= {"css", "js", "svg"}
    for path in paths:
        for accepted in ("br", "gzip"):
            answer = visitor.http.get(path, headers={"accept-encoding": accepted})
            assert answer.status == 200
            kept = answer.headers["cache-control"]
            assert "immutable" in kept
            assert int(kept.partition("max-age=")[2].partition(",")[0]) >= A_YEAR
            assert answer.headers["content-encoding"] == accepted


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The name of every URL."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern)


def test_every_url_is_in_the_list_of_pages():
    listed = {resolve(_example(seen.path)).url_name for seen in PAGES if seen.status == 200}
    assert listed | NO_PAGES == set(names(get_resolver().url_patterns))
    assert not listed & NO_PAGES


def _example(path: str) -> str:
    return (
        path.partition("?")[0]
        .replace("<key>", "1-2")
        .replace("<person>", "1")
        .replace("<pk>", "1")
        .replace("<n>", "1")
        .replace("<poll>", "1")
        .replace("<token>", "1")
        .replace("<run>", "1")
        .replace("<thread>", "1")
        .replace("<slug>", "a")
        .replace("<year>", "2026")
    )
