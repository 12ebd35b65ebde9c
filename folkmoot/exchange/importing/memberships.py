"""Planning and writing memberships: known by community, person, role and first day; never two at a time.

A row that was imported before and has been ended, moved or removed here since is left alone. One that lies wholly
within days on record in the same role says nothing new. What overlaps otherwise is rejected.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from folkmoot.communities.models import Membership, Role
from folkmoot.core.dates import say_day
from folkmoot.core.text import fold
from folkmoot.exchange.importing import bulk
from folkmoot.exchange.importing.memory import Memory, remember
from folkmoot.exchange.importing.nearest import Nearest
from folkmoot.exchange.importing.people import PeoplePlan
from folkmoot.exchange.importing.plans import Place, References, Rejecter, as_day, days_of, read_day
from folkmoot.exchange.importing.report import Outcome, Report
from folkmoot.exchange.reading import Table

_ROLES = {
    "lead": "lead", "leads": "lead", "colead": "lead", "leader": "lead", "sponsor": "sponsor", "core": "core",
    "coremember": "core", "wider": "wider", "widermember": "wider",
}  # fmt: skip


BLOCK = 20_000


class Span(NamedTuple):
    """Days in a role, on record or planned: `id` is None and `line` a line of the source for planned ones."""

    since: date
    until: date | None
    role: str
    id: int | None
    line: int

    def covers(self, since: date, until: date | None) -> bool:
        """Whether these days lie wholly in it."""
        return self.since <= since and (self.until is None or (until is not None and until <= self.until))

    def overlaps(self, since: date, until: date | None) -> bool:
        """Whether it shares a day with these."""
        return (until is None or self.since <= until) and (self.until is None or since <= self.until)


@dataclass(slots=True)
class Wanted:
    """One sound row: who, where, as what, when. `since_said` is empty where the file does not say since when."""

    place: Place
    community: str
    person: str
    role: str
    since_said: str
    since: date
    until: date | None
    outcome: Outcome | None = None
    id: int | None = None  # of the membership whose last day changes
    is_covered: bool = False

    @property
    def pair(self) -> tuple[str, str, bool]:
        """Rows of one pair exclude each other; sponsors stand apart."""
        return self.community, self.person, self.role == Role.SPONSOR

    def key(self, communities: References, people: References) -> str:
        """What the row is remembered by."""
        return (
            f"{communities.known[self.community]}|{people.known[self.person]}|{self.role}|{self.since_said}"
        )

    def values(self) -> dict[str, Any]:
        """What is remembered of it."""
        values: dict[str, Any] = {"until": self.until.isoformat() if self.until else ""}
        if not self.since_said:
            values["since"] = self.since.isoformat()
        if self.is_covered:
            values["covered"] = True
        return values


@dataclass
class MembershipPlan:
    """The memberships of a source: rows that write or remember something, and the number of those that do not."""

    rows: list[Wanted] = field(default_factory=list)
    repeated: int = 0


def plan_memberships(
    tables: list[Table], communities: References, people: PeoplePlan, report: Report, today: date
) -> MembershipPlan:
    """Plan the memberships of these tables."""
    return _Planner(communities, people, report, today).plan(tables)


class _Planner:
    def __init__(self, communities: References, people: PeoplePlan, report: Report, today: date) -> None:
        self.communities = communities
        self.people = people
        self.report = report
        self.today = today
        self.rejecter = Rejecter(report)
        self.nearest_email = Nearest(lambda: people.emails)

    def plan(self, tables: list[Table]) -> MembershipPlan:
        rows = sorted(self._read(tables), key=lambda row: row.pair)
        plan = MembershipPlan()
        for block in _blocks(rows):
            pairs = {pair: list(group) for pair, group in itertools.groupby(block, key=lambda row: row.pair)}
            memory = Memory("memberships", {self._key(row): row for row in block}, Wanted.values)
            spans = self._spans(pairs)
            for pair, group in pairs.items():
                self._settle(group, spans.get(pair, []), memory, plan)
        for row in plan.rows:
            assert row.outcome is not None
            self.report.count("memberships", row.outcome)
        self.report.counts[Outcome.UNCHANGED]["memberships"] += plan.repeated
        return plan

    def _key(self, row: Wanted) -> str:
        return row.key(self.communities, self.people.references)

    # Reading

    def _read(self, tables: list[Table]) -> Iterator[Wanted]:
        for table in tables:
            days = {name: days_of(table, name) for name in ("since", "until")}
            for line, cells in table.take():
                place = Place(table, line)
                role = _ROLES.get(fold(cells["role"]).replace("-", "").replace(" ", ""), "")
                community = self.communities.find(cells["community"])
                person = self._person(cells["person"])
                since, since_problem = read_day(days["since"], cells.get("since", ""))
                until, until_problem = read_day(days["until"], cells.get("until", ""))
                first, last = as_day(since) or self.today, as_day(until)
                problems = {
                    "community": self._missing_community(cells["community"]) if community is None else "",
                    "person": self._missing_person(cells["person"]) if person is None else "",
                    "role": self._unknown_role(cells["role"]) if not role else "",
                    "since": since_problem,
                    "until": until_problem or self._wrong_order(since, first, last),
                }
                if any(problems.values()):
                    for column, sentence in problems.items():
                        if sentence:
                            self.rejecter.reject(place, column, cells.get(column, ""), sentence)
                    continue
                assert community is not None
                assert person is not None
                yield Wanted(place, community, person, role, since, first, last)

    def _wrong_order(self, since: str, first: date, last: date | None) -> str:
        if last is None or last >= first:
            return ""
        if since:
            return _("The last day lies before the first.")
        return _("The first day is missing, so it would begin today, after this last day. Say since when.")

    def _person(self, text: str) -> str | None:
        """The id of the person of that id or address."""
        if text in self.people.references.known:
            return text
        return self.people.emails.get(text.lower()) if "@" in text else None

    def _missing_person(self, text: str) -> str:
        if not text:
            return _("Say who: the person's id or e-mail address.")
        if "@" in text and text not in self.people.references.rejected:
            near = self.nearest_email.to(text.lower())
            sentence = _("Nobody has the address “%(text)s”.") % {"text": text}
            return sentence + (" " + _("The nearest is “%(near)s”.") % {"near": near} if near else "")
        return self.people.references.unknown(text)

    def _missing_community(self, text: str) -> str:
        return self.communities.unknown(text) if text else _("Say which community.")

    def _unknown_role(self, text: str) -> str:
        sentence = _("A role is lead, sponsor, core or wider.")
        near = Nearest(lambda: ["lead", "sponsor", "core", "wider"]).to(text) if text else ""
        return sentence + (" " + _("The nearest is “%(near)s”.") % {"near": near} if near else "")

    # Against what is on record

    def _spans(self, groups: Iterable[tuple[str, str, bool]]) -> dict[tuple[str, str, bool], list[Span]]:
        """The days on record of these pairs. One statement."""
        wanted = {
            (self.communities.known[community], self.people.references.known[person], is_sponsor): (
                community,
                person,
                is_sponsor,
            )
            for community, person, is_sponsor in groups
        }
        communities = {community for community, _person, _sponsor in wanted if community is not None}
        found: dict[tuple[str, str, bool], list[Span]] = defaultdict(list)
        rows = Membership.objects.filter(community__in=communities).values_list(
            "id", "community_id", "person_id", "role", "since", "until"
        )
        for id_, community, person, role, since, until in rows.iterator(chunk_size=bulk.AT_ONCE):
            pair = wanted.get((community, person, role == Role.SPONSOR))
            if pair is not None:
                found[pair].append(Span(since, until, role, id_, 0))
        return found

    def _settle(self, rows: list[Wanted], spans: list[Span], memory: Memory, plan: MembershipPlan) -> None:
        """Decide the rows of one pair, the earliest and longest first, each against what stands then."""
        seen: set[tuple[str, str]] = set()
        for row in sorted(rows, key=lambda row: (row.since, row.until is not None, -_ordinal(row.until))):
            key = (row.role, row.since_said)
            remembered_by = self._key(row)
            before = memory.of(remembered_by) if key not in seen else None
            is_same = memory.is_same(remembered_by)
            if before is not None:
                row.outcome = self._again(row, spans, before)
            else:
                row.outcome = self._first_time(row, spans)
            if row.outcome is None:
                self._reject_overlap(row, spans)
            elif key in seen or (is_same and row.outcome == Outcome.UNCHANGED):
                plan.repeated += 1
                seen.add(key)
            else:
                seen.add(key)
                plan.rows.append(row)

    def _again(self, row: Wanted, spans: list[Span], before: dict[str, Any]) -> Outcome | None:
        """A row that was imported before; None where its new days overlap others."""
        row.since = as_day(row.since_said) or as_day(before.get("since", "")) or row.since
        if before.get("covered"):
            if as_day(before["until"]) != row.until:
                return self._first_time(row, spans)  # it made no membership, so it has nothing to change
            row.is_covered = True
            return Outcome.UNCHANGED if _covering(row, spans) else Outcome.KEPT
        own = next((span for span in spans if span.role == row.role and span.since == row.since), None)
        if own is None:
            return Outcome.KEPT
        if own.until == row.until:
            return Outcome.UNCHANGED
        if own.until != as_day(before["until"]):
            row.until = as_day(before["until"])  # remembered as before: what was done here counts
            return Outcome.KEPT
        if row.until is not None and row.until < row.since:
            return None
        if any(span is not own and span.overlaps(row.since, row.until) for span in spans):
            return None
        row.id = own.id
        spans[spans.index(own)] = own._replace(until=row.until)
        return Outcome.UPDATED

    def _first_time(self, row: Wanted, spans: list[Span]) -> Outcome | None:
        """A row that is new to the import; None where it overlaps what is on record, or an earlier row."""
        covering = _covering(row, spans)
        if covering is not None:
            row.is_covered = (covering.since, covering.until) != (row.since, row.until)
            return Outcome.UNCHANGED
        if any(span.id and span.role == row.role and span.since == row.since for span in spans):
            return Outcome.KEPT  # the same membership, whose days people changed here
        if any(span.overlaps(row.since, row.until) for span in spans):
            return None
        spans.append(Span(row.since, row.until, row.role, None, row.place.line))
        return Outcome.CREATED

    def _reject_overlap(self, row: Wanted, spans: list[Span]) -> None:
        own = (row.role, row.since)
        others = [
            span for span in spans if span.overlaps(row.since, row.until) and (span.role, span.since) != own
        ]
        other = min(others or spans, key=lambda span: span.since)
        words = {
            "role": str(Role(other.role).label).lower(),
            "since": say_day(other.since, self.today),
            "until": say_day(other.until, self.today) if other.until else "",
            "place": _("line %(line)d") % {"line": other.line} if other.line else _("on record here"),
        }
        if other.until:
            sentence = _(
                "These days overlap others of this person in this community: %(role)s from %(since)s to "
                "%(until)s (%(place)s)."
            )
        else:
            sentence = _(
                "These days overlap others of this person in this community: %(role)s since %(since)s "
                "(%(place)s)."
            )
        self.rejecter.reject(row.place, "since", row.since_said or row.since.isoformat(), sentence % words)


def _blocks(rows: list[Wanted]) -> Iterator[list[Wanted]]:
    """Some thousands of rows at a time, never cutting a pair: what is on record is looked up block by block."""
    start = 0
    while start < len(rows):
        end = min(start + BLOCK, len(rows))
        while end < len(rows) and rows[end].pair == rows[end - 1].pair:
            end += 1
        yield rows[start:end]
        start = end


def _covering(row: Wanted, spans: list[Span]) -> Span | None:
    return next((span for span in spans if span.role == row.role and span.covers(row.since, row.until)), None)


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def write_memberships(
    plan: MembershipPlan, communities: References, people: References, tell: Callable[[int], None]
) -> None:
    """Write what is planned. Last days are brought forward before anything is created or extended."""
    updates = [row for row in plan.rows if row.outcome == Outcome.UPDATED]
    by_id = {
        membership.pk: membership
        for membership in Membership.objects.filter(pk__in=[row.id for row in updates])
    }
    shorter: list[Membership] = []
    longer: list[Membership] = []
    for row in updates:
        membership = by_id[row.id or 0]
        is_shorter = row.until is not None and (membership.until is None or row.until < membership.until)
        membership.until = row.until
        (shorter if is_shorter else longer).append(membership)
    for changed in (shorter, longer):
        if changed:
            bulk.update(Membership, changed, ["until"])
    made = (
        Membership(
            community_id=communities.known[row.community] or 0,
            person_id=people.known[row.person] or 0,
            role=row.role,
            since=row.since,
            until=row.until,
        )
        for row in plan.rows
        if row.outcome == Outcome.CREATED
    )
    for number, _membership in enumerate(bulk.insert(made), start=1):
        if number % bulk.AT_ONCE == 0:
            tell(number)
    remember("memberships", ((row.key(communities, people), row.values()) for row in plan.rows))
