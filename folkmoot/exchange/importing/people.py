"""Planning and writing people: ids as text, one person an id, one address a person."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from folkmoot.core import clock
from folkmoot.core.text import fold
from folkmoot.exchange.importing import bulk
from folkmoot.exchange.importing.addresses import clashes
from folkmoot.exchange.importing.memory import Memory, remember
from folkmoot.exchange.importing.merging import Merged, merge
from folkmoot.exchange.importing.person_rows import NO, PersonReader
from folkmoot.exchange.importing.plans import (
    Place,
    Planned,
    References,
    Rejecter,
    as_day,
    count,
)
from folkmoot.exchange.importing.report import Outcome, Report
from folkmoot.exchange.reading import Table
from folkmoot.people.actions import withdraw_links
from folkmoot.people.models import Person, Unit


@dataclass
class PeoplePlan:
    """The people of a source, and everybody whom memberships may name afterwards."""

    rows: list[Planned] = field(default_factory=list)
    references: References = field(default_factory=References)
    emails: dict[str, str] = field(default_factory=dict)  # {address: id}
    repeated: int = 0


FIELDS = ("name", "email", "job_title", "unit", "skills", "left")


class Here(NamedTuple):
    """A person as they stand here; `cells` are their FIELDS in the words of a file."""

    id: int
    ref: str
    own: tuple[str, ...]
    cells: tuple[Any, ...]

    @property
    def name(self) -> str:
        """Their name."""
        return str(self.cells[0])

    @property
    def email(self) -> str:
        """Their address, or empty."""
        return str(self.cells[1])

    def values(self) -> dict[str, Any]:
        """{field: what stands here}."""
        return dict(zip(FIELDS, self.cells, strict=True))


# Nothing to write and nothing to remember: most rows of a file that is imported again.
_SAME = Merged(Outcome.UNCHANGED, {}, {})


def plan_people(tables: list[Table], units: References, report: Report, today: date) -> PeoplePlan:
    """Plan the people of these tables. Those of files that cannot be used are only looked at for clashes."""
    return _Planner(units, report, today).plan(tables)


def people_here() -> PeoplePlan:
    """Nobody new: those whom memberships may name."""
    plan = PeoplePlan()
    for id_, ref, email in Person.objects.values_list("id", "ref", "email").iterator(chunk_size=bulk.AT_ONCE):
        plan.references.known[ref] = id_
        if email:
            plan.emails[email] = ref
    return plan


class _Planner:
    def __init__(self, units: References, report: Report, today: date) -> None:
        self.units = units
        self.report = report
        self.today = today
        self.rejecter = Rejecter(report)
        self.here: dict[str, Here] = {}
        self.loose_here: dict[str, str] = {}
        self.loose_said: dict[str, str] = {}
        self.rows: dict[str, Planned] = {}
        self.plan_ = PeoplePlan()
        self.rejected = self.plan_.references.rejected

    def plan(self, tables: list[Table]) -> PeoplePlan:
        self._load()
        for table in tables:
            if "id" not in table.fields:
                continue
            reader = PersonReader(table, self.units, self.rejecter, self.today)
            for line, cells in table.take():
                self._take(Place(table, line), cells, reader)
        self._adopt()
        self._merge()
        self._check_addresses()
        self._drop_unusable()
        self.plan_.rows = list(self.rows.values())
        count(self.report, "people", self.plan_.rows)
        self.report.counts[Outcome.UNCHANGED]["people"] += self.plan_.repeated
        self._refer()
        return self.plan_

    def _drop_unusable(self) -> None:
        """Files that lack a column were only looked at for what else is wrong with them."""
        for key in [key for key, row in self.rows.items() if not row.place.table.is_usable]:
            row = self.rows.pop(key)
            if key not in self.here:
                self.rejected[key] = row.place

    def _load(self) -> None:
        codes = dict(Unit.objects.values_list("pk", "code"))
        fields = ("id", "ref", "name", "email", "job_title", "unit", "skills_offered", "left", "own_fields")
        for row in Person.objects.values_list(*fields).iterator(chunk_size=bulk.AT_ONCE):
            id_, ref, name, email, job_title, unit, skills, left, own = row
            gone = left.isoformat() if left else ""
            cells = (name, email or "", job_title, codes.get(unit, ""), skills, gone)
            self.here[ref] = Here(id_, ref, _own_columns(own), cells)
            self.loose_here.setdefault(_alike(ref), ref)

    def _take(self, place: Place, cells: dict[str, str], reader: "PersonReader") -> None:
        key = cells.get("id", "")
        said = reader.read(place, cells)
        if said is None or not self._is_another(key, place, said) or self._clashes(key, place):
            if key and key not in self.rows:
                self.rejected[key] = place
            return
        self.rows[key] = Planned(key, place, said)
        self.loose_said[_alike(key)] = key

    def _is_another(self, key: str, place: Place, said: dict[str, Any]) -> bool:
        """Whether no earlier row has this id. The same person twice is one; two people under one id are refused."""
        earlier = self.rows.get(key)
        if earlier is None:
            return True
        same_name = fold(earlier.said.get("name", "")) == fold(said.get("name", ""))
        if same_name and earlier.said.get("email", "") == said.get("email", ""):
            self.plan_.repeated += place.table.is_usable
            differs = next((name for name in said if said[name] != earlier.said.get(name)), "")
            if differs:
                sentence = _(
                    "This person stands in %(place)s already, with another value; that one was taken."
                )
                words = {"place": earlier.place.said()}
                self.rejecter.warn(place, differs, said[differs], sentence % words)
        else:
            sentence = _("The id “%(id)s” belongs to another person in %(place)s.")
            self.rejecter.reject(place, "id", key, sentence % {"id": key, "place": earlier.place.said()})
        return False

    def _clashes(self, key: str, place: Place) -> bool:
        """Whether the id is another's but for what spreadsheets do to ids."""
        if key in self.here:
            return False
        alike = self.loose_said.get(_alike(key))
        where = self.rows[alike].place.said() if alike else _("the directory")
        alike = alike or self.loose_here.get(_alike(key))
        if alike is None:
            return False
        sentence = _(
            "“%(id)s” and “%(other)s” (%(place)s) may be one person: spreadsheets lose leading zeros, and capitals and "
            "spaces are easily mistyped. Make the ids the same, or clearly different."
        )
        self.rejecter.reject(place, "id", key, sentence % {"id": key, "other": alike, "place": where})
        return True

    def _adopt(self) -> None:
        """People whom we gave an id of our own get the one that a row has for their address."""
        ours = {one.email: ref for ref, one in self.here.items() if ref.startswith(Person.MINTED)}
        for key, row in self.rows.items():
            ref = ours.pop(row.said.get("email") or "", None) if key not in self.here else None
            if ref is not None:
                self.here[key] = self.here.pop(ref)

    def _merge(self) -> None:
        memory = Memory("people", self.rows, lambda row: row.said)
        for key, row in self.rows.items():
            one = self.here.get(key)
            if one is None:
                row.merged = Merged(Outcome.CREATED, row.said, row.said)
                continue
            row.id = one.id
            row.merged = self._merged(row.said, memory.of(key), one)
            if row.merged.outcome == Outcome.UNCHANGED and memory.is_same(key) and one.ref == key:
                row.merged, row.said = _SAME, _SAME.remembered
            if one.ref != key:
                row.merged.changes["id"] = key
                row.merged.outcome = Outcome.UPDATED

    def _merged(self, said: dict[str, Any], before: dict[str, Any] | None, one: Here) -> Merged:
        says_again = before is not None and before.get("left_said") == said.get("left_said")
        if before and says_again and said.get("left"):
            said["left"] = before["left"]  # “yes” means the day on which it was first said
        merged = merge(said, before, one.values(), own=one.own)
        if said.get("left_said") in NO and not says_again and one.values()["left"]:
            merged.changes["left"] = ""
            merged.outcome = Outcome.UPDATED
        return merged

    def _check_addresses(self) -> None:
        """Reject those whose address is another's."""
        held = {ref: (one.email, one.name) for ref, one in self.here.items() if one.email}
        claims: dict[str, tuple[str, str]] = {}
        leaving = set()
        for key, row in self.rows.items():
            assert row.merged is not None
            if "email" in row.merged.changes:
                leaving.add(key)
                name = row.said.get("name") or (self.here[key].name if key in self.here else "")
                if row.merged.changes["email"]:
                    claims[key] = (row.merged.changes["email"], name)
        refused = clashes(held, claims, leaving)
        for key, (other, kind) in refused.items():
            known = self.rows.get(other)
            where = known.place.said() if known else _("the directory")
            name = (known.said.get("name") if known else "") or self.here[other].name
            words = {"other": other, "name": name, "place": where}
            self.rejecter.reject(self.rows[key].place, "email", claims[key][0], _clash(kind) % words)
            if key not in self.here:
                self.rejected[key] = self.rows[key].place
        for key in refused:
            del self.rows[key]

    def _refer(self) -> None:
        """Everybody whom memberships may name, by id and by the address they will have."""
        references, emails = self.plan_.references, self.plan_.emails
        final = {ref: one.email for ref, one in self.here.items()}
        for key, row in self.rows.items():
            assert row.merged is not None
            final[key] = row.merged.changes.get("email", final.get(key, ""))
        for ref, email in final.items():
            references.known[ref] = self.here[ref].id if ref in self.here else None
            if email:
                emails[email] = ref


def _alike(ref: str) -> str:
    """What stays of an id when a spreadsheet and a typist have been at it: no leading zeros, capitals or spaces."""
    text = "".join(ref.casefold().split())
    return text.lstrip("0") or text


def _clash(kind: str) -> str:
    if kind == "tag":
        return _(
            "This is the mailbox of %(name)s (id %(other)s, %(place)s) with another tag. "
            "Ask whether they are one person."
        )
    return _(
        "This address already belongs to %(name)s (id %(other)s, %(place)s). Ask which of the two is right."
    )


def write_people(plan: PeoplePlan, units: References, tell: Callable[[int], None]) -> None:
    """Write what is planned; everybody's id is known to the references afterwards."""
    in_units = {unit.pk: unit for unit in Unit.objects.only("pk", "name")}
    known = plan.references.known
    changed = [row for row in plan.rows if row.merged and row.merged.outcome == Outcome.UPDATED]
    # Two who exchange addresses may not hold one at the same time.
    moving = [row.id for row in changed if row.id and row.merged and "email" in row.merged.changes]
    Person.objects.filter(pk__in=moving).update(email=None)
    made = (_person(row, units, in_units) for row in plan.rows if row.id is None)
    for number, person in enumerate(bulk.insert(made), start=1):
        known[person.ref] = person.pk
        if number % bulk.AT_ONCE == 0:
            tell(number)
    for start in range(0, len(changed), bulk.AT_ONCE):
        _write_changes(changed[start : start + bulk.AT_ONCE], units, in_units)
    # A link was sent to the old address, whose mail somebody else may read by now.
    withdraw_links(*moving, *_leaving(changed))
    remember(
        "people",
        ((row.key, row.merged.remembered) for row in plan.rows if row.merged and row.merged is not _SAME),
    )


def _leaving(rows: list[Planned]) -> Iterator[int]:
    """The keys of those who are gone by now according to these rows."""
    for row in rows:
        left = as_day(row.merged.changes.get("left", "")) if row.merged else None
        if row.id and left and left <= clock.today():
            yield row.id


def _own_columns(own_fields: list[str]) -> tuple[str, ...]:
    """The columns of what a person has written themselves."""
    return tuple("skills" if field == "skills_offered" else field for field in own_fields)


def _person(row: Planned, units: References, in_units: dict[int, Unit]) -> Person:
    person = Person(ref=row.key)
    _apply(person, row.said, units, in_units)
    person.set_keys()
    return person


def _apply(person: Person, values: dict[str, Any], units: References, in_units: dict[int, Unit]) -> None:
    if "name" in values:
        person.name = values["name"]
    if "email" in values:
        person.email = values["email"] or None
    if "job_title" in values:
        person.job_title = values["job_title"]
    if "unit" in values:
        number = units.known[values["unit"]] if values["unit"] else None
        person.unit = in_units[number] if number else None
    if "skills" in values:
        person.skills_offered = values["skills"]
    if "left" in values:
        person.left = as_day(values["left"])


def _write_changes(rows: list[Planned], units: References, in_units: dict[int, Unit]) -> None:
    people = {
        person.pk: person
        for person in Person.objects.filter(pk__in=[row.id for row in rows]).select_for_update()
    }
    for row in rows:
        assert row.merged is not None
        person = people[row.id or 0]
        if person.unit_id:
            person.unit = in_units[person.unit_id]
        # What they made their own while this import was read is theirs.
        own = _own_columns(person.own_fields)
        changes = {column: value for column, value in row.merged.changes.items() if column not in own}
        _apply(person, changes, units, in_units)
        if "id" in row.merged.changes:
            person.ref = row.key
        person.set_keys()
    bulk.update(
        Person,
        people.values(),
        ["ref", "name", "sort_name", "search_key", "email", "job_title", "unit", "skills_offered", "left"],
    )
