"""Reading one row of people: what it says in the form that is remembered, and what is wrong with it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from folkmoot.core.text import fold
from folkmoot.exchange.importing.plans import Place, References, Rejecter, days_of, read_day
from folkmoot.exchange.reading import Table
from folkmoot.people.actions.profiles import LONGEST_SKILL, MOST_SKILLS
from folkmoot.people.models import Person

YES = {"yes", "y", "true", "1", "x", "left"}
NO = {"no", "n", "false", "0"}
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE_LIKE = re.compile(rf"\d{{1,2}}-(?:{_MONTH})(?:-\d+)?|(?:{_MONTH})-\d+", re.IGNORECASE)


class PersonReader:
    """Reads the cells of one table's rows; rejects those that cannot be."""

    def __init__(self, table: Table, units: References, rejecter: Rejecter, today: date) -> None:
        """`today` is the day meant by “yes” under “left”."""
        self.units = units
        self.rejecter = rejecter
        self.today = today.isoformat()
        self.skills: dict[str, list[str]] = {}
        self.left_days = days_of(table, "left", lambda text: text.lower() in YES | NO)

    def read(self, place: Place, cells: dict[str, str]) -> dict[str, Any] | None:
        """What the row says, in the form that is remembered; None where it was rejected."""
        problems = list(self._problems(cells))
        for column, sentence in problems:
            self.rejecter.reject(place, column, cells.get(column, ""), sentence)
        if problems:
            return None
        key = cells.get("id", "")
        if _DATE_LIKE.fullmatch(key):
            sentence = _("This id looks like a day: a spreadsheet may have changed it. It is taken as it is.")
            self.rejecter.warn(place, "id", key, sentence)
        said: dict[str, Any] = {name: value for name, value in cells.items() if name != "id"}
        if "email" in said:
            said["email"] = said["email"].lower()
        if said.get("unit"):
            said["unit"] = self.units.find(said["unit"])
        if "skills" in said:
            said["skills"] = self._skills(said["skills"])
        if "left" in said:
            said["left_said"] = said["left"].lower()
            said["left"] = self._left(said["left"])
        return said

    def _skills(self, text: str) -> list[str]:
        """The skills of a cell. Many people have the same, so each list is made once and shared."""
        found = self.skills.get(text)
        if found is None:
            found = self.skills[text] = skills_in(text)
        return found

    def _left(self, text: str) -> str:
        if text.lower() in YES:
            return self.today
        return "" if not text or text.lower() in NO else read_day(self.left_days, text)[0]

    def _problems(self, cells: dict[str, str]) -> Iterator[tuple[str, str]]:
        if "id" in cells:
            yield from self._id_problems(cells["id"])
        if "name" in cells and not cells["name"]:
            yield "name", _("A person needs a name.")
        email = cells.get("email", "")
        if email and not self._is_address(email.lower()):
            yield "email", _("This is not an e-mail address.")
        unit = cells.get("unit", "")
        if unit and self.units.find(unit) is None:
            yield "unit", self.units.unknown(unit)
        left = cells.get("left", "")
        if left and left.lower() not in YES | NO:
            sentence = read_day(self.left_days, left)[1]
            if sentence:
                yield "left", sentence
        if "|" in cells.get("skills", "") or len(cells.get("skills", "")) > LONGEST_SKILL:
            yield from _skill_problems(self._skills(cells["skills"]))

    def _id_problems(self, key: str) -> Iterator[tuple[str, str]]:
        if not key:
            yield "id", _("A person needs an id.")
        elif _SHORTENED.fullmatch(key):
            yield (
                "id",
                _("A spreadsheet has shortened this id and lost its last digits. Format the column as text."),
            )
        elif key.startswith(Person.MINTED) or key in {".", ".."}:
            yield "id", _("An id cannot begin with “~” or consist of dots.")

    def _is_address(self, email: str) -> bool:
        try:
            validate_email(email)
        except ValidationError:
            return False
        return True


def skills_in(text: str) -> list[str]:
    """The skills of a cell, each once whatever its case, in their order."""
    parts = (" ".join(part.split()) for part in re.split(r"[|\n]" if "|" in text else r"[;\n]", text))
    return list({fold(part): part for part in reversed([p for p in parts if p])}.values())[::-1]


def _skill_problems(skills: list[str]) -> Iterator[tuple[str, str]]:
    if len(skills) > MOST_SKILLS:
        yield "skills", _("There are more than %(most)d skills in this cell.") % {"most": MOST_SKILLS}
    if any(len(skill) > LONGEST_SKILL for skill in skills):
        yield (
            "skills",
            _("A skill has at most %(most)d characters; separate skills by “|”.") % {"most": LONGEST_SKILL},
        )
