"""Which pages are measured, as whom, and the most they may cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page and its aim in hellos ("ours at most" of the peers' table), None where the peers have none.

    `unchanged` is asked for by whoever has it already, and answered with 304.
    """

    name: str
    path: str
    who: str
    aim: float | None
    unchanged: bool = False


def pages(
    community: str, person: str, event: str, month: str, thread: str, full: str, feed: str
) -> list[Page]:
    """The pages to measure: of a community by its slug, whose lead signs in and is `person`; `event`, `thread`,
    `full` (an event with two hundred answers) and `feed` (the programme's) are paths.
    """
    return [
        Page("home, visitor", "/", "", 19),
        Page("home, signed in", "/", "lead", 27),
        Page("directory, visitor", "/communities/", "", 19),
        Page("directory, signed in", "/communities/", "lead", None),
        Page("community, visitor", f"/communities/{community}/", "", 15),
        Page("community, signed in", f"/communities/{community}/", "lead", 26),
        Page("members", f"/communities/{community}/members/", "lead", None),
        Page("charter and two years", f"/communities/{community}/charter/", "lead", None),
        Page("threads", f"/communities/{community}/threads/", "lead", None),
        Page("thread of 20 posts", thread, "lead", 31),
        Page("event, visitor", event, "", 20),
        Page("event, signed in", event, "lead", 30),
        Page("event with 200 answers", full, "lead", 30),
        Page("events held", "/events/?when=past", "lead", None),
        Page("agenda of a month", f"/events/?view=month&month={month}", "lead", 40),
        Page("month, day by day", f"/events/?view=agenda&month={month}", "lead", 40),
        Page("programme's feed", feed, "", None),
        Page("programme's feed, unchanged", feed, "", None, unchanged=True),
        Page("people", "/people/", "lead", None),
        Page("person", person, "lead", None),
        Page("board", "/programme/", "team", None),
        Page("board, two years ago", "/programme/?on=2024-11-20", "team", None),
        Page("board with two years", "/programme/?history=1", "team", None),
    ]
