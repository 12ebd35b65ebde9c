"""Names of people of many cultures, joined at random from `data/names.toml`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

from folkmoot.core.text import fold
from folkmoot.demo.invention.data import toml

_NOT_ADDRESS = re.compile(r"[^a-z0-9]+")
OWN_SCRIPT = 0.2  # of those whose culture has one
FAMILY_FIRST = 0.3  # of those whose culture writes the family name first


@dataclass(frozen=True, slots=True)
class Part:
    """A given or a family name: in Latin letters, as an address has it, and in its own script."""

    latin: str
    address: str
    own: str


@dataclass(frozen=True, slots=True)
class Culture:
    """Given names and family names that go together, by gender: a man's first, then a woman's."""

    given: tuple[list[Part], list[Part]]
    family: tuple[list[Part], list[Part]]
    order: str
    script: str
    double: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name as shown, and as the part of an address before the @."""

    shown: str
    address: str
    woman: bool


@cache
def _part(written: str) -> Part:
    latin, _, own = written.partition("|")
    return Part(latin, _NOT_ADDRESS.sub("-", fold(latin).replace("'", "").replace(" ", "")).strip("-"), own)


def _parts(written: str, woman: int) -> list[Part]:
    return [_part(name.strip().split("~")[-woman]) for name in written.split(",")]


@cache
def _cultures() -> tuple[list[Culture], list[int]]:
    found = [
        Culture(
            given=(_parts(culture["men"], 0), _parts(culture["women"], 0)),
            family=(_parts(culture["families"], 0), _parts(culture["families"], 1)),
            order=culture.get("order", ""),
            script=culture.get("script", ""),
            double=culture.get("double", 0) / 100,
        )
        for culture in toml("names").values()
    ]
    return found, list(accumulate(culture["share"] for culture in toml("names").values()))


def namer(draw: Random) -> Callable[[], Name]:
    """Gives one name after another."""
    cultures, shares = _cultures()

    def name() -> Name:
        culture = draw.choices(cultures, cum_weights=shares)[0]
        woman = draw.random() < 0.54
        given = draw.choice(culture.given[woman])
        family = draw.choice(culture.family[woman])
        shown = f"{given.latin} {family.latin}"
        address = f"{given.address}.{family.address}"
        if culture.order == "one name":
            return Name(given.latin, given.address, woman)
        if culture.order == "two families":
            second = draw.choice(culture.family[woman])
            return Name(f"{shown} {second.latin}" if second != family else shown, address, woman)
        if culture.script and draw.random() < OWN_SCRIPT:
            first = culture.script == "family-first"
            own = family.own + given.own if first else f"{given.own} {family.own}"
            return Name(f"{shown} ({own})", address, woman)
        if (
            culture.script == "family-first" or culture.order == "family given"
        ) and draw.random() < FAMILY_FIRST:
            return Name(f"{family.latin} {given.latin}", address, woman)
        if culture.double and draw.random() < culture.double:
            second = draw.choice(culture.family[woman])
            if second != family:
                return Name(f"{shown}-{second.latin}", f"{address}-{second.address}", woman)
        return Name(shown, address, woman)

    return name
