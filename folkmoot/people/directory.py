"""Finding people: by name, unit and skill, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from folkmoot.core.paging import KeyPage, page_by_key
from folkmoot.core.text import fold, words
from folkmoot.people.models import Person, PersonQuerySet, Unit

PAGE = 50
SUGGESTED_SKILLS = 200
ASKED_FOR_SKILLS = 2_000
MOST_COUNTED = 5_000
SHOWN = ("ref", "name", "sort_name", "job_title", "photo_key", "skills_offered", "unit__name")


@dataclass(frozen=True)
class Search:
    """What somebody looks for in the directory on the day `on`: words, a unit's code, a skill."""

    on: date
    text: str = ""
    unit_code: str = ""
    skill: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str], on: date) -> "Search":
        """The search of a query string; parts that are missing are empty."""
        return cls(
            on=on,
            text=query.get("q", "").strip()[:200],
            unit_code=query.get("unit", "").strip(),
            skill=query.get("skill", "").strip()[:200],
            after=query.get("after", ""),
            before=query.get("before", ""),
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything is looked for at all."""
        return bool(self.text or self.unit_code or self.skill)

    @property
    def query(self) -> str:
        """The search as a query string, without the page."""
        asked = {"q": self.text, "unit": self.unit_code, "skill": self.skill}
        return urlencode({name: value for name, value in asked.items() if value})

    @cached_property
    def units(self) -> list[tuple[Unit, int]]:
        """All units with their depth, to choose from. One statement."""
        return Unit.objects.in_tree_order()

    @cached_property
    def unit(self) -> Unit | None:
        """The unit looked for; None if there is no such unit."""
        return next((unit for unit, _depth in self.units if unit.code == self.unit_code), None)

    @cached_property
    def skills(self) -> list[tuple[str, int]]:
        """All skills on offer with how many offer them, the most offered first. One statement."""
        return Person.objects.here(self.on).skills()

    @cached_property
    def common_skills(self) -> list[tuple[str, int]]:
        """The skills of some thousand people, who offer what most do, however many there are. One statement."""
        some = Person.objects.here(self.on).order_by("-id")[:ASKED_FOR_SKILLS]
        return Person.objects.get_queryset().filter(pk__in=some.values("pk")).skills()

    @property
    def unit_choices(self) -> list[tuple[str, str]]:
        """(code, name) of all units; a name is set in by its depth with spaces, the only means that options know."""
        return [(unit.code, "\u2003" * depth + unit.name) for unit, depth in self.units]

    @property
    def suggested_skills(self) -> list[tuple[str, str]]:
        """Skills to choose from, the most offered, which need no words beside them."""
        return [(skill, "") for skill, _offered in self.common_skills[:SUGGESTED_SKILLS]]

    @cached_property
    def people(self) -> PersonQuerySet:
        """Everybody here whom the search finds. Units count with all units below them."""
        found = Person.objects.here(self.on).matching(self.text)
        if self.unit_code:
            found = found.within(self.unit) if self.unit else found.none()
        if self.skill:
            found = found.offering(_spelled_like(self.skill, self.skills))
        return found

    @cached_property
    def page(self) -> KeyPage[Person]:
        """Fifty of them, by name, with their units. One statement."""
        rows = self.people.select_related("unit").only(*SHOWN)
        return page_by_key(rows, ["sort_name", "id"], after=self.after, before=self.before, size=PAGE)

    @cached_property
    def count(self) -> int | None:
        """How many there are, counted for the first page only, and no further than `MOST_COUNTED`."""
        if self.after or self.before:
            return None
        return len(self.page) if not self.page.next else self.people.order_by()[:MOST_COUNTED].count()

    @property
    def is_counted(self) -> bool:
        """Whether there are no more than were counted."""
        return self.count is not None and self.count < MOST_COUNTED


def _spelled_like(asked: str, skills: list[tuple[str, int]]) -> list[str]:
    """The spellings of what is asked for, whatever case and accents; else all skills that begin like it."""
    same = [skill for skill, _offered in skills if fold(skill) == fold(asked)]
    return same or [skill for skill, _offered in skills if _begins_like(skill, words(asked))]


def _begins_like(skill: str, asked: list[str]) -> bool:
    own = words(skill)
    return bool(asked) and all(any(word.startswith(part) for word in own) for part in asked)
