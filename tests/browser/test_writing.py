"""Writing: the editor, naming people, files, what survives a crash, reactions; and that nothing hostile lives."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.hands import opened_editor, reloaded_until_seen
from tests.browser.hostile import CORPUS
from tests.browser.server import Site
from tests.browser.test_every_page import violations

pytestmark = pytest.mark.browser
Arrive = Callable[..., Page]
HERE = "/communities/events-management/threads/"
ALLOWED = {"P", "BR", "B", "STRONG", "I", "EM", "S", "CODE", "PRE", "BLOCKQUOTE", "UL", "OL", "LI", "A"}


def start(page: Page, title: str) -> str:
    """A thread of that title; its address."""
    page.goto(f"{HERE}new/")
    page.get_by_label("Title", exact=True).fill(title)
    opened_editor(page.locator("#id_text")).fill("The first word.")
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_role("heading", level=2, name=title)).to_be_visible()
    return page.url.partition("?")[0]


def test_words_are_formatted_and_people_named_by_the_keyboard_alone(arrive: Arrive):
    lead, core = arrive("lead"), arrive("core")
    thread = start(core, "Formatting by hand")
    fetched: list[str] = []
    lead.on("request", lambda request: fetched.append(request.url))
    lead.goto(thread)
    assert not [url for url in fetched if "squire" in url or "editor" in url], "nothing is loaded for reading"
    expect(opened_editor(lead.locator("#id_text"))).to_be_focused()
    keys = lead.keyboard
    keys.type("This is ")
    keys.press("ControlOrMeta+b")
    keys.type("bold")
    keys.press("ControlOrMeta+b")
    keys.type(", says @raf")
    expect(lead.get_by_role("option", name="Rafael Quintanilha")).to_have_attribute("aria-selected", "true")
    assert not violations(lead)
    keys.press("Enter")
    keys.type("of <i>course</i>.")
    keys.press("Tab")
    assert not lead.evaluate("document.activeElement.classList.contains('editor')"), "the keyboard gets out"
    lead.get_by_role("button", name="Reply").press("Enter")
    prose = lead.locator("#post-2 .prose")
    expect(prose.locator("b")).to_have_text("bold")
    expect(prose.get_by_role("link", name="@Rafael Quintanilha")).to_have_attribute(
        "href", re.compile("^/people/")
    )
    expect(prose).to_contain_text("of <i>course</i>.")
    told = core.get_by_role("link", name="mentioned you in “Formatting by hand”")
    core.goto("/inbox/")
    expect(reloaded_until_seen(told)).to_be_visible()


def test_whoever_types_while_the_editor_comes_loses_no_letter(arrive: Arrive):
    page = arrive("lead")
    page.goto(start(page, "In a hurry"))
    held: list[Route] = []
    page.route("**/squire*.mjs", lambda route: held.append(route))  # noqa: PLW0108 - Playwright writes on it
    page.locator("#id_text").click()
    page.keyboard.type("First line\nto come.")
    page.keyboard.press("Home")
    page.keyboard.type("It is ")
    expect(page.locator("#id_text")).to_have_value("First line\nIt is to come.")
    for _tenth in range(50):
        if held:
            break
        page.wait_for_timeout(100)
    held[0].continue_()
    expect(page.locator(".editor")).to_be_focused()
    page.keyboard.type("still ")
    page.keyboard.press("End")
    page.keyboard.type(" Soon ")
    page.keyboard.type("enough.")
    page.get_by_role("button", name="Reply").click()
    expect(page.locator("#post-2 .prose")).to_have_text("First line It is still to come. Soon enough.")


def test_tools_do_what_they_say(arrive: Arrive):
    page = arrive("lead")
    page.goto(start(page, "Tools"))
    editor = opened_editor(page.locator("#id_text"))
    editor.type("one")
    for tool, tag in [("List", "ul"), ("Numbered list", "ol"), ("Quotation", "blockquote")]:
        page.get_by_role("button", name=tool, exact=True).click()
        expect(editor.locator(tag)).to_have_text("one")
        expect(page.get_by_role("button", name=tool, exact=True)).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name=tool, exact=True).click()
        expect(editor.locator(tag)).to_have_count(0)
    page.keyboard.press("ControlOrMeta+a")
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_label("Address of the link").fill("example.org/a")
    page.keyboard.press("Enter")
    expect(editor.get_by_role("link", name="one")).to_have_attribute("href", "https://example.org/a")


def test_what_was_typed_survives_a_crash_and_is_gone_when_it_is_said(arrive: Arrive):
    first = arrive("lead")
    thread = start(first, "Drafts")
    first.goto(thread)
    opened_editor(first.locator("#id_text")).type("A long thought")
    expect(first.get_by_text("Kept as a draft")).to_be_visible()
    # Another browser of the same person, as after a crash: the first is never closed.
    second = arrive("lead")
    second.goto(thread)
    expect(second.locator("#id_text")).to_have_value("A long thought")
    opened_editor(second.locator("#id_text")).press("End")
    second.keyboard.type(", ended.")
    second.get_by_role("button", name="Reply").click()
    expect(second.locator("#post-2")).to_contain_text("A long thought, ended.")
    second.reload()
    expect(second.locator("#id_text")).to_have_value("")


def test_a_file_is_a_download_and_nothing_else(site: Site, arrive: Arrive):
    page = arrive("lead")
    thread = start(page, "Files")
    page.goto(thread)
    opened_editor(page.locator("#id_text")).fill("See the file.")
    page.get_by_text("Attach files").click()
    page.locator("#id_attachments").set_input_files(
        {"name": "Zoë’s list.csv", "mimeType": "text/html", "buffer": b"a;b"}
    )
    page.get_by_role("button", name="Reply").click()
    link = page.get_by_role("link", name="Zoë’s list.csv")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "Zoë’s list.csv"
    assert download.value.path().read_bytes() == b"a;b"
    path = link.get_attribute("href") or ""
    answer = page.request.get(site.address + path)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    assert headers["content-disposition"].startswith("attachment;")
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    assert headers["content-type"] == "text/csv"
    assert headers["cache-control"] == "private, no-store"
    assert page.request.head(answer.url).ok
    assert page.request.post(answer.url).status == 405
    assert page.request.get(answer.url[:-3] + "xxx").status == 403
    assert arrive("wider").request.get(site.address + path).status == 403


def test_reactions_reach_the_other_s_page(arrive: Arrive):
    lead, core = arrive("lead"), arrive("core")
    thread = start(core, "Reactions")
    lead.goto(thread)
    lead.locator("#post-1").get_by_role("button", name="Thank you").click()
    mine = lead.locator("#post-1").get_by_role("button", name="Thank you 1")
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(mine).to_be_focused()
    theirs = core.locator("#post-1").get_by_role("button", name="Thank you 1")
    expect(theirs).to_have_attribute("aria-pressed", "false")
    mine.press("Enter")
    expect(core.locator("#post-1").get_by_role("button", name="Thank you", exact=True)).to_have_text(
        re.compile(r"^\D*$")
    )


def test_without_scripts_one_quotes_reacts_and_attaches_all_the_same(arrive: Arrive):
    page = arrive("lead", java_script_enabled=False)
    start(page, "By hand")
    page.locator("#post-1").get_by_role("button", name="Useful").click()
    expect(page.locator("#post-1").get_by_role("button", name="Useful 1")).to_be_visible()
    page.locator("#post-1").get_by_role("link", name="Quote").click()
    expect(page.get_by_role("textbox", name="What you want to say")).to_have_value(
        re.compile("^> .*:\n> The first word.\n\n$")
    )
    page.get_by_role("textbox", name="What you want to say").press("End")
    page.get_by_role("textbox", name="What you want to say").type("So it is.")
    page.get_by_text("Attach files").click()
    page.locator("#id_attachments").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}
    )
    page.get_by_role("button", name="Reply").click()
    expect(page.locator("#post-2 blockquote")).to_contain_text("The first word.")
    expect(page.locator("#post-2").get_by_role("link", name="a.txt")).to_be_visible()


def test_a_quotation_joins_what_one_writes(arrive: Arrive):
    page = arrive("lead")
    page.goto(start(page, "Quoting"))
    opened_editor(page.locator("#id_text")).type("Before.")
    page.locator("#post-1").get_by_role("link", name="Quote").click()
    expect(page.locator(".editor blockquote")).to_contain_text("The first word.")
    page.keyboard.type("After.")
    page.get_by_role("button", name="Reply").click()
    expect(page.locator("#post-2 .prose")).to_contain_text("Before.")
    expect(page.locator("#post-2 blockquote")).to_contain_text("The first word.")
    expect(page.locator("#post-2 .prose > p").last).to_have_text("After.")


def test_who_writes_a_title_sees_what_is_there_already(arrive: Arrive):
    page = arrive("lead")
    start(page, "Which marquee do you hire?")
    page.goto(f"{HERE}new/")
    page.get_by_label("Title", exact=True).type("Hiring marquees")
    expect(page.get_by_role("link", name="Which marquee do you hire?")).to_be_visible()


def test_nothing_hostile_lives_in_a_post_or_in_the_editor(site: Site, arrive: Arrive):
    page = arrive("lead")
    page.add_init_script("window.hit = 0")
    thread = start(page, "Hostile")
    outside: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((site.address, "data:")) else outside.append(request.url)
        ),
    )
    page.goto(thread)
    token = page.locator("#reply input[name=csrfmiddlewaretoken]").get_attribute("value") or ""
    for number, payload in enumerate(CORPUS):
        form = {
            "csrfmiddlewaretoken": token,
            "text": f"No. {number}",
            "html": f"<p>No. {number}</p>{payload}",
        }
        referer = {"Referer": thread if thread.startswith("http") else site.address + thread}
        sent = page.request.post(thread, form=form, headers=referer)
        assert sent.status == (422 if "\0" in payload else 200), payload
    shown = 0
    for begin in range(1, len(CORPUS) + 2, 50):
        page.goto(f"{thread}?from={begin}")
        shown += page.locator("[data-number]").count()
        page.mouse.move(640, 450)
        for link in page.locator(".prose a").all():
            link.evaluate("link => link.click = null")
            assert re.match(r"https://|/people/", link.get_attribute("href") or "https://"), link
        inside = page.locator(".prose *").evaluate_all(
            "all => all.map((one) => [one.tagName, one.getAttributeNames().join(' ')])"
        )
        assert {tag for tag, _names in inside} <= ALLOWED
        assert {names for _tag, names in inside} <= {"", "href rel", "rel"}
        assert page.locator("#post-1").count() <= 1
    assert shown == len([payload for payload in CORPUS if "\0" not in payload]) + 1
    # Pasted into the editor, where the server has not looked yet.
    page.goto(thread)
    editor = opened_editor(page.locator("#id_text"))
    expect(editor).to_be_visible()
    for payload in CORPUS:
        editor.evaluate(
            """(root, html) => {
              const given = new DataTransfer();
              given.setData("text/html", html);
              const how = { clipboardData: given, bubbles: true, cancelable: true };
              root.dispatchEvent(new ClipboardEvent("paste", how));
            }""",
            f"<p>pasted</p>{payload}",
        )
    page.wait_for_timeout(500)
    within = editor.locator("*").evaluate_all(
        "all => all.map((one) => [one.tagName, one.getAttributeNames().join(' ')])"
    )
    assert {tag for tag, _names in within} <= ALLOWED | {"DIV"}  # the editor wraps loose words
    assert {names for _tag, names in within} <= {"", "href"}
    assert page.evaluate("window.hit") == 0
    assert not asked
    assert not outside


def test_who_is_shut_out_hears_no_more(arrive: Arrive):
    """A member leaves in one window; the thread that stands open in another gets nothing more."""
    reader, team = arrive("wider"), arrive("programme")
    where = "/communities/student-advice/"
    reader.goto(where)
    reader.get_by_role("button", name="Join").first.click()
    team.goto(f"{where}threads/new/")
    team.get_by_label("Title", exact=True).fill("For members only")
    opened_editor(team.locator("#id_text")).fill("One.")
    team.get_by_role("button", name="Start it").click()
    thread = team.url
    streams: list[str] = []
    reader.on("request", lambda request: streams.append(request.url) if "/live/" in request.url else None)
    reader.goto(thread)
    opened_editor(team.locator("#id_text")).fill("Two.")
    team.get_by_role("button", name="Reply").click()
    expect(reader.locator("#post-2")).to_contain_text("Two.")
    other = reader.context.new_page()
    other.goto(f"{where}membership/end/")
    # The page is refused when it looks again, and ends its stream.
    with reader.expect_response(
        lambda answer: "/posts/" in answer.url and answer.status == 403, timeout=20_000
    ):
        other.get_by_role("main").get_by_role("button", name="Leave").click()
    opened = len(streams)
    opened_editor(team.locator("#id_text")).fill("Three.")
    team.get_by_role("button", name="Reply").click()
    expect(team.locator("#post-3")).to_be_visible()
    reader.wait_for_timeout(3000)
    assert reader.locator("#post-3").count() == 0
    assert len(streams) == opened
