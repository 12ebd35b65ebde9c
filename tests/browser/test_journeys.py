"""What people come for, from the first page to the last: by mouse, by keyboard alone, and with scripts off."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Hand, Keyboard, Mouse, reloaded_until_seen
from tests.browser.server import Site

pytestmark = pytest.mark.browser
Arrive = Callable[..., Page]


@dataclass(frozen=True)
class Way:
    """How somebody uses the site; and which of the cast and communities are theirs, so that no two meet."""

    hand: Hand
    scripts: bool
    joins: str
    joining: str
    lead_of: str
    status: str
    meets: str
    met: str
    waived: str
    zipped: bool


WAYS = {
    "by mouse": Way(
        hand=Mouse(),
        scripts=True,
        zipped=True,
        joins="Mirza Farooqui",
        joining="open-research",
        lead_of="events-management",
        status="Due soon",
        meets="hr-partners",
        met="Missed",
        waived="Learning event",
    ),
    "by keyboard": Way(
        hand=Keyboard(),
        scripts=True,
        zipped=False,
        joins="Hollis Ferreira-Wren",
        joining="technical",
        lead_of="student-advice",
        status="Due soon",
        meets="impact-and-partnerships",
        met="Missed",
        waived="Core meeting",
    ),
    "without scripts": Way(
        hand=Mouse(),
        scripts=False,
        zipped=False,
        joins="Rafael Quintanilha",
        joining="everyday-automation",
        lead_of="data-and-insight",
        status="Missed",
        meets="teaching-administrators",
        met="Due soon",
        waived="Leads",
    ),
}


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def way(request: pytest.FixtureRequest) -> Way:
    return request.param


def test_a_visitor_finds_a_community_signs_in_and_joins(site: Site, arrive: Arrive, way: Way):
    email = address_of(arrive, "/people/?q=" + way.joins, way.joins)
    page, hand = arrive(java_script_enabled=way.scripts), way.hand
    page.goto("/")
    hand.press(page.get_by_role("navigation", name="Site").get_by_role("link", name="Communities"))
    name = page.locator(f'main a[href="/communities/{way.joining}/"]').inner_text()
    hand.write(page.get_by_label("Find", exact=True), name)
    hand.press(page.get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile(r"\?q="))
    hand.press(page.get_by_role("main").get_by_role("link", name=name))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    hand.press(page.get_by_role("link", name="Join"))
    sign_in_by_code(site, page, hand, email)
    hand.press(page.get_by_role("main").get_by_role("button", name=f"Join {name}"))
    expect(page).to_have_url(f"{site.address}/communities/{way.joining}/")
    expect(page.get_by_role("link", name="You are a member")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("main").get_by_role("link", name=name).first).to_be_visible()


def programme_of_one(name: str, folder: Path, *, zipped: bool) -> list[Path]:
    """A community with one lead, as tables of a spreadsheet, in one archive or file by file."""
    slug = name.lower().replace(" ", "-")
    tables = {
        "people.csv": f"id,name,email\n{slug},Perpetua Lindqvist,{slug}@wrenfield.example\n",
        "communities.csv": f"slug,name,stage,since\n{slug},{name},active,2020-01-01\n",
        "memberships.csv": f"community,person,role,since\n{slug},{slug},lead,2020-01-01\n",
    }
    for table, text in tables.items():
        (folder / table).write_text(text)
    files = [folder / table for table in tables]
    if not zipped:
        return files
    with ZipFile(folder / "programme.zip", "w") as archive:
        for file in files:
            archive.write(file, file.name)
    return [folder / "programme.zip"]


def address_of(arrive: Arrive, where: str, name: str = "") -> str:
    """The e-mail address of the first person on a page (of that name), as a colleague finds it."""
    page = arrive("sponsor")
    page.goto(where)
    page.get_by_role("main").locator("a[href^='/people/w']").filter(has_text=name).first.click()
    return page.get_by_role("main").locator("a[href^='mailto:']").inner_text()


def sign_in_by_code(site: Site, page: Page, hand: Hand, email: str) -> None:
    """From the page that asks who one is, to the page one was after."""
    hand.press(page.get_by_role("link", name="Send me a sign-in code"))
    hand.write(page.get_by_label("E-mail"), email)
    hand.press(page.get_by_role("button", name="Send me a code"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Type in the code")
    code = re.search(r"^ {4}(\S+)$", site.letters_to(email)[-1], re.MULTILINE)
    assert code
    hand.write(page.get_by_label("Code"), code[1])
    hand.press(page.get_by_role("main").get_by_role("button", name="Sign in"))


def test_a_lead_appoints_a_co_lead_and_the_finding_turns(site: Site, arrive: Arrive, way: Way):
    slug, hand = way.lead_of, way.hand
    email = address_of(arrive, f"/communities/{slug}/")
    page = arrive(java_script_enabled=way.scripts)
    page.goto(f"/accounts/login/?next=/communities/{slug}/charter/")
    sign_in_by_code(site, page, hand, email)
    finding = page.get_by_role("article", name="Leads")
    expect(finding.locator("header")).to_contain_text(way.status)
    hand.press(page.get_by_role("navigation", name="Community").get_by_role("link", name="Members"))
    hand.press(page.get_by_role("link", name="Add or appoint somebody"))
    hand.write(page.get_by_label("Find somebody of the directory"), way.joins)
    hand.press(page.get_by_role("button", name="Find"))
    hand.press(page.get_by_role("listitem").filter(has_text=way.joins).get_by_role("link"))
    hand.choose(page.get_by_role("radio", name="Lead"))
    hand.set_day(page.get_by_label("Until"), (date.today() + timedelta(days=730)).isoformat())
    hand.press(page.get_by_role("button", name="Give this role"))
    expect(page.get_by_role("status")).to_contain_text(f"New role for {way.joins}: lead.")
    hand.press(page.get_by_role("navigation", name="Community").get_by_role("link", name="Charter"))
    expect(page.get_by_role("article", name="Leads").locator("header")).to_contain_text("Met")


def test_the_programme_team_imports_and_reads_the_board_and_another_day(
    arrive: Arrive, way: Way, tmp_path: Path
):
    page, hand = arrive("programme", java_script_enabled=way.scripts), way.hand
    heading = page.get_by_role("heading", level=1)
    page.goto("/")
    hand.press(page.get_by_role("navigation", name="Site").get_by_role("link", name="Programme"))
    hand.press(page.get_by_role("link", name="Import"))
    name = f"Beekeeping {way.lead_of}"
    hand.attach(page.get_by_label("Files", exact=True), *programme_of_one(name, tmp_path, zipped=way.zipped))
    hand.press(page.get_by_role("button", name="Check these files"))
    expect(heading).to_have_text("Look before you import", timeout=30_000)
    expect(page.get_by_text("Everything in these files can be imported.")).to_be_visible()
    hand.press(page.get_by_role("button", name="Import", exact=True))
    expect(heading).to_have_text("Imported", timeout=30_000)
    hand.press(page.get_by_role("link", name="Look at the board"))
    expect(heading).to_have_text("The programme")
    board = page.get_by_role("region", name="Against the charter")
    expect(board.get_by_role("row").filter(has_text=name)).to_contain_text("1 lead")
    today = board.get_by_role("row").all_inner_texts()
    assert any("Missed" in row for row in today)
    day = date.today() - timedelta(days=500)
    hand.set_day(page.get_by_label("Look at another day"), day.isoformat())
    hand.press(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("main").locator("header").first).to_contain_text(f"{day:%Y}")
    earlier = board.get_by_role("row").all_inner_texts()
    assert len(earlier) > 10
    assert earlier != today
    hand.press(board.get_by_role("row").filter(has_text="Events Management").get_by_role("link").first)
    expect(page).to_have_url(re.compile(rf"/communities/events-management/charter/\?on={day}$"))
    expect(page.get_by_role("article", name="Leads")).to_be_visible()


def test_a_lead_records_last_week_s_sponsor_meeting_and_the_finding_turns(
    site: Site, arrive: Arrive, way: Way
):
    slug, hand = way.meets, way.hand
    email = address_of(arrive, f"/communities/{slug}/")
    page = arrive(java_script_enabled=way.scripts)
    page.goto(f"/accounts/login/?next=/communities/{slug}/charter/")
    sign_in_by_code(site, page, hand, email)
    finding = page.get_by_role("article", name="Sponsor meeting")
    expect(finding.locator("header")).to_contain_text(way.met)
    hand.press(finding.get_by_role("link", name="If you met, record it"))
    expect(page.get_by_role("heading", name="Arrange a sponsor meeting")).to_be_visible()
    hand.press(page.get_by_role("link", name="We met already, or know the day"))
    expect(page.get_by_label("What", exact=True)).to_have_value("sponsor_meeting")
    day = date.today() - timedelta(days=7)
    hand.set_day(page.get_by_label("Day", exact=True), day.isoformat())
    hand.press(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(f"/communities/{slug}/charter/")
    finding = page.get_by_role("article", name="Sponsor meeting")
    expect(finding.locator("header")).to_contain_text("Met")
    expect(finding).to_contain_text(f"last met on {day.day} {day:%B}")


def test_the_programme_team_waives_travels_two_years_and_exports(arrive: Arrive, way: Way, tmp_path: Path):
    slug, hand = "technical", way.hand
    page = arrive("programme", java_script_enabled=way.scripts)
    page.goto(f"/communities/{slug}/charter/")
    hand.press(page.get_by_role("link", name="Waive a commitment"))
    page.get_by_label("Commitment", exact=True).select_option(label=way.waived)
    hand.write(page.get_by_label("Reason"), "The team is being reorganised.")
    hand.set_day(page.get_by_label("Last day"), (date.today() + timedelta(days=30)).isoformat())
    hand.press(page.get_by_role("main").get_by_role("button", name="Waive"))
    finding = page.get_by_role("article", name=way.waived)
    expect(finding.locator("header")).to_contain_text("Waived")
    expect(finding).to_contain_text("The team is being reorganised.")
    hand.press(page.get_by_role("navigation", name="Site").get_by_role("link", name="Programme"))
    board = page.get_by_role("region", name="Against the charter")
    expect(board.get_by_role("row").filter(has_text="Technical").first).to_contain_text("Waived")
    day = date.today() - timedelta(days=730)
    hand.set_day(page.get_by_label("Look at another day"), day.isoformat())
    hand.press(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("main").locator("header").first).to_contain_text(f"{day:%Y}")
    expect(board.get_by_role("row").filter(has_text="Technical").first).not_to_contain_text("Waived")
    hand.press(page.get_by_role("link", name="Import and export"))
    hand.press(page.get_by_role("link", name="Export the programme"))
    hand.press(page.get_by_role("button", name="Write the file"))
    file = page.get_by_role("main").get_by_role("link", name="programme-").first
    expect(file).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        hand.press(file)
    download.value.save_as(tmp_path / "programme.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "programme.xlsx", read_only=True)
    assert len(list(workbook["communities"].rows)) > 20


def test_a_question_is_asked_and_answered(arrive: Arrive, way: Way):
    hand, title = way.hand, f"Where do you keep the {way.joining} list?"
    asker = arrive("core", java_script_enabled=way.scripts)
    asker.goto("/communities/events-management/")
    hand.press(asker.get_by_role("navigation", name="Community").get_by_role("link", name="Talk"))
    hand.press(asker.get_by_role("link", name="Start a thread"))
    hand.choose(asker.get_by_role("radio", name="Question"))
    hand.write(asker.get_by_label("Title", exact=True), title)
    hand.write(asker.locator("#id_text"), "I have looked everywhere.")
    hand.press(asker.get_by_role("button", name="Start it"))
    expect(asker.get_by_role("heading", level=2, name=title)).to_be_visible()
    lead = arrive("lead", java_script_enabled=way.scripts)
    lead.goto("/communities/events-management/threads/")
    hand.press(lead.get_by_role("main").get_by_role("link", name=title))
    hand.write(lead.locator("#id_text"), "In the top drawer.")
    hand.press(lead.get_by_role("button", name="Reply"))
    expect(lead.locator("#post-2")).to_contain_text("In the top drawer.")
    asker.reload()
    hand.press(asker.get_by_role("button", name="This answers it"))
    expect(asker.locator("#post-2")).to_contain_text("The answer")
    hand.press(asker.locator("ol").get_by_role("link", name="Talk"))
    row = asker.get_by_role("listitem").filter(has_text=title)
    expect(row).to_contain_text("Answered")
    hand.press(reloaded_until_seen(lead.get_by_role("link", name="Inbox: something new")))
    told = lead.get_by_role("main").get_by_role("link", name=f"accepted your answer to “{title}”")
    expect(reloaded_until_seen(told)).to_be_visible()


def test_two_people_see_each_other_s_posts_without_reloading(site: Site, arrive: Arrive):
    here = "/communities/events-management/threads/"
    core, lead = arrive("core"), arrive("lead")
    core.goto(f"{here}new/")
    core.get_by_label("Title", exact=True).fill("A talk for two")
    Mouse().write(core.locator("#id_text"), "Hello?")
    core.get_by_role("button", name="Start it").click()
    thread = core.url
    lead.goto(thread)
    for number, (page, other) in enumerate([(lead, core), (core, lead), (lead, core)], start=2):
        Mouse().write(page.locator("#id_text"), f"This is number {number}.")
        page.get_by_role("button", name="Reply").click()
        expect(other.locator(f"#post-{number}")).to_contain_text(f"This is number {number}.")
        assert other.locator("[data-number]").count() == number
    # What is written while the network is cut comes when it is back, once.
    core.context.set_offline(True)
    Mouse().write(lead.locator("#id_text"), "Are you there?")
    lead.get_by_role("button", name="Reply").click()
    expect(lead.locator("#post-5")).to_be_visible()
    assert core.locator("#post-5").count() == 0
    core.context.set_offline(False)
    expect(core.locator("#post-5")).to_contain_text("Are you there?", timeout=20_000)
    assert [each.get_attribute("data-number") for each in core.locator("[data-number]").all()] == list(
        "12345"
    )
    # Other words, and a stone.
    lead.goto(f"{thread.rstrip('/')}/posts/5/edit/")
    Mouse().write(lead.locator("#id_text"), "I am here.")
    lead.get_by_role("button", name="Save").click()
    expect(core.locator("#post-5")).to_contain_text("I am here.")
    lead.goto(f"{thread.rstrip('/')}/posts/5/removal/")
    lead.get_by_role("button", name="Remove it").click()
    expect(core.locator("#post-5")).to_contain_text("A post was removed here.")
