"""The cast of six, and what each of them does in the programme."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from folkmoot.core.text import fold
from folkmoot.demo.invention.data import toml
from folkmoot.demo.invention.staff import Hiring
from folkmoot.demo.invention.values import CastMember, InventedPerson

TEAM_JOB = "programme-team"


@dataclass(slots=True)
class Parts:
    """What the cast does, by index in the block; empty in every block but the first.

    `leads` and `sponsors` are {(community, place of the term): person}, `seats` is
    {community: [(person, role, days)]}.
    """

    people: set[int] = field(default_factory=set)
    leads: dict[tuple[str, int], int] = field(default_factory=dict)
    sponsors: dict[tuple[str, int], int] = field(default_factory=dict)
    seats: dict[str, list[tuple[int, str, int]]] = field(default_factory=dict)


def team(hiring: Hiring) -> Iterator[InventedPerson]:
    """The six, then the rest of the programme team."""
    for written in (*toml("cast")["member"], *toml("cast")["colleague"]):
        given, _, family = written["name"].partition(" ")
        on_team = written.get("key", TEAM_JOB) in {"programme", TEAM_JOB}
        yield InventedPerson(
            ref=hiring.next_ref(),
            name=written["name"],
            email=hiring.reserve(f"{fold(given)}.{fold(family)}"),
            job_title=written["job_title"],
            unit=written["unit"],
            job=TEAM_JOB if on_team else "cast",
            skills_offered=written.get("skills_offered", []),
            skills_wanted=written.get("skills_wanted", []),
            pronouns=written["pronouns"],
            about=written.get("about", ""),
            on_programme_team=on_team,
        )


def parts() -> Parts:
    """What the six do, if they are the first people of their block."""
    found = Parts(people=set(range(len(toml("cast")["member"]) + len(toml("cast")["colleague"]))))
    for person, written in enumerate(toml("cast")["member"]):
        found.leads |= dict.fromkeys(written.get("leads", {}).items(), person)
        found.sponsors |= dict.fromkeys(written.get("sponsors", {}).items(), person)
        for role in ("core", "wider"):
            for slug, days in written.get(role, {}).items():
                found.seats.setdefault(slug, []).append((person, role, days))
    return found


def cast(people: list[InventedPerson]) -> list[CastMember]:
    """The six as the demo's page shows them; they are the first of `people`."""
    written: list[dict[str, Any]] = toml("cast")["member"]
    return [
        CastMember(
            key=one["key"],
            ref=person.ref,
            name=person.name,
            role=one["role"],
            story=one["story"],
            starts_at=one.get("starts_at", "home"),
        )
        for one, person in zip(written, people, strict=False)
    ]
