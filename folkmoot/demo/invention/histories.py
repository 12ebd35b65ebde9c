"""The history of a community's posts and members, as spans of days counted from today.

A span is half open: [start, end), `end` None where it has no end. Spans of one person's seats never overlap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

LEAD, SPONSOR, CORE, WIDER = "lead", "sponsor", "core", "wider"
SHORTEST = 7  # days; see `Days` on why not fewer than four


@dataclass(frozen=True, slots=True)
class Span:
    """A role held from `start` until before `end`."""

    role: str
    start: int
    end: int | None


@dataclass(slots=True)
class Term:
    """A term of a post, to be given to somebody. `renews` says that whoever held the one before stays on."""

    start: int
    end: int | None
    now: bool = False
    renews: bool = False


def chains_of_leads(draw: Random, template: dict[str, Any], begins: int) -> list[list[Term]]:
    """The terms of each lead's post, from the community's first day to those that communities.toml states."""
    leads = []
    for place, last_day in enumerate(template["leads"]):
        first = begins
        if place == 4:
            first = -template["fifth_lead_ago"]
        elif place >= 2 and begins < -300:
            first = draw.randint(begins + 60, -200)
        leads.append(_chain(draw, first, last_day))
    if "second_lead_ended_ago" in template:
        leads.append(_ended_chain(draw, begins, -template["second_lead_ended_ago"]))
    return leads


def chains_of_sponsors(draw: Random, template: dict[str, Any], begins: int) -> list[list[Term]]:
    """The same for the sponsor's post; two chains where the template has two sponsors today."""
    sponsors = []
    for place, last_day in enumerate(template["sponsors"]):
        first = -template["second_sponsor_ago"] if place else begins + draw.randint(0, 40)
        sponsors.append(_chain(draw, first, last_day))
    if "sponsor_ended_ago" in template:
        sponsors.append(_ended_chain(draw, begins, -template["sponsor_ended_ago"]))
    return sponsors


def _chain(draw: Random, first: int, last_day: int) -> list[Term]:
    """Terms that follow each other, the last one in post today; now and then there is a gap between two."""
    starts = _starts(draw, first, -75)
    chain = _terms(draw, starts)
    renews = len(starts) > 1 and draw.random() < 0.3
    chain.append(Term(starts[-1], last_day + 1 if last_day else None, now=True, renews=renews))
    return chain


def _ended_chain(draw: Random, first: int, end: int) -> list[Term]:
    starts = _starts(draw, first, end - 75)
    return [*_terms(draw, starts), Term(starts[-1], end)]


def _starts(draw: Random, first: int, last: int) -> list[int]:
    starts = [first]
    while (following := starts[-1] + draw.randint(340, 740)) <= last:
        starts.append(following)
    return starts


def _terms(draw: Random, starts: list[int]) -> list[Term]:
    """All terms but the last."""
    terms: list[Term] = []
    for start, following in pairwise(starts):
        gap = draw.randint(10, 35) if draw.random() < 0.2 else 0
        terms.append(Term(start, following - gap, renews=bool(terms) and draw.random() < 0.3))
    return terms


def give(chain: list[Term], holder: Callable[[Term], int]) -> list[tuple[int, list[Term]]]:
    """Who holds which terms of a chain. A term that is renewed begins where the one before it ends."""
    held: list[tuple[int, list[Term]]] = []
    for number, term in enumerate(chain):
        # Whoever holds the renewed term in post today must be found among today's members, so look ahead.
        if held and term.renews:
            held[-1][1][-1].end = term.start
            held[-1][1].append(term)
        else:
            staying = _stays(chain, number)
            held.append((holder(staying), [term]))
    return held


def _stays(chain: list[Term], number: int) -> Term:
    """The last of the terms that whoever holds term `number` goes on to hold."""
    while number + 1 < len(chain) and chain[number + 1].renews:
        number += 1
    return chain[number]


def seats_of_lead(draw: Random, begins: int, terms: list[Term], gone: int | None) -> list[Span]:
    """The seats of somebody who led: before, in post, and after; until today, or until they are `gone`."""
    first = terms[0].start
    spans: list[Span] = []
    if first > begins + 2 * SHORTEST and draw.random() < 0.85:
        core_from = max(begins, first - draw.randint(60, 420))
        if core_from > begins + SHORTEST and draw.random() < 0.6:
            joined = max(begins, core_from - draw.randint(30, 380))
            if core_from - joined >= SHORTEST:
                spans.append(Span(WIDER, joined, core_from))
        spans.append(Span(CORE, core_from, first))
    spans += [Span(LEAD, term.start, term.end) for term in terms]
    end = terms[-1].end
    if end is not None and end < 0:
        role = CORE if draw.random() < 0.7 else WIDER
        if gone is None:
            spans.append(Span(role, end, None))
        elif gone - end > 2 * SHORTEST:
            spans.append(Span(role, end, draw.randint(end + SHORTEST, gone)))
    return spans


def seats_of_core(draw: Random, begins: int) -> list[Span]:
    """The seats of a core member: most joined in before they drove."""
    joined = _joined(draw, begins, -40)
    if joined < -130 and draw.random() < 0.7:
        driving = draw.randint(joined + 30, -10)
        return [Span(WIDER, joined, driving), Span(CORE, driving, None)]
    return [Span(CORE, joined, None)]


def seats_of_wider(draw: Random, begins: int, latest: int) -> list[Span]:
    """The seats of a wider member who joined on day `latest` or before. Some have stepped back, some returned."""
    joined = _joined(draw, begins, latest)
    chosen = draw.random()
    if joined < -120 and chosen < 0.04:
        core_from = draw.randint(joined + SHORTEST, -70)
        back = draw.randint(core_from + SHORTEST, -10)
        return [Span(WIDER, joined, core_from), Span(CORE, core_from, back), Span(WIDER, back, None)]
    if joined < -200 and chosen < 0.09:
        away = draw.randint(joined + 30, -100)
        return [Span(WIDER, joined, away), Span(WIDER, draw.randint(away + SHORTEST, -5), None)]
    return [Span(WIDER, joined, None)]


def seats_of_former(draw: Random, begins: int, gone: int) -> list[Span]:
    """The seats of a member who left, at the latest on day `gone`; none where there was no time for it."""
    latest = min(gone, -2)
    if latest - begins < 60:
        return []
    left = draw.randint(begins + 50, latest)
    return [Span(CORE if draw.random() < 0.08 else WIDER, draw.randint(begins, left - 30), left)]


def _joined(draw: Random, begins: int, latest: int) -> int:
    """A day of joining: a tenth were there from the first day, and there were more of late."""
    if draw.random() < 0.1 or begins >= latest:
        return min(begins, latest)
    return latest - int((latest - begins) * draw.random() ** 1.15)


def shifted(spans: list[Span], by: int) -> list[Span]:
    """The spans as of a community that ended `by` days ago: open ends close with it."""
    return [
        Span(span.role, span.start - by, min(0, span.end if span.end is not None else 0) - by)
        for span in spans
    ]
