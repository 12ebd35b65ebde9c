"""Planning and writing units: codes, parents, and a tree without rings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from folkmoot.core.text import fold
from folkmoot.exchange.importing import bulk
from folkmoot.exchange.importing.memory import Memory, remember
from folkmoot.exchange.importing.merging import Merged, merge
from folkmoot.exchange.importing.nearest import Nearest
from folkmoot.exchange.importing.plans import Place, Planned, References, Rejecter, count
from folkmoot.exchange.importing.report import Outcome, Report
from folkmoot.exchange.models import ImportedRow
from folkmoot.exchange.reading import Table
from folkmoot.people.actions.units import rekey_people_of
from folkmoot.people.models import Unit

_KINDS = {
    "central": "central", "centralservices": "central", "centralservice": "central", "professionalservices": "central",
    "academic": "academic", "academicdepartment": "academic", "academicdepartments": "academic", "other": "other",
}  # fmt: skip


@dataclass
class UnitPlan:
    """The units of a source, and all units that people may be in afterwards."""

    rows: list[Planned] = field(default_factory=list)
    references: References = field(default_factory=References)
    repeated: int = 0


def plan_units(tables: list[Table], report: Report) -> UnitPlan:
    """Plan the units of these tables."""
    return _Planner(report).plan(tables)


class _Planner:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.rejecter = Rejecter(report)
        self.references = References()
        self.here: dict[str, Unit] = {}
        self.rows: dict[str, Planned] = {}
        self.plan_ = UnitPlan(references=self.references)

    def plan(self, tables: list[Table]) -> UnitPlan:
        parents: dict[int, str] = {}
        for unit in Unit.objects.all():
            self.here[unit.code] = unit
            self.references.add(unit.code, unit.name, unit.pk)
            parents[unit.pk] = unit.code
        self.parent_here = {unit.code: parents.get(unit.parent_id or 0, "") for unit in self.here.values()}
        self._codes(tables)
        self._parents()
        self._merge()
        while self._reject_rings() or self._reject_orphans():
            pass
        self.plan_.rows = list(self.rows.values())
        count(self.report, "units", self.plan_.rows)
        self.report.counts[Outcome.UNCHANGED]["units"] += self.plan_.repeated
        return self.plan_

    # The key of each row

    def _codes(self, tables: list[Table]) -> None:
        without_code: list[tuple[Place, dict[str, str]]] = []
        for table in tables:
            for line, cells in table.take():
                place = Place(table, line)
                if not cells["name"]:
                    self.rejecter.reject(place, "name", "", _("A unit needs a name."))
                    self._remember_rejected(cells["code"], place)
                elif cells["code"]:
                    self._take(cells["code"], place, cells)
                else:
                    without_code.append((place, cells))
        if without_code:
            self._mint_codes(without_code)

    def _take(self, code: str, place: Place, cells: dict[str, str]) -> None:
        said: dict[str, Any] = {name: value for name, value in cells.items() if name != "code"}
        kind = said.get("kind", "")
        if kind:
            found = _KINDS.get(fold(kind).replace(" ", ""))
            if found is None:
                near = Nearest(lambda: ["central", "academic", "other"]).to(kind)
                sentence = _("A unit is central, academic or other.")
                if near:
                    sentence += " " + _("The nearest is “%(near)s”.") % {"near": near}
                self.rejecter.reject(place, "kind", kind, sentence)
                self._remember_rejected(code, place)
                return
            said["kind"] = found
        earlier = self.rows.get(code)
        if earlier is None:
            self.rows[code] = Planned(code, place, said)
        elif earlier.said == said:
            self.plan_.repeated += 1
        else:
            sentence = _("The code “%(code)s” stands for another unit in %(place)s.")
            self.rejecter.reject(
                place, "code", code, sentence % {"code": code, "place": earlier.place.said()}
            )

    def _mint_codes(self, rows: list[tuple[Place, dict[str, str]]]) -> None:
        """A unit without a code is the one of that name below that parent, here or at the last import; else new."""
        known: dict[tuple[str, str], str] = {}
        for code, unit in self.here.items():
            known[fold(unit.name), self.parent_here[code]] = code
        for code, values in ImportedRow.objects.of("units").values_list("key", "values"):
            known[fold(values.get("name", "")), values.get("parent", "")] = code
        for place, cells in rows:
            parent = cells.get("parent", "")
            code = known.get((fold(cells["name"]), self.references.find(parent) or parent), "")
            if not code:
                code = self._minted(cells["name"])
                sentence = _("This unit has no code; “%(code)s” was made from its name.")
                self.rejecter.warn(place, "code", cells["name"], sentence % {"code": code})
                known[fold(cells["name"]), parent] = code
            self._take(code, place, cells)

    def _minted(self, name: str) -> str:
        base = slugify(fold(name))[:90] or "unit"
        code, number = base, 1
        while code in self.here or code in self.rows:
            number += 1
            code = f"{base}-{number}"
        return code

    # The tree

    def _parents(self) -> None:
        for code, row in self.rows.items():
            if code not in self.here:
                self.references.add(code, row.said["name"], None)
            elif row.said["name"] != self.here[code].name:
                self.references.rename(code, self.here[code].name, row.said["name"])
        for code in list(self.rows):
            row = self.rows[code]
            text = row.said.get("parent", "")
            if text:
                found = self.references.find(text)
                if found is None:
                    self._reject(code, "parent", text, self.references.unknown(text))
                else:
                    row.said["parent"] = found

    def _merge(self) -> None:
        memory = Memory("units", self.rows, lambda row: row.said)
        for code, row in self.rows.items():
            unit = self.here.get(code)
            if unit is None:
                row.merged = Merged(Outcome.CREATED, row.said, row.said)
            else:
                row.id = unit.pk
                current = {"name": unit.name, "parent": self.parent_here[code], "kind": unit.stated_kind}
                row.merged = merge(row.said, memory.of(code), current)

    def _final_parent(self, code: str) -> str:
        row = self.rows.get(code)
        if row is not None and row.merged is not None and "parent" in row.merged.changes:
            return str(row.merged.changes["parent"])
        return self.parent_here.get(code, "")

    def _reject_rings(self) -> bool:
        """Reject the rows that close a ring; returns whether there was one."""
        rings = list(self._rings())
        for ring in rings:
            named = " → ".join([*ring, ring[0]])
            guilty = [code for code in ring if code in self.rows and self._changes_parent(code)]
            for code in guilty:
                sentence = _("Units cannot lie inside themselves: %(ring)s.") % {"ring": named}
                self._reject(code, "parent", self.rows[code].said.get("parent", ""), sentence)
        return bool(rings)

    def _changes_parent(self, code: str) -> bool:
        merged = self.rows[code].merged
        return merged is not None and bool(merged.changes.get("parent"))

    def _rings(self) -> Iterator[list[str]]:
        settled: set[str] = set()
        for start in list(self.rows):
            path: dict[str, int] = {}
            code = start
            while code and code not in settled and code not in path:
                path[code] = len(path)
                code = self._final_parent(code)
            if code in path:
                ring = list(path)[path[code] :]
                if any(each in self.rows and self._changes_parent(each) for each in ring):
                    yield ring
            settled.update(path)

    def _reject_orphans(self) -> bool:
        """Reject the rows whose parent was to be created and was rejected; returns whether there was one."""
        orphans = [
            code for code in self.rows if (parent := self._final_parent(code)) and self._is_gone(parent)
        ]
        for code in orphans:
            text = self.rows[code].said.get("parent", "")
            self._reject(code, "parent", text, self.references.unknown(text))
        return bool(orphans)

    def _is_gone(self, code: str) -> bool:
        return code not in self.here and code not in self.rows

    def _reject(self, code: str, column: str, value: str, sentence: str) -> None:
        row = self.rows.pop(code)
        self.rejecter.reject(row.place, column, value, sentence)
        if code not in self.here:
            self.references.known.pop(code, None)
            self.references.names[fold(row.said["name"])].remove(code)
            self._remember_rejected(code, row.place)

    def _remember_rejected(self, code: str, place: Place) -> None:
        if code and code not in self.here:
            self.references.rejected[code] = place


def write_units(plan: UnitPlan) -> None:
    """Write what is planned; every unit's id is known to the references afterwards."""
    known = plan.references.known
    new = [_unit(row) for row in plan.rows if row.id is None]
    for unit in bulk.insert(new):
        known[unit.code] = unit.pk
    changed = []
    renamed = []
    for row in plan.rows:
        assert row.merged is not None
        if row.merged.outcome in {Outcome.CREATED, Outcome.UPDATED}:
            changed.append(row)
        if row.id is not None and "name" in row.merged.changes:
            renamed.append(row.id)
    if changed:
        _write_changes(changed, known)
        Unit.objects.all().settle_kinds()
    if renamed:
        rekey_people_of(renamed)
    remember("units", ((row.key, row.merged.remembered) for row in plan.rows if row.merged))


def _unit(row: Planned) -> Unit:
    unit = Unit(code=row.key, name=row.said["name"], stated_kind=row.said.get("kind", ""))
    unit.set_keys()
    return unit


def _write_changes(rows: list[Planned], known: dict[str, int | None]) -> None:
    units = Unit.objects.in_bulk([known[row.key] for row in rows])
    for row in rows:
        assert row.merged is not None
        changes = row.merged.changes
        unit = units[known[row.key] or 0]
        unit.name = changes.get("name", unit.name)
        unit.stated_kind = changes.get("kind", unit.stated_kind)
        if "parent" in changes:
            unit.parent_id = known[changes["parent"]] if changes["parent"] else None
        unit.set_keys()
    bulk.update(Unit, units.values(), ["name", "sort_name", "search_key", "stated_kind", "parent"])
