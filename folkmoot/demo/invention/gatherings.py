"""Who takes part in which community, and how they came to their seats and posts."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from folkmoot.demo.invention import histories
from folkmoot.demo.invention.casting import Parts
from folkmoot.demo.invention.data import toml
from folkmoot.demo.invention.histories import CORE, LEAD, SPONSOR, WIDER, Span, Term
from folkmoot.demo.invention.values import InventedPerson

TAKE_PART = 0.87  # of those who are here
LEAST_UNIT = 5  # from units smaller than this (see `sizes` in jobs.toml) nobody has come yet
OUT_OF_THEIR_FIELD = 0.1  # of the memberships
CORE_SHARE = 0.12  # of a community's members
FORMER_SHARE = 0.42  # as many have left a community of three years, against its members


@dataclass(slots=True)
class Gathering:
    """A community's template, its address, and what everybody of it held: {index in the block: spans}."""

    template: dict[str, Any]
    slug: str
    seats: dict[int, list[Span]] = field(default_factory=dict)
    sponsorships: list[tuple[int, Span]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What the template is called; the same in every block."""
        return str(self.template["slug"])

    @property
    def begins(self) -> int:
        """Its first day, counted from today."""
        return -int(self.template["stages"][0][1])

    @property
    def ended(self) -> int:
        """How many days ago it was closed; 0 while it lives."""
        stage, ago = self.template["stages"][-1]
        return int(ago) if stage == "closed" else 0

    def skill(self, draw: Random) -> str:
        """One of the skills of the work that its members do."""
        jobs = self.template["jobs"]
        family = draw.choices(list(jobs), list(jobs.values()))[0]
        return str(draw.choice(toml("jobs")["families"][family]["skills"]))

    def leads(self) -> list[int]:
        """Those who lead today."""
        return [
            person
            for person, spans in self.seats.items()
            if any(
                span.role == LEAD and span.start <= 0 and (span.end is None or span.end > 0) for span in spans
            )
        ]


def gather(draw: Random, people: list[InventedPerson], gatherings: list[Gathering], parts: Parts) -> None:
    """Fill the gatherings with members and posts. `parts` says what the cast does."""
    chosen = _choose(draw, people, gatherings, parts)
    former = [n for n, person in enumerate(people) if person.gone is not None and person.gone < -40]
    for gathering in gatherings:
        _Filling(draw, people, gathering, parts, chosen[gathering.slug], former).fill()
    _sponsor(draw, people, gatherings, parts)


class _Filling:
    """Seats everybody of one gathering. Days are counted from today, or from the day after its last."""

    def __init__(
        self,
        draw: Random,
        people: list[InventedPerson],
        gathering: Gathering,
        parts: Parts,
        members: list[int],
        former: list[int],
    ) -> None:
        self.draw, self.people, self.gathering, self.parts = draw, people, gathering, parts
        self.members, self.former = members, former
        self.shift = gathering.ended
        self.begins = gathering.begins + self.shift
        jobs: dict[str, int] = gathering.template["jobs"]
        best = sorted(jobs, key=lambda job: -jobs[job])[:2]
        staying = [n for n in members if people[n].gone is None]
        fitting = [n for n in staying if people[n].job in best]
        self.candidates = fitting if len(fitting) > 20 else staying
        draw.shuffle(self.candidates)

    def fill(self) -> None:
        """The cast, leads, core and wider members, and those who have left."""
        seats, size = self.gathering.seats, int(self.gathering.template["size"])
        for person, role, days in self.parts.seats.get(self.gathering.key, []):
            spans = [Span(role, -days, None)]
            if role == CORE:
                spans.insert(0, Span(WIDER, max(self.begins, -days - 200), -days))
            self._seat(person, spans)
        chains = histories.chains_of_leads(self.draw, self.gathering.template, self.begins)
        for place, chain in enumerate(chains):
            for person, terms in histories.give(chain, self._holder(place)):
                gone = self._gone(person)
                self._seat(person, histories.seats_of_lead(self.draw, self.begins, terms, gone))
        core = round(size * CORE_SHARE) - sum(spans[-1].role == CORE for spans in seats.values())
        unseated = [person for person in self.members if person not in seats]
        for place, person in enumerate(unseated):
            if place < core:
                self._seat(person, histories.seats_of_core(self.draw, self.begins))
            else:
                # Nobody joined a community in its last days; into one that lives somebody came yesterday.
                latest = -histories.SHORTEST if self.shift else -1
                self._seat(person, histories.seats_of_wider(self.draw, self.begins, latest))
        self._appoint_successor(unseated[:core])
        self._seat_former(int(size * FORMER_SHARE * min(1.0, -self.begins / 1100)))

    def _holder(self, place: int) -> Callable[[Term], int]:
        """Finds somebody for a term: a member for one that runs today, else often one who has left."""

        def holder(term: Term) -> int:
            cast = self.parts.leads.get((self.gathering.key, place))
            if term.now and cast is not None:
                return cast
            if not term.now and self.draw.random() < 0.45:
                for person in self.draw.sample(self.former, min(20, len(self.former))):
                    if person not in self.gathering.seats and (self._gone(person) or 0) >= (term.end or 0):
                        return person
            return self.candidates.pop()

        return holder

    def _gone(self, person: int) -> int | None:
        gone = self.people[person].gone
        return None if gone is None else gone + self.shift

    def _seat(self, person: int, spans: list[Span]) -> None:
        gone = self._gone(person)
        if gone is not None and spans[-1].end is None:
            spans[-1] = Span(spans[-1].role, spans[-1].start, gone)
        self.gathering.seats[person] = histories.shifted(spans, self.shift) if self.shift else spans

    def _appoint_successor(self, core: list[int]) -> None:
        """A core member who is to lead from a day to come."""
        start = self.gathering.template.get("successor_from")
        staying = [n for n in core if self.people[n].gone is None]
        if start and staying:
            spans = self.gathering.seats[staying[0]]
            spans[-1:] = [Span(CORE, spans[-1].start, start), Span(LEAD, start, None)]

    def _seat_former(self, count: int) -> None:
        everybody = range(len(self.people))
        for person in self.draw.sample(everybody, min(len(everybody), 3 * count)):
            if count <= 0:
                return
            if (
                person in self.gathering.seats
                or person in self.parts.people
                or self.people[person].job == "senior"
            ):
                continue
            spans = histories.seats_of_former(self.draw, self.begins, min(0, self._gone(person) or 0))
            if spans:
                self._seat(person, spans)
                count -= 1


def _choose(
    draw: Random, people: list[InventedPerson], gatherings: list[Gathering], parts: Parts
) -> dict[str, list[int]]:
    """{slug: its members}: first one community each, near their job; then more until all are full."""
    quiet = {code for code, size in toml("jobs")["sizes"].items() if size < LEAST_UNIT}
    taking_part = [
        number
        for number, person in enumerate(people)
        if person.is_here
        and person.job != "senior"
        and number not in parts.people
        and person.unit not in quiet
        and draw.random() < TAKE_PART
    ]
    draw.shuffle(taking_part)
    open_ones = [g for g in gatherings if not g.ended]
    left = {g.slug: int(g.template["size"]) - len(parts.seats.get(g.key, [])) for g in gatherings}
    chosen: dict[str, list[int]] = {g.slug: [] for g in gatherings}
    by_job: dict[str, list[int]] = defaultdict(list)
    for person in taking_part:
        job = people[person].job
        by_job[job].append(person)
        fitting = [g for g in open_ones if job in g.template["jobs"] and left[g.slug] > 0]
        if fitting:
            weights = [g.template["jobs"][job] ** 2 * left[g.slug] for g in fitting]
            slug = draw.choices(fitting, weights)[0].slug
            chosen[slug].append(person)
            left[slug] -= 1
    for gathering in gatherings:
        members = set(chosen[gathering.slug])
        wanted = len(members) + left[gathering.slug]
        jobs = [job for job in gathering.template["jobs"] if by_job[job]]
        weights = [gathering.template["jobs"][job] * len(by_job[job]) for job in jobs]
        for job in draw.choices(jobs, weights, k=4 * wanted):
            if len(members) >= wanted:
                break
            near = gathering.template.get("joining") == "invitation" or draw.random() > OUT_OF_THEIR_FIELD
            members.add(draw.choice(by_job[job] if near else taking_part))
        chosen[gathering.slug] = sorted(members)
        draw.shuffle(chosen[gathering.slug])
    return chosen


def _sponsor(draw: Random, people: list[InventedPerson], gatherings: list[Gathering], parts: Parts) -> None:
    """Give every term of a sponsor to somebody senior, those in post today to different people."""
    seniors = [number for number, person in enumerate(people) if person.job == "senior"]
    free = draw.sample(seniors, len(seniors))
    for gathering in gatherings:
        begins = gathering.begins + gathering.ended
        had: set[int] = set()

        def senior(term: Term, cast: int | None, had: set[int], lives: bool) -> int:
            if term.now and lives and cast is not None:
                return cast
            if term.now and lives:
                person = next(other for other in free if other not in had)
                free.remove(person)
            else:
                person = draw.choice([other for other in seniors if other not in had])
            had.add(person)
            return person

        for place, chain in enumerate(histories.chains_of_sponsors(draw, gathering.template, begins)):
            cast = parts.sponsors.get((gathering.key, place))
            holder = partial(senior, cast=cast, had=had, lives=not gathering.ended)
            for person, terms in histories.give(chain, holder):
                spans = [Span(SPONSOR, term.start, term.end) for term in terms]
                spans = histories.shifted(spans, gathering.ended) if gathering.ended else spans
                gathering.sponsorships += [(person, span) for span in spans]
