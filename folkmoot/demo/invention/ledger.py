"""What the ledger would have said of the last months, had it been there."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from folkmoot.demo.invention.days import Days
from folkmoot.demo.invention.gatherings import Gathering
from folkmoot.demo.invention.histories import CORE, LEAD, Span
from folkmoot.demo.invention.values import Happening, InventedInvitation, InventedPerson, InventedRequest

REMEMBERED = 180  # days
ANNOUNCED = 12  # days before a lead's first day to come
_VERBS = {(CORE, False): "stepped_up", (LEAD, False): "appointed", (CORE, True): "stepped_down"}


class Ledger:
    """Writes the lines of one gathering after the other; `team` are refs of the programme team."""

    def __init__(self, draw: Random, people: list[InventedPerson], days: Days, team: list[str]) -> None:
        self.draw, self.people, self.days, self.team = draw, people, days, team

    def of(self, gathering: Gathering) -> Iterator[Happening]:
        """Stages, joins, leaves, changes of role and appointments, in no order."""
        if gathering.ended > REMEMBERED:
            return
        yield from self._stages(gathering)
        leads = gathering.leads()
        by_lead = self.people[leads[0]].ref if leads else self.team[0]
        for person, spans in gathering.seats.items():
            yield from self._seats(gathering, self.people[person].ref, spans, by_lead)
        for person, span in gathering.sponsorships:
            ref = self.people[person].ref
            yield from self._line(
                "appointed", span.start, gathering, self.team[0], ref, self._data(span, None)
            )
            if span.end is not None and span.end < 0:
                yield from self._line("removed", span.end, gathering, self.team[0], ref, self._days_of(span))

    def of_requests(
        self, requests: list[InventedRequest], invitations: list[InventedInvitation]
    ) -> Iterator[Happening]:
        """Asking to join, and being invited. Who was accepted has joined, which is told elsewhere."""
        for request in requests:
            at, who, slug = request.minute, request.person, request.community
            yield Happening(request.asked, at, "asked_to_join", who, who, slug)
            if request.answered and request.answer == "declined":
                yield Happening(request.answered, at, "declined", request.answered_by, who, slug)
        for invitation in invitations:
            yield Happening(
                invitation.invited, self._minute(), "invited", invitation.invited_by, invitation.person,
                invitation.community, {"role": invitation.role},
            )  # fmt: skip

    def _stages(self, gathering: Gathering) -> Iterator[Happening]:
        before = ""
        for stage, ago in gathering.template["stages"]:
            on = self.days(-ago).isoformat()
            data = {"from": before, "to": stage, "on": on} if before else {"stage": stage}
            verb = "stage_changed" if before else "community_created"
            yield from self._line(verb, -ago, gathering, self.team[0], "", data)
            before = stage

    def _seats(self, gathering: Gathering, ref: str, spans: list[Span], by_lead: str) -> Iterator[Happening]:
        before: Span | None = None
        for span in spans:
            follows = before is not None and before.end == span.start
            if before is not None and not follows:
                yield from self._line("left", before.end or 0, gathering, ref, ref, self._days_of(before))
            verb = "joined"
            if before is not None and follows:
                verb = _VERBS.get((span.role, before.role == LEAD), "stepped_back")
            if span.role == LEAD:
                verb = "appointed"
            elif not follows and gathering.template.get("joining") == "request":
                verb = "accepted"
            by = by_lead if verb in {"appointed", "accepted"} and by_lead != ref else ref
            if verb == "appointed" and by == ref:
                by = self.team[0]
            yield from self._line(
                verb, span.start, gathering, by, ref, self._data(span, before if follows else None)
            )
            before = span
        if before is not None and before.end is not None and before.end < 0:
            yield from self._line("left", before.end, gathering, ref, ref, self._days_of(before))

    def _line(
        self, verb: str, offset: int, gathering: Gathering, by: str, person: str, data: dict[str, Any]
    ) -> Iterator[Happening]:
        offset = offset if offset < 0 else -ANNOUNCED
        if offset >= -REMEMBERED:
            yield Happening(self.days(offset), self._minute(), verb, by, person, gathering.slug, data)

    def _days_of(self, span: Span) -> dict[str, Any]:
        until = self.days.before(span.end)
        return {"role": span.role, "since": self.days(span.start).isoformat(), "until": _iso(until)}

    def _data(self, span: Span, before: Span | None) -> dict[str, Any]:
        ended = [{**self._days_of(before), "until": None}] if before else []
        return self._days_of(span) | {"was": before.role if before else "", "ended": ended}

    def _minute(self) -> int:
        return self.draw.randint(8 * 60 + 20, 17 * 60 + 40)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def in_order(happenings: list[Happening]) -> list[Happening]:
    """As they were written down: by day and minute."""
    return sorted(happenings, key=lambda happening: (happening.day, happening.minute))
