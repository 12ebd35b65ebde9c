"""The people of a block: who they are, where they work, what they know."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

from folkmoot.demo.invention.data import toml, units
from folkmoot.demo.invention.days import Days
from folkmoot.demo.invention.names import Name, namer
from folkmoot.demo.invention.values import InventedPerson, InventedUnit

DOMAIN = "wrenfield.example"
BLOCK = 2000
MOST_PEOPLE = 1_000_000
_NOT_A_SUBJECT = (
    "School",
    "Institute",
    "Centre",
    "Division",
    "Department",
    "Laboratory",
    "Research Department",
)
_TEACHERS = {"Lecturer": "in", "Senior Lecturer": "in", "Associate Professor": "in", "Professor": "of"}


@dataclass(frozen=True)
class Places:
    """Where people work, how many, and what they do there."""

    units: list[InventedUnit]
    sizes: list[float]
    jobs: dict[str, tuple[list[str], list[float]]]
    every_skill: list[str]


@cache
def _places() -> Places:
    jobs = toml("jobs")
    sizes = [jobs["sizes"].get(unit.code, 10) for unit in units()]
    parts = {
        unit.code: jobs["units"][_kind_of_work(unit)]
        for unit, size in zip(units(), sizes, strict=True)
        if size
    }
    return Places(
        units=list(units()),
        sizes=list(accumulate(sizes)),
        jobs={code: (list(shares), list(accumulate(shares.values()))) for code, shares in parts.items()},
        every_skill=sorted({skill for family in jobs["families"].values() for skill in family["skills"]}),
    )


def _kind_of_work(unit: InventedUnit) -> str:
    jobs = toml("jobs")
    if unit.code in jobs["units"]:
        return unit.code
    if unit.parent == "WREN":
        return "faculty-office"
    parents = {other.code: other.parent for other in units()}
    faculty = unit.code
    while parents[faculty] != "WREN":
        faculty = parents[faculty]
    has_laboratories = faculty in jobs["laboratories"] and unit.code not in jobs["desks"]
    return "laboratory" if has_laboratories else "library-and-seminar"


def ref(number: int) -> str:
    """The organisation's id of the person of that number: all different below a million, and in no order."""
    return f"w{(number * 387_041 + 4_217) % MOST_PEOPLE:06d}"


class Hiring:
    """Invents people one after another; addresses stay different from one block to the next."""

    def __init__(self, days: Days) -> None:
        self.days = days
        self.addresses: Counter[str] = Counter()
        self.number = 0

    def reserve(self, address: str) -> str:
        """An address that nobody has: first.last, first.last2 …"""
        self.addresses[address] += 1
        taken = self.addresses[address]
        return f"{address}{taken if taken > 1 else ''}@{DOMAIN}"

    def next_ref(self) -> str:
        """The next person's id."""
        self.number += 1
        return ref(self.number)

    def seniors(self, draw: Random) -> Iterator[InventedPerson]:
        """The directors and deans, who may sponsor a community. They are here."""
        name = namer(draw)
        for post in toml("jobs")["senior"]:
            for title in post["titles"]:
                who = name()
                yield InventedPerson(
                    ref=self.next_ref(),
                    name=who.shown,
                    email=self.reserve(who.address),
                    job_title=title,
                    unit=post["unit"],
                    job="senior",
                    skills_offered=draw.sample(
                        ["mentoring", "briefing papers", "negotiation", "coaching"], 2
                    ),
                    pronouns=_pronouns(draw, who) if draw.random() < 0.3 else "",
                )

    def staff(self, draw: Random, count: int) -> Iterator[InventedPerson]:
        """`count` people of all other jobs, one in thirty of whom has left."""
        places, jobs, name, chance = _places(), toml("jobs")["families"], namer(draw), draw.random
        for unit in draw.choices(places.units, cum_weights=places.sizes, k=count):
            families, shares = places.jobs[unit.code]
            family = draw.choices(families, cum_weights=shares)[0]
            who = name()
            offered, wanted = _skills(draw, jobs[family]["skills"], places.every_skill)
            gone = _gone(draw)
            yield InventedPerson(
                ref=self.next_ref(),
                name=who.shown,
                email=None
                if chance() < (0.12 if family == "estates" else 0.015)
                else self.reserve(who.address),
                job_title=_title(draw.choice(jobs[family]["titles"]), unit),
                unit=unit.code,
                job=family,
                skills_offered=offered,
                skills_wanted=wanted,
                pronouns=_pronouns(draw, who) if chance() < 0.3 else "",
                about=_about(draw, offered, wanted) if offered and chance() < 0.3 else "",
                left=None if gone is None else self.days(gone),
                gone=gone,
            )


def _skills(draw: Random, own: list[str], every: list[str]) -> tuple[list[str], list[str]]:
    offered = draw.sample(own, draw.randint(1, 4)) if draw.random() < 0.75 else []
    if offered and draw.random() < 0.3:
        other = draw.choice(every)
        if other not in offered:
            offered.append(other)
    wanted = [draw.choice(every)] if draw.random() < 0.45 else []
    if wanted and draw.random() < 0.4:
        wanted.append(draw.choice(own))
    return offered, sorted({skill for skill in wanted if skill not in offered})


def _gone(draw: Random) -> int | None:
    chosen = draw.random()
    if chosen < 0.033:
        return -draw.randint(6, 1000)
    return draw.randint(15, 60) if chosen < 0.035 else None


def _title(title: str, unit: InventedUnit) -> str:
    joint = _TEACHERS.get(title)
    if joint is None or unit.name.startswith(_NOT_A_SUBJECT) or unit.name.endswith(("Unit", "Laboratory")):
        return title
    return f"{title} {joint} {unit.name}"


def _pronouns(draw: Random, name: Name) -> str:
    words = toml("about")["pronouns"]
    return str(
        draw.choice(words["either"] if draw.random() < 0.06 else words["woman" if name.woman else "man"])
    )


def _about(draw: Random, offered: list[str], wanted: list[str]) -> str:
    about = toml("about")
    sentences = about["work"] if wanted else [s for s in about["work"] if "{wish}" not in s]
    work = draw.choice(sentences).format(skill=draw.choice(offered), wish=draw.choice(wanted or [""]))
    chosen = draw.random()
    if chosen < 0.35:
        return str(work)
    person = draw.choice(about["person"])
    return str(person) if chosen < 0.6 else f"{work} {person}"
