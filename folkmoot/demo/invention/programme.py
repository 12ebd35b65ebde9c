"""The whole programme, block by block. A block is two thousand people and their twenty-four communities."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from folkmoot.demo.invention import casting
from folkmoot.demo.invention.data import toml, units
from folkmoot.demo.invention.days import Days
from folkmoot.demo.invention.gatherings import Gathering, gather
from folkmoot.demo.invention.histories import Span
from folkmoot.demo.invention.ledger import Ledger, in_order
from folkmoot.demo.invention.meetings import InventedAsk, InventedMeeting, Meetings
from folkmoot.demo.invention.rhythm import Rhythm, terms
from folkmoot.demo.invention.staff import BLOCK, Hiring
from folkmoot.demo.invention.talk import Talk, active_days
from folkmoot.demo.invention.values import (
    CastMember,
    CharterVersion,
    Happening,
    InventedCommunity,
    InventedEvent,
    InventedInvitation,
    InventedMembership,
    InventedPeriod,
    InventedPerson,
    InventedRequest,
    InventedThread,
    InventedUnit,
)

SEED = 1973
MOST_BLOCKS = 400
ORGANISATION = "Wrenfield University"
_TOWNS = ("Alder", "Birch", "Cedar", "Elder", "Hazel", "Linden", "Maple", "Oaken", "Rowan", "Willow")
_ENDINGS = ("combe", "dale", "field", "ford", "ham", "holt", "ley", "mere", "stead", "wick")


@dataclass(slots=True)
class Block:
    """Two thousand people and what they do together. No other block has the same refs or slugs."""

    today: date
    people: list[InventedPerson]
    communities: list[InventedCommunity]
    memberships: list[InventedMembership]
    requests: list[InventedRequest] = field(default_factory=list)
    invitations: list[InventedInvitation] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    events: list[InventedEvent] = field(default_factory=list)
    threads: list[InventedThread] = field(default_factory=list)
    meetings: list[InventedMeeting] = field(default_factory=list)
    asks: list[InventedAsk] = field(default_factory=list)
    answers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Programme:
    """What all blocks share, and the way to the blocks, which are made one by one as they are asked for."""

    today: date
    seed: int
    scale: int
    units: tuple[InventedUnit, ...]
    charter: tuple[CharterVersion, ...]
    periods: tuple[InventedPeriod, ...]

    def blocks(self) -> Iterator[Block]:
        """`scale` blocks. The first has the cast as its first six people."""
        days = Days(self.today)
        hiring = Hiring(days)
        for number in range(self.scale):
            yield _block(number, Random(f"{self.seed}:{number}"), days, hiring)

    @property
    def cast(self) -> list[CastMember]:
        """The six."""
        return cast()


def invent(seed: int, today: date, scale: int = 1) -> Programme:
    """The programme of `scale` × 2,000 people as it stands on the day `today`.

    ValueError for no blocks or too many.
    """
    if not 1 <= scale <= MOST_BLOCKS:
        raise ValueError(f"scale is a whole number from 1 to {MOST_BLOCKS}")
    charter = _charter(Days(today))
    return Programme(today, seed, scale, units(), charter, tuple(terms(today)))


def cast() -> list[CastMember]:
    """The six: the same whatever the seed."""
    return casting.cast(list(casting.team(Hiring(Days(date.min)))))


def _charter(days: Days) -> tuple[CharterVersion, ...]:
    first = {"leads": {"least": 2, "most": 4, "notice": 30}, "sponsor": {"notice": 30}}
    later = {"leads": {"least": 2, "most": 4, "notice": 60}, "sponsor": {"notice": 60}}
    return (
        CharterVersion(days(-1096), first, "The charter as the leads and the programme team agreed it."),
        CharterVersion(
            days(-402), later, "A month was too short to find a successor: ends of terms show 60 days ahead."
        ),
    )


def _block(number: int, draw: Random, days: Days, hiring: Hiring) -> Block:
    team = list(casting.team(hiring)) if number == 0 else []
    people = [*team, *hiring.seniors(draw)]
    people += hiring.staff(draw, BLOCK - len(people))
    gatherings = [
        Gathering(template, _slug(template, number)) for template in toml("communities")["community"]
    ]
    gather(draw, people, gatherings, casting.parts() if team else casting.Parts())
    memberships = [
        _membership(days, g.slug, people[n].ref, s)
        for g in gatherings
        for n, spans in g.seats.items()
        for s in spans
    ]
    memberships += [
        _membership(days, g.slug, people[n].ref, s) for g in gatherings for n, s in g.sponsorships
    ]
    block = Block(days.today, people, [_community(days, g, number) for g in gatherings], memberships)
    _ask(draw, days, block, gatherings)
    if team:
        _invite(days, block, gatherings)
    ledger = Ledger(
        draw, people, days, [one.ref for one in people if one.on_programme_team] or [people[0].ref]
    )
    told = [line for gathering in gatherings for line in ledger.of(gathering)]
    # Drawn apart, so that what people did is the same whatever is held.
    block.events = Rhythm(Random(f"{number}:{days.today}"), days.today, people, memberships, number).of(
        gatherings
    )
    block.threads = Talk(Random(f"talk:{number}:{days.today}"), days.today, memberships).of(gatherings)
    said = Meetings(Random(f"meetings:{number}:{days.today}"), days.today, memberships).of(
        gatherings, block.events
    )
    block.meetings, block.asks, block.answers = said.meetings, said.asks, said.answers
    block.happenings = in_order([*told, *ledger.of_requests(block.requests, block.invitations)])
    return block


def _place(number: int) -> str:
    """The invented town of a block; the first has none."""
    if number == 0:
        return ""
    town = _TOWNS[number % 10] + _ENDINGS[number // 10 % 10]
    return town if number <= 100 else f"{town} {number // 100 + 1}"


def _slug(template: dict[str, Any], number: int) -> str:
    place = _place(number).lower().replace(" ", "-")
    return f"{template['slug']}-{place}" if place else str(template["slug"])


def _community(days: Days, gathering: Gathering, number: int) -> InventedCommunity:
    template, place = gathering.template, _place(number)
    kind = template.get("space", "teams")
    return InventedCommunity(
        slug=gathering.slug,
        name=f"{template['name']}, {place}" if place else template["name"],
        area=template["area"],
        purpose=template["purpose"],
        since=days(gathering.begins),
        until=days.before(-gathering.ended) if gathering.ended else None,
        stages=tuple((stage, days(-ago)) for stage, ago in template["stages"]),
        space_kind=kind,
        space_url=f"https://{kind.replace('_', '-')}.wrenfield.example/{gathering.slug}" if kind else "",
        joining=template.get("joining", "open"),
        inside=template.get("inside", "staff"),
        active_days=active_days(Random(f"active:{gathering.slug}"), days, gathering) if kind else (),
    )


def _membership(days: Days, slug: str, ref: str, span: Span) -> InventedMembership:
    return InventedMembership(slug, ref, span.role, days(span.start), days.before(span.end))


def _ask(draw: Random, days: Days, block: Block, gatherings: list[Gathering]) -> None:
    """Requests: those that wait, and those of the last months that were answered."""

    def ask(gathering: Gathering, ref: str, message: str, asked: int, *answer: Any) -> None:
        minute = draw.randint(8 * 60 + 30, 17 * 60)
        block.requests.append(InventedRequest(gathering.slug, ref, message, days(asked), minute, *answer))

    def outsider(gathering: Gathering, job: str) -> str:
        asking = {request.person for request in block.requests}
        outside = [
            person.ref
            for number, person in enumerate(block.people)
            if person.job == job
            and person.gone is None
            and number not in gathering.seats
            and person.ref not in asking
        ]
        return draw.choice(outside)

    for written in toml("communities")["request"]:
        gathering = next(g for g in gatherings if g.key == written["community"])
        ask(gathering, outsider(gathering, written["job"]), written["message"], -written["days_ago"])
    for gathering in gatherings:
        if gathering.template.get("joining") != "request":
            continue
        lead = block.people[gathering.leads()[0]].ref
        for number, spans in gathering.seats.items():
            joined = spans[0].start
            if -120 < joined < -10:
                asked = joined - draw.randint(1, 6)
                ask(gathering, block.people[number].ref, "", asked, days(joined), lead, "accepted")
        ask(gathering, outsider(gathering, "lecturers"), "", -61, days(-58), lead, "declined")


def _invite(days: Days, block: Block, gatherings: list[Gathering]) -> None:
    """One of the cast is invited into a community that is forming."""
    gathering = next(g for g in gatherings if g.key == "makers-and-workshops")
    guest = next(n for n, member in enumerate(toml("cast")["member"]) if member["key"] == "wider")
    lead = block.people[gathering.leads()[0]].ref
    block.invitations.append(
        InventedInvitation(gathering.slug, block.people[guest].ref, "core", lead, days(-4))
    )
