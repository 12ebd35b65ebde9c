"""Which pages are measured, as whom, and the most they may cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page and its aim in hellos ("ours at most" of the peers' table), None where the peers have none."""

    name: str
    path: str
    who: str
    aim: float | None


def pages(community: str, person: str) -> list[Page]:
    """The pages to measure; `community` is the slug of one whose lead signs in, `person` the path of that lead."""
    return [
        Page("home, visitor", "/", "", 19),
        Page("home, signed in", "/", "lead", 27),
        Page("directory, visitor", "/communities/", "", 19),
        Page("directory, signed in", "/communities/", "lead", None),
        Page("community, visitor", f"/communities/{community}/", "", 15),
        Page("community, signed in", f"/communities/{community}/", "lead", 26),
        Page("members", f"/communities/{community}/members/", "lead", None),
        Page("community's charter", f"/communities/{community}/charter/", "lead", None),
        Page("people", "/people/", "lead", None),
        Page("person", person, "lead", None),
        Page("board", "/programme/", "team", None),
    ]
