"""What meetings spoke of and gave people to do, what leads ask of their sponsor, and who comes to what is planned."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from folkmoot.demo.invention.data import toml
from folkmoot.demo.invention.gatherings import Gathering
from folkmoot.demo.invention.values import InventedEvent, InventedMembership

_LATELY = 130  # days
_TWO_WEEKS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class InventedAction:
    """What a person (a ref) is to do by a day, and the day on which it was done."""

    text: str
    owner: str
    by: str
    due: date
    done: date | None


@dataclass(frozen=True, slots=True)
class InventedMeeting:
    """An agenda with what was written under each item: (title, owner, minutes, text); it is the event's of that ref."""

    event: str
    by: str
    items: tuple[tuple[str, str, int, str], ...]
    decisions: tuple[str, ...] = ()
    actions: tuple[InventedAction, ...] = ()
    is_published: bool = False


@dataclass(frozen=True, slots=True)
class InventedAsk:
    """What a community asks of its sponsor."""

    community: str
    kind: str
    text: str
    by: str
    day: date


@dataclass(slots=True)
class Meetings:
    """Invents what one block says at its meetings."""

    draw: Random
    today: date
    memberships: list[InventedMembership]
    meetings: list[InventedMeeting] = field(default_factory=list)
    asks: list[InventedAsk] = field(default_factory=list)
    answers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def of(self, gatherings: list[Gathering], events: list[InventedEvent]) -> "Meetings":
        """All of it: {event: [(person, what they said)]} are the answers."""
        here: dict[str, dict[str, list[str]]] = {}
        for one in self.memberships:
            if one.until is None or one.until >= self.today:
                here.setdefault(one.community, {}).setdefault(one.role, []).append(one.person)
        mine: dict[str, list[InventedEvent]] = {}
        for event in events:
            mine.setdefault(event.community, []).append(event)
        for gathering in gatherings:
            roles = here.get(gathering.slug, {})
            if roles.get("lead"):
                self._of_community(gathering, roles, mine.get(gathering.slug, []))
        return self

    def _of_community(
        self, gathering: Gathering, roles: dict[str, list[str]], events: list[InventedEvent]
    ) -> None:
        lead = self.draw.choice(roles["lead"])
        for event in events:
            ago = (self.today - event.day).days
            if event.kind in {"sponsor_meeting", "core_meeting"} and ago < _LATELY:
                self.meetings.append(self._meeting(gathering, event, lead, roles))
            if event.status == "scheduled" and ago <= 0:
                self.answers[event.ref] = self._answers(event, roles)
        if roles.get("sponsor") and self.draw.random() < 0.6:
            kind, text = self.draw.choice(toml("meetings")["asks"]["texts"])
            day = self.today - timedelta(days=self.draw.randint(2, 20))
            self.asks.append(InventedAsk(gathering.slug, kind, text, lead, day))

    def _meeting(
        self, gathering: Gathering, event: InventedEvent, lead: str, roles: dict[str, list[str]]
    ) -> InventedMeeting:
        template: dict[str, Any] = toml("meetings")[event.kind]
        is_past = event.day < self.today
        skill = gathering.skill(self.draw)
        items = tuple(
            (title, lead if place == 0 else "", 15, text.format(skill=skill) if is_past else "")
            for place, (title, text) in enumerate(template["items"])
        )
        if not is_past:
            return InventedMeeting(event.ref, lead, items)
        owners = [*roles["lead"], *roles.get("core", [])[:6]]
        actions = tuple(
            self._action(text.format(skill=skill), self.draw.choice(owners), lead, event.day)
            for text in self.draw.sample(toml("meetings")["actions"]["texts"], self.draw.randint(1, 3))
        )
        decisions = (self.draw.choice(template["decisions"]).format(skill=skill),)
        return InventedMeeting(event.ref, lead, items, decisions, actions, is_published=True)

    def _action(self, text: str, owner: str, by: str, day: date) -> InventedAction:
        due = day + _TWO_WEEKS
        is_done = due < self.today and self.draw.random() < 0.8
        return InventedAction(
            text, owner, by, due, due - timedelta(days=self.draw.randint(0, 9)) if is_done else None
        )

    def _answers(self, event: InventedEvent, roles: dict[str, list[str]]) -> list[tuple[str, str]]:
        """Those whose meeting it is come; to anything else a few of the members."""
        if event.kind in {"sponsor_meeting", "core_meeting"}:
            asked = [*roles["lead"], *roles.get("sponsor", [])]
            if event.kind == "core_meeting":
                asked += roles.get("core", [])
            said: tuple[str, ...] = ("going", "going", "going", "asked")
        else:
            everybody = sorted({person for people in roles.values() for person in people})
            asked = self.draw.sample(everybody, min(len(everybody), self.draw.randint(6, 24)))
            said = ("going", "going", "going", "maybe", "no")
        return [(person, self.draw.choice(said)) for person in dict.fromkeys(asked)]
