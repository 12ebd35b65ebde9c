"""Planning and writing events: known by the organisation's own id, credited to every community that hosts them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from folkmoot.core.text import fold
from folkmoot.events.models import Attendance, Event, Hosting, Kind, Speaker, Status, as_known
from folkmoot.events.tasks import calendars_follow
from folkmoot.exchange.importing import bulk
from folkmoot.exchange.importing.memory import Memory, remember
from folkmoot.exchange.importing.merging import Merged, merge
from folkmoot.exchange.importing.nearest import Nearest
from folkmoot.exchange.importing.people import PeoplePlan
from folkmoot.exchange.importing.plans import Place, Planned, References, Rejecter, count
from folkmoot.exchange.importing.report import Outcome, Report
from folkmoot.exchange.reading import Table
from folkmoot.exchange.reading.moments import Moments

PLAIN = ("kind", "title", "timezone", "place", "online_url", "status", "summary")
PARTS = ("hosts", "speakers", "attended")
GUEST = "="  # marks a speaker who is nobody of the directory, in what is remembered
_KINDS = {re.sub(r"[\W_]", "", kind.value): kind.value for kind in Kind} | {
    "lunchlearn": "lunch_and_learn", "lunchandlearns": "lunch_and_learn", "training": "workshop", "seminar": "talk",
    "webinar": "talk", "presentation": "talk", "demo": "show_and_tell",
    "sponsor": "sponsor_meeting", "core": "core_meeting",
}  # fmt: skip
_STATUSES = {status.value: status.value for status in Status} | {
    "canceled": "cancelled", "planned": "scheduled", "confirmed": "scheduled", "done": "held", "completed": "held",
}  # fmt: skip


@dataclass
class EventPlan:
    """The events of a source."""

    rows: list[Planned] = field(default_factory=list)


def plan_events(
    tables: list[Table], communities: References, people: PeoplePlan, report: Report, now: datetime
) -> EventPlan:
    """Plan the events of these tables."""
    return _Planner(communities, people, report, now).plan(tables)


class _Planner:
    def __init__(self, communities: References, people: PeoplePlan, report: Report, now: datetime) -> None:
        self.communities, self.people, self.report, self.now = communities, people, report, now
        self.rejecter = Rejecter(report)
        self.rows: dict[str, Planned] = {}
        self.repeated = 0
        self.zones: dict[str, ZoneInfo | None] = {"": ZoneInfo(settings.TIME_ZONE)}

    def plan(self, tables: list[Table]) -> EventPlan:
        for table in tables:
            moments = {name: _moments(table, name) for name in ("starts", "ends")}
            for line, cells in table.take():
                self._take(Place(table, line), cells, moments)
        self._merge()
        plan = EventPlan(list(self.rows.values()))
        count(self.report, "events", plan.rows)
        self.report.counts[Outcome.UNCHANGED]["events"] += self.repeated
        return plan

    # Reading

    def _take(self, place: Place, cells: dict[str, str], moments: dict[str, Moments]) -> None:
        said, problems = self._read(cells, moments)
        for column, value, sentence in problems:
            self.rejecter.reject(place, column, value, sentence)
        if problems:
            return
        key = cells["id"]
        earlier = self.rows.get(key)
        if earlier is None:
            self.rows[key] = Planned(key, place, said)
        elif earlier.said == said:
            self.repeated += 1
        else:
            sentence = _("“%(id)s” stands for another event in %(place)s.")
            self.rejecter.reject(place, "id", key, sentence % {"id": key, "place": earlier.place.said()})

    def _read(
        self, cells: dict[str, str], moments: dict[str, Moments]
    ) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
        """What the row says, in the form that is remembered; (column, value, what is wrong with it)."""
        problems: list[tuple[str, str, str]] = []

        def wrong(column: str, sentence: str, value: str | None = None) -> None:
            problems.append((column, cells.get(column, "") if value is None else value, sentence))

        said: dict[str, Any] = {name: cells[name] for name in ("title", "place", "summary") if name in cells}
        if not cells["id"]:
            wrong("id", _("An event needs an id of its own."))
        if not cells["title"]:
            wrong("title", _("An event needs a title."))
        said["kind"] = self._one_of(cells, "kind", _KINDS, wrong)
        if cells.get("status"):
            said["status"] = self._one_of(cells, "status", _STATUSES, wrong)
        zone = self._zone(cells.get("timezone", ""), wrong)
        if zone is not None:
            said["timezone"] = zone.key
            said |= self._times(cells, moments, zone, wrong)
        if "online_url" in cells:
            url = cells["online_url"]
            said["online_url"] = f"https://{url}" if url and ":" not in url.split("/")[0] else url
        said |= self._parts(cells, wrong)
        return said, problems

    def _zone(self, text: str, wrong: Callable[..., None]) -> ZoneInfo | None:
        if text not in self.zones:
            self.zones[text] = as_known(text)
        if self.zones[text] is None:
            wrong("timezone", _("That is no time zone; write it as Europe/London."))
        return self.zones[text]

    def _times(
        self, cells: dict[str, str], moments: dict[str, Moments], zone: ZoneInfo, wrong: Callable[..., None]
    ) -> dict[str, str]:
        found: dict[str, datetime] = {}
        for name in ("starts", "ends"):
            if not cells[name]:
                wrong(name, _("The day and time are missing."))
                continue
            at = moments[name].read(cells[name], zone, ends=name == "ends")
            if isinstance(at, str):
                wrong(name, at)
            else:
                found[name] = at
        if len(found) == 2 and found["ends"] < found["starts"]:
            wrong("ends", _("It ends before it begins."))
        return {name: at.isoformat() for name, at in found.items()}

    def _one_of(
        self, cells: dict[str, str], column: str, known: dict[str, str], wrong: Callable[..., None]
    ) -> str:
        text = cells[column]
        found = known.get(re.sub(r"[\W_]", "", fold(text)))
        if found is None:
            names = sorted(set(known.values()))
            sentence = _("It is one of: %(known)s.") % {"known": ", ".join(names)}
            near = Nearest(lambda: names).to(text) if text else ""
            wrong(column, sentence + (" " + _("The nearest is “%(near)s”.") % {"near": near} if near else ""))
        return found or ""

    def _parts(self, cells: dict[str, str], wrong: Callable[..., None]) -> dict[str, str]:
        """Hosts, speakers and who was there, each once, with a bar between them."""
        parts: dict[str, str] = {}
        if "community" in cells or "hosts" in cells:
            hosts = [text for text in (cells.get("community", ""), *_split(cells.get("hosts", ""))) if text]
            known = [self.communities.find(text) for text in hosts]
            for text, slug in zip(hosts, known, strict=True):
                if slug is None:
                    column = "community" if text == cells.get("community") else "hosts"
                    wrong(column, self.communities.unknown(text), text)
            found = list(dict.fromkeys(slug for slug in known if slug))
            planner = self.communities.find(cells.get("community", "")) or ""
            parts["community"] = planner
            parts["hosts"] = "|".join(sorted(found))
        if "speakers" in cells:
            given = dict.fromkeys(
                self._person(text) or GUEST + text[:300] for text in _split(cells["speakers"])
            )
            parts["speakers"] = "|".join(given)
        if "attended" in cells:
            there = []
            for text in _split(cells["attended"]):
                ref = self._person(text)
                there += [ref] if ref else []
                if ref is None:
                    wrong("attended", self._nobody(text), text)
            parts["attended"] = "|".join(sorted(set(there)))
        return parts

    def _person(self, text: str) -> str | None:
        known = self.people.references.known
        return text if text in known else self.people.emails.get(text.lower())

    def _nobody(self, text: str) -> str:
        return self.people.references.unknown(text)

    # Against what is here

    def _merge(self) -> None:
        here = {event.ref: event for event in _here(self.rows)}
        parts = _parts_here([event.pk for event in here.values()])
        memory = Memory("events", self.rows, lambda row: row.said)
        for key, row in self.rows.items():
            event = here.get(key)
            if event is None:
                row.merged = Merged(Outcome.CREATED, row.said, row.said)
                continue
            row.id = event.pk
            row.merged = merge(row.said, memory.of(key), _current(event, parts[event.pk]))
            for name in ("status", "timezone", "kind", "title", "starts", "ends"):
                if row.merged.changes.get(name) == "":
                    del row.merged.changes[name]  # it cannot be empty


def _moments(table: Table, name: str) -> Moments:
    place = table.fields.index(name) if name in table.fields else None
    values = {row.cells[place] for row in table.rows} if place is not None else set()
    return Moments((value for value in values if value), serials=table.from_workbook)


def _split(text: str) -> list[str]:
    return [part for each in text.split("|") if (part := each.strip())]


def _here(rows: dict[str, Planned]) -> Iterable[Event]:
    refs = list(rows)
    for at in range(0, len(refs), bulk.AT_ONCE):
        yield from Event.objects.select_related("community").filter(ref__in=refs[at : at + bulk.AT_ONCE])


def _parts_here(events: list[int]) -> dict[int, dict[str, str]]:
    """{event: {hosts, speakers, attended as they are remembered}}. Three statements."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: {name: [] for name in PARTS})
    hosts = Hosting.objects.filter(event__in=events).values_list("event", "community__slug")
    for event, slug in hosts.order_by("community__slug"):
        found[event]["hosts"].append(slug)
    speakers = Speaker.objects.filter(event__in=events).values_list("event", "person__ref", "name")
    for event, ref, name in speakers.order_by("event", "place"):
        found[event]["speakers"].append(ref or GUEST + name)
    for event, ref in Attendance.objects.filter(event__in=events).values_list("event", "person__ref"):
        found[event]["attended"].append(ref)
    joined: dict[int, dict[str, str]] = defaultdict(lambda: dict.fromkeys(PARTS, ""))
    for event, parts in found.items():
        parts["attended"].sort()
        parts["hosts"].sort()
        joined[event] = {name: "|".join(values) for name, values in parts.items()}
    return joined


def _current(event: Event, parts: dict[str, str]) -> dict[str, str]:
    return {
        **{name: getattr(event, name) for name in PLAIN},
        "starts": event.starts_at.isoformat(),
        "ends": event.ends_at.isoformat(),
        "community": event.community.slug if event.community else "",
        **parts,
    }


def write_events(
    plan: EventPlan, communities: References, people: References, now: datetime, tell: Callable[[int], None]
) -> None:
    """Write what is planned."""
    new = [row for row in plan.rows if row.merged and row.merged.outcome == Outcome.CREATED]
    made = (_event(Event(ref=row.key), row.said, communities, now) for row in new)
    ids = []
    for number, event in enumerate(bulk.insert(made), start=1):
        ids.append(event.pk)
        if number % bulk.AT_ONCE == 0:
            tell(number)
    _write_parts([(pk, row.said) for pk, row in zip(ids, new, strict=True)], communities, people)
    changed = {row.id: row for row in plan.rows if row.merged and row.merged.outcome == Outcome.UPDATED}
    if changed:
        events = list(Event.objects.filter(pk__in=list(changed)))
        coming = [event.pk for event in events if not event.is_over(now)]
        for event in events:
            merged = changed[event.pk].merged
            assert merged is not None
            _event(event, merged.changes, communities, now)
            event.sequence += 1
        names = [*PLAIN, "starts_at", "ends_at", "community", "sequence", "summary_html"]
        bulk.update(Event, events, names)
        again = [(pk or 0, row.merged.changes) for pk, row in changed.items() if row.merged]
        _clear_parts(again)
        _write_parts(again, communities, people)
        calendars_follow(coming)
    remember("events", ((row.key, row.merged.remembered) for row in plan.rows if row.merged))


def _event(event: Event, values: dict[str, Any], communities: References, now: datetime) -> Event:
    for name in PLAIN:
        if name in values:
            setattr(event, name, values[name])
    if "summary" in values:
        event.summary_html = ""
    if "starts" in values:
        event.starts_at = datetime.fromisoformat(values["starts"])
    if "ends" in values:
        event.ends_at = datetime.fromisoformat(values["ends"])
    if "community" in values:
        event.community_id = communities.known[values["community"]] if values["community"] else None
    if event.pk is None and not values.get("status"):
        event.status = Status.HELD if event.ends_at <= now else Status.SCHEDULED
    return event


def _clear_parts(events: list[tuple[int, dict[str, Any]]]) -> None:
    for name, model in (("hosts", Hosting), ("speakers", Speaker), ("attended", Attendance)):
        model.objects.filter(event__in=[pk for pk, values in events if name in values]).delete()


def _write_parts(
    events: list[tuple[int, dict[str, Any]]], communities: References, people: References
) -> None:
    def parts(name: str) -> Iterator[tuple[int, int, str]]:
        for pk, values in events:
            for place, each in enumerate(filter(None, values.get(name, "").split("|"))):
                yield pk, place, each

    for hosting in bulk.insert(
        Hosting(event_id=pk, community_id=communities.known[slug] or 0) for pk, _place, slug in parts("hosts")
    ):
        del hosting
    for speaker in bulk.insert(
        Speaker(event_id=pk, place=place, name=each[1:])
        if each.startswith(GUEST)
        else Speaker(event_id=pk, place=place, person_id=people.known[each])
        for pk, place, each in parts("speakers")
    ):
        del speaker
    for attendance in bulk.insert(
        Attendance(event_id=pk, person_id=people.known[ref] or 0) for pk, _place, ref in parts("attended")
    ):
        del attendance
