"""Terms and closures, and the events that were held in them, planned or called off.

How each community stands today is dealt out in turn, so that whichever day it is, meetings that are in time, due,
booked and missed are on show; the years before are drawn around that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from random import Random

from dateutil.easter import easter

from folkmoot.demo.invention.data import toml
from folkmoot.demo.invention.gatherings import Gathering
from folkmoot.demo.invention.values import (
    InventedEvent,
    InventedMembership,
    InventedPeriod,
    InventedPerson,
)

YEARS_BACK, YEARS_AHEAD = 4, 1
MEASURED_BACK = 1096  # the first charter's day: what was before is not on record
DAY = timedelta(days=1)
# (days since the last sponsor meeting, days until the next that is booked or None), community by community.
_MEETINGS = (
    (33, None), (10, 25), (20, None), (41, 3), (64, None), (5, None), (30, 8),
    (15, None), (26, None), (57, 6), (12, None),
)  # fmt: skip
# (whether a core meeting was held this term, days until a booked one), and the same of a learning event.
_THIS_TERM = (
    ((False, 9), (True, 1)), ((True, None), (True, 20)), ((True, None), (False, None)), ((False, None), (True, 12)),
    ((True, 30), (True, None)), ((False, None), (False, 6)), ((True, None), (True, None)),
)  # fmt: skip
_LEARNING = ("lunch_and_learn", "lunch_and_learn", "lunch_and_learn", "workshop", "talk", "show_and_tell")


def terms(today: date) -> list[InventedPeriod]:
    """Three terms a year and the closures, from four academic years ago to the next, the earliest first."""
    this_year = today.year if today.month >= 8 else today.year - 1
    found: list[InventedPeriod] = []
    for year in range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1):
        named = f"{year}–{(year + 1) % 100:02}"
        sunday = easter(year + 1)
        found += [
            _weeks(f"Autumn term {named}", date(year, 9, 24), 12),
            InventedPeriod(f"Christmas closure {named}", "closure", date(year, 12, 23), date(year + 1, 1, 2)),
            _weeks(f"Spring term {named}", date(year + 1, 1, 11), 11),
            InventedPeriod(f"Easter closure {named}", "closure", sunday - 3 * DAY, sunday + 2 * DAY),
            _weeks(f"Summer term {named}", date(year + 1, 4, 26), 7),
        ]
    return sorted(found, key=lambda period: period.start)


def _weeks(name: str, near: date, weeks: int) -> InventedPeriod:
    """A term of so many weeks, from the Monday that is nearest."""
    monday = near + timedelta(days=(3 - near.weekday()) % 7 - 3)
    return InventedPeriod(name, "term", monday, monday + timedelta(days=7 * weeks - 3))


@dataclass
class Rhythm:
    """Invents the events of one block."""

    draw: Random
    today: date
    people: list[InventedPerson]
    memberships: list[InventedMembership]
    number: int
    events: list[InventedEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.terms = [period for period in terms(self.today) if period.kind == "term"]
        self.closures = [period for period in terms(self.today) if period.kind == "closure"]
        self.held: dict[str, list[InventedMembership]] = {}
        for membership in self.memberships:
            self.held.setdefault(membership.community, []).append(membership)

    def of(self, gatherings: list[Gathering]) -> list[InventedEvent]:
        """All events, by the moment they start."""
        for gathering, meetings, term in zip(gatherings, cycle(_MEETINGS), cycle(_THIS_TERM), strict=False):
            for first, last in self._active(gathering):
                self._sponsor_meetings(gathering, first, last, *meetings)
                self._once_a_term(gathering, first, last, "core_meeting", *term[0])
                self._once_a_term(gathering, first, last, "learning", *term[1])
                self._socials(gathering, first, last)
        self.events.sort(key=lambda event: (event.day, event.minute, event.ref))
        return self.events

    def _active(self, gathering: Gathering) -> Iterator[tuple[date, date | None]]:
        """The spells of activity since the first charter; an open end is None."""
        stages = gathering.template["stages"]
        for (stage, ago), following in zip(stages, [*stages[1:], None], strict=True):
            if stage == "active":
                first = self.today - timedelta(days=min(ago, MEASURED_BACK))
                last = self.today - timedelta(days=following[1] + 1) if following else None
                if last is None or last > first:
                    yield first, last

    def _sponsor_meetings(
        self, gathering: Gathering, first: date, last: date | None, ago: int, ahead: int | None
    ) -> None:
        latest = self._workday(self.today - timedelta(days=ago)) if last is None else last
        days, day = [], latest
        while day > first + 20 * DAY:
            days.append(day)
            day = self._workday(day - self.draw.choice((36, 38, 40, 41, 42, 45, 49, 56, 63)) * DAY)
        for each in days:
            there = self._there(gathering, each, "lead") + self._there(gathering, each, "sponsor")
            if self._there(gathering, each, "sponsor") and self._there(gathering, each, "lead"):
                self._add(gathering, "sponsor_meeting", each, 10 * 60, 45, attended=there)
        if ahead is not None and last is None:
            booked = self._workday(self.today + timedelta(days=ahead))
            self._add(gathering, "sponsor_meeting", booked, 10 * 60, 45)

    def _once_a_term(
        self, gathering: Gathering, first: date, last: date | None, what: str, held: bool, ahead: int | None
    ) -> None:
        for term in self.terms:
            begin, end = max(term.start, first), min(term.end, last or self.today - DAY, self.today - DAY)
            if begin > end:
                continue
            is_now = term.start <= self.today <= term.end or term is self._last_begun()
            times = int(held) if is_now else self.draw.choices((0, 1, 2), (0.17, 0.66, 0.17))[0]
            for _time in range(times):
                day = self._workday(begin + timedelta(days=self.draw.randint(0, (end - begin).days)))
                if begin <= day <= end:
                    self._hold(gathering, what, day)
        if ahead is not None and last is None:
            self._hold(gathering, what, self._workday(self.today + timedelta(days=ahead)))

    def _last_begun(self) -> InventedPeriod:
        return [term for term in self.terms if term.start <= self.today][-1]

    def _hold(self, gathering: Gathering, what: str, day: date) -> None:
        is_past = day < self.today
        if what == "core_meeting":
            core = self._there(gathering, day, "core")
            there = self._there(gathering, day, "lead") + self._some(core, 0.6)
            self._add(gathering, what, day, 14 * 60, 60, attended=there if is_past else [])
            return
        kind = self.draw.choice(_LEARNING)
        everyone = [m.person for m in self._covering(gathering, day)]
        there = self._some(everyone, 0.12)[:18] if is_past else []
        speakers = self.draw.sample(everyone, min(len(everyone), self.draw.choice((1, 1, 2))))
        events = toml("events")
        title = self.draw.choice(events[kind]).format(skill=gathering.skill(self.draw))
        status = "cancelled" if is_past and self.draw.random() < 0.03 else ""
        minute, minutes = (14 * 60, 120) if kind == "workshop" else (12 * 60 + 30, 60)
        self._add(
            gathering, kind, day, minute, minutes, title=title[:1].upper() + title[1:], speakers=speakers,
            attended=[] if status else sorted({*there, *speakers}) if is_past else [], status=status,
            summary=self.draw.choice(events["summaries"]),
        )  # fmt: skip

    def _socials(self, gathering: Gathering, first: date, last: date | None) -> None:
        """Once a year or so, before Christmas."""
        for period in self.closures:
            day = self._workday(period.start - 8 * DAY)
            fits = "Christmas" in period.name and first <= day < self.today and (last is None or day <= last)
            if fits and self.draw.random() < 0.3:
                self._add(
                    gathering,
                    "social",
                    day,
                    17 * 60,
                    90,
                    title=self.draw.choice(toml("events")["social"]),
                )

    def _add(
        self, gathering: Gathering, kind: str, day: date, minute: int, minutes: int, *, title: str = "",
        speakers: list[str] | None = None, attended: list[str] | None = None, status: str = "", summary: str = "",
    ) -> None:  # fmt: skip
        online = self.draw.random() < 0.45
        self.events.append(
            InventedEvent(
                ref=f"e{self.number}-{len(self.events):05d}",
                community=gathering.slug,
                kind=kind,
                title=title or {"core_meeting": "Core meeting", "sponsor_meeting": "Sponsor meeting"}[kind],
                day=day,
                minute=minute,
                minutes=minutes,
                place="" if online else self.draw.choice(toml("events")["places"]),
                online_url=f"https://teams.wrenfield.example/meet/{gathering.slug}" if online else "",
                status=status or ("held" if day < self.today else "scheduled"),
                summary=summary,
                speakers=tuple(speakers or ()),
                attended=tuple(dict.fromkeys(attended or ())),
            )
        )

    def _covering(self, gathering: Gathering, day: date) -> list[InventedMembership]:
        return [
            m
            for m in self.held.get(gathering.slug, [])
            if m.since <= day and (m.until is None or m.until >= day)
        ]

    def _there(self, gathering: Gathering, day: date, role: str) -> list[str]:
        return [m.person for m in self._covering(gathering, day) if m.role == role]

    def _some(self, among: list[str], share: float) -> list[str]:
        return self.draw.sample(among, round(len(among) * share))

    def _workday(self, day: date) -> date:
        """The day, or the working day before it."""
        day -= timedelta(days=max(0, day.weekday() - 4))
        for closure in self.closures:
            if closure.start <= day <= closure.end:
                return self._workday(closure.start - DAY)
        return day
