"""Two ways to use a page: with a mouse, and by the keyboard alone."""

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Keyboard as Keys
from playwright.sync_api import Locator, expect

MOST_TABS = 400


class Hand(Protocol):
    """What somebody does on a page."""

    def press(self, control: Locator) -> None:
        """Follow a link, push a button, open a menu."""

    def write(self, field: Locator, text: str) -> None:
        """Put a text into a field, in place of what it has."""

    def choose(self, option: Locator) -> None:
        """Choose one of several radio buttons."""

    def set_day(self, field: Locator, day: str) -> None:
        """Give a date field a day, in ISO form."""

    def attach(self, field: Locator, *files: Path) -> None:
        """Pick files in the dialog of a file field."""


def opened_editor(field: Locator) -> Locator:
    """The editor that a text area becomes when somebody begins to write; the field itself if it becomes none."""
    if not _may_be_edited(field):
        return field
    field.evaluate("field => field.focus()")
    editor = field.page.locator(".editor")
    expect(editor).to_be_visible()
    return editor


def _may_be_edited(field: Locator) -> bool:
    is_area = field.evaluate("field => field.dataset.behaviour === 'editor'")
    return is_area and field.page.locator("input[name=html]").count() > 0  # there with scripts only


def reloaded_until_seen(what: Locator) -> Locator:
    """What comes to a page in the background: soon, or within a minute where the machine is busy."""
    for _half_second in range(120):
        if what.count():
            break
        what.page.wait_for_timeout(500)
        what.page.reload()
    return what


class Mouse:
    """Points and clicks; Playwright refuses what cannot be seen or is covered."""

    def press(self, control: Locator) -> None:
        control.click()

    def write(self, field: Locator, text: str) -> None:
        opened_editor(field).fill(text)

    def choose(self, option: Locator) -> None:
        option.check()

    def set_day(self, field: Locator, day: str) -> None:
        field.fill(day)

    def attach(self, field: Locator, *files: Path) -> None:
        field.set_input_files(files)


class Keyboard:
    """Tab, arrows, Enter and typing, nothing else. The focus must be visible wherever it is used."""

    def press(self, control: Locator) -> None:
        self._go_to(control).press("Enter")

    def write(self, field: Locator, text: str) -> None:
        # A text area may be an editor by the time it is reached.
        keyboard = self._go_to(field.or_(field.page.locator(".editor")) if _may_be_edited(field) else field)
        keyboard.press("ControlOrMeta+a")
        keyboard.type(text)

    def choose(self, option: Locator) -> None:
        group = option.locator("xpath=ancestor::*[count(.//input[@type='radio']) > 1][1]").get_by_role(
            "radio"
        )
        # Tab reaches the chosen one of a group, or any if none is; arrows lead on to the others.
        keyboard = self._go_to(group)
        for _ in range(group.count()):
            if option.evaluate(_IN_FOCUS) and option.is_checked():
                return
            keyboard.press("ArrowDown")
        expect(option).to_be_checked()

    def set_day(self, field: Locator, day: str) -> None:
        year, month, date = day.split("-")
        self._go_to(field).type(month + date + year)
        expect(field).to_have_value(day)

    def attach(self, field: Locator, *files: Path) -> None:
        with field.page.expect_file_chooser() as chooser:
            self._go_to(field).press("Enter")
        chooser.value.set_files(files)

    def _go_to(self, control: Locator) -> Keys:
        page = control.page
        expect(control).not_to_have_count(0)
        for _ in range(MOST_TABS):
            if control.evaluate_all(_ANY_IN_FOCUS):
                assert page.evaluate(_FOCUS_SHOWS), f"the focus is not visible on {control}"
                return page.keyboard
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {control} on {page.url}")


_IN_FOCUS = "element => element === document.activeElement"
_ANY_IN_FOCUS = "elements => elements.includes(document.activeElement)"
# With nothing else to show it, the outline of the focused element or of something that holds it.
_FOCUS_SHOWS = """() => {
  for (let one = document.activeElement; one && one !== document.body; one = one.parentElement) {
    const style = getComputedStyle(one);
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) return true;
    if (style.boxShadow !== "none") return true;
  }
  return false;
}"""
