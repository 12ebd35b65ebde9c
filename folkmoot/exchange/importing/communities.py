"""Planning and writing communities: their pages, their days and the stage they are in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from folkmoot.communities.models import ActiveDay, Community, PracticeArea, Stage, StageChange
from folkmoot.core.text import fold
from folkmoot.exchange.importing import bulk
from folkmoot.exchange.importing.memory import Memory, remember
from folkmoot.exchange.importing.merging import Merged, merge
from folkmoot.exchange.importing.nearest import Nearest
from folkmoot.exchange.importing.plans import (
    Place,
    Planned,
    References,
    Rejecter,
    as_day,
    count,
    days_of,
    read_day,
)
from folkmoot.exchange.importing.report import Outcome, Report
from folkmoot.exchange.importing.stages import Standing, standings
from folkmoot.exchange.importing.terms import Calendars
from folkmoot.exchange.reading import Table
from folkmoot.exchange.reading.dates import Days

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPACES = {
    "": "", "none": "", "no": "", "teams": "teams", "msteams": "teams", "microsoftteams": "teams", "team": "teams",
    "slack": "slack", "engage": "engage", "vivaengage": "engage", "yammer": "engage", "mailinglist": "mailing_list",
    "email": "mailing_list", "listserv": "mailing_list", "folkmoot": "folkmoot", "other": "other", "another": "other",
}  # fmt: skip
DAYS = ("stage_since", "since", "until", "space_active")


@dataclass
class CommunityPlan:
    """The communities of a source, and all that memberships may name afterwards."""

    rows: list[Planned] = field(default_factory=list)
    references: References = field(default_factory=References)
    areas: dict[str, str] = field(default_factory=dict)  # {slug: name} of practice areas to be made
    here: dict[str, Community] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)


def plan_communities(tables: list[Table], calendars: Calendars, report: Report, today: date) -> CommunityPlan:
    """Plan the communities of these tables."""
    return _Planner(calendars, report, today).plan(tables)


class _Planner:
    def __init__(self, calendars: Calendars, report: Report, today: date) -> None:
        self.calendars = calendars
        self.report = report
        self.today = today
        self.rejecter = Rejecter(report)
        self.plan_ = CommunityPlan()
        self.here = self.plan_.here
        self.rows: dict[str, Planned] = {}
        self.repeated = 0
        self.areas: dict[str, str] = {}
        self.active: dict[int, str] = {}

    def plan(self, tables: list[Table]) -> CommunityPlan:
        for community in Community.objects.select_related("practice_area", "calendar"):
            self.here[community.slug] = community
            self.plan_.references.add(community.slug, community.name, community.pk)
        if tables:
            self.plan_.standings = standings(self.today)
            self.areas = {fold(area.name): area.slug for area in PracticeArea.objects.all()}
            self.area_slugs = set(self.areas.values())
            active = ActiveDay.objects.order_by().values_list("community").annotate(Max("day"))
            self.active = {pk: day.isoformat() for pk, day in active}
        for table in tables:
            days = {name: days_of(table, name) for name in DAYS}
            for line, cells in table.take():
                self._take(Place(table, line), cells, days)
        self._merge()
        self.plan_.rows = list(self.rows.values())
        count(self.report, "communities", self.plan_.rows)
        self.report.counts[Outcome.UNCHANGED]["communities"] += self.repeated
        for slug, row in self.rows.items():
            if slug not in self.here:
                self.plan_.references.add(slug, row.said["name"], None)
            elif row.merged and row.merged.changes.get("name"):
                self.plan_.references.rename(slug, self.here[slug].name, row.said["name"])
        return self.plan_

    def _take(self, place: Place, cells: dict[str, str], days: dict[str, Days]) -> None:
        slug = self._slug(place, cells)
        said, problems = self._read(slug, cells, days)
        for column, sentence in problems:
            self.rejecter.reject(place, column, cells.get(column, ""), sentence)
        earlier = self.rows.get(slug)
        if problems:
            if slug and slug not in self.here and earlier is None:
                self.plan_.references.rejected[slug] = place
        elif earlier is None:
            self.rows[slug] = Planned(slug, place, said)
        elif earlier.said == said:
            self.repeated += 1
        else:
            sentence = _("“%(slug)s” stands for another community in %(place)s.")
            self.rejecter.reject(
                place, "slug", slug, sentence % {"slug": slug, "place": earlier.place.said()}
            )

    def _slug(self, place: Place, cells: dict[str, str]) -> str:
        """The slug; where one column gives both, it is made from the name."""
        slug = cells["slug"]
        matched = place.table.matched
        if slug and not _SLUG.fullmatch(slug) and matched["slug"] == matched["name"]:
            slug = slugify(fold(cells["name"]))[:100].strip("-") or slug
            sentence = _("This is not a web address; “%(slug)s” was made from it.") % {"slug": slug}
            self.rejecter.warn(place, "slug", cells["slug"], sentence)
        return slug

    def _read(
        self, slug: str, cells: dict[str, str], days: dict[str, Days]
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """What the row says, in the form that is remembered, and what is wrong with it."""
        said: dict[str, Any] = {name: value for name, value in cells.items() if name != "slug"}
        problems = list(_slug_problems(slug))
        if not cells["name"]:
            problems.append(("name", _("A community needs a name.")))
        for name in DAYS:
            if name in said:
                said[name], sentence = read_day(days[name], cells[name])
                problems += [(name, sentence)] if sentence else []
        if said.get("stage"):
            said["stage"] = fold(said["stage"])
            problems += _one_of("stage", said["stage"], {stage.value for stage in Stage})
        if said.get("space_kind"):
            kind = _SPACES.get(re.sub(r"[\W_]", "", fold(said["space_kind"])))
            problems += _one_of("space_kind", said["space_kind"], set(_SPACES)) if kind is None else []
            said["space_kind"] = kind
        url = said.get("space_url", "")
        if url and not re.match(r"[A-Za-z][A-Za-z0-9+-]*:", url):
            said["space_url"] = f"https://{url}"
        if said.get("practice_area"):
            said["practice_area"] = self._area(said["practice_area"])
        if said.get("calendar"):
            own = self.calendars.named(said["calendar"])
            said["calendar"] = "" if own == self.calendars.organisations else own
        if not problems:
            problems += self._day_problems(slug, said)
        return said, problems

    def _area(self, text: str) -> str:
        """The slug of the practice area that `text` is the name or the slug of; it is made if there is none."""
        name = prettified(text)
        slug = self.areas.get(fold(name)) or (text if text in self.area_slugs else "")
        if not slug:
            slug = wanted = slugify(fold(text))[:90].strip("-") or "area"
            number = 1
            while slug in self.area_slugs:
                number += 1
                slug = f"{wanted}-{number}"
            self.areas[fold(name)] = slug
            self.area_slugs.add(slug)
            self.plan_.areas[slug] = name
        return slug

    def _day_problems(self, slug: str, said: dict[str, Any]) -> Iterator[tuple[str, str]]:
        here = self.here.get(slug)
        since = as_day(said.get("since", "")) or (here.since if here else None)
        until = as_day(said.get("until", ""))
        begins = as_day(said.get("stage_since", ""))
        if since and until and until < since:
            yield "until", _("The last day lies before the first.")
        elif since and here and here.until and not until and said.get("since") and here.until < since:
            yield (
                "since",
                _("It lies after the last day on record here, %(day)s.") % {"day": here.until.isoformat()},
            )
        if since and begins and begins < since:
            yield "stage_since", _("The stage begins before the community does.")
        if said.get("stage") == Stage.CLOSED and not (until or begins or (here and here.until)):
            yield (
                "until",
                _("A closed community needs its last day here, or the day it closed under “stage_since”."),
            )

    def _merge(self) -> None:
        memory = Memory("communities", self.rows, lambda row: row.said)
        for slug, row in self.rows.items():
            community = self.here.get(slug)
            if community is None:
                row.merged = Merged(Outcome.CREATED, row.said, row.said)
                continue
            row.id = community.pk
            row.merged = merge(row.said, memory.of(slug), self._current(community, row.said))
            self._keep_what_cannot_be_empty(row.merged, row.said)
            if (
                "stage_since" in row.merged.changes
                and "stage" not in row.merged.changes
                and row.said.get("stage")
            ):
                row.merged.changes["stage"] = row.said["stage"]  # the two are written together

    @staticmethod
    def _keep_what_cannot_be_empty(merged: Merged, said: dict[str, Any]) -> None:
        for name in ("stage", "stage_since", "since", "until", "space_active"):
            is_needed = name != "until" or said.get("stage") == Stage.CLOSED
            if is_needed and merged.changes.get(name) == "":
                del merged.changes[name]
                merged.outcome = merged.outcome if merged.changes else Outcome.UNCHANGED

    def _current(self, community: Community, said: dict[str, Any]) -> dict[str, Any]:
        standing = self.plan_.standings[community.pk]
        is_closed = standing.stage == Stage.CLOSED
        return {
            "name": community.name,
            "practice_area": community.practice_area.slug if community.practice_area else "",
            "summary": community.summary,
            "stage": standing.stage,
            # The day a community closed follows from its last day, and is not said twice.
            "stage_since": said.get("stage_since", "") if is_closed else standing.since.isoformat(),
            "since": community.since.isoformat(),
            "until": community.until.isoformat() if community.until else "",
            "space_kind": community.space_kind,
            "space_url": community.space_url,
            "space_active": self.active.get(community.pk, ""),
            "calendar": community.calendar.slug if community.calendar else "",
        }


def _slug_problems(slug: str) -> Iterator[tuple[str, str]]:
    if not slug:
        yield "slug", _("A community needs a slug: its own part of the web address, such as research-data.")
    elif slug == "new":
        yield "slug", _("“new” cannot be the address of a community; choose another.")
    elif not _SLUG.fullmatch(slug):
        near = slugify(fold(slug))
        sentence = _("A slug has small letters a–z, digits and single hyphens.")
        yield "slug", sentence + (" " + _("Perhaps “%(near)s”?") % {"near": near} if near else "")


def _one_of(column: str, text: str, known: set[str]) -> list[tuple[str, str]]:
    if text in known:
        return []
    near = Nearest(lambda: known).to(text)
    sentence = _("“%(text)s” is not one of: %(known)s.") % {
        "text": text,
        "known": ", ".join(sorted(known - {""})),
    }
    return [(column, sentence + (" " + _("The nearest is “%(near)s”.") % {"near": near} if near else ""))]


def prettified(text: str) -> str:
    """A name from a slug-like text: "product-and-project-management" is "Product and project management"."""
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", text):
        return text
    words = re.sub(r"[-_]", " ", text)
    return words[:1].upper() + words[1:]


def write_communities(plan: CommunityPlan, calendars: Calendars, today: date) -> None:
    """Write what is planned; every community's id is known to the references afterwards."""
    new_areas = [
        PracticeArea(slug=slug, name=name[:200]) for slug, name in plan.areas.items() if _is_used(plan, slug)
    ]
    for area in new_areas:
        area.set_keys()
    bulk.insert_all(new_areas)
    areas = {area.slug: area for area in PracticeArea.objects.all()}
    _create([row for row in plan.rows if row.id is None], plan, areas, calendars, today)
    _change(
        [row for row in plan.rows if row.merged and row.merged.outcome == Outcome.UPDATED],
        plan,
        areas,
        calendars,
        today,
    )
    remember("communities", ((row.key, row.merged.remembered) for row in plan.rows if row.merged))


def _is_used(plan: CommunityPlan, area: str) -> bool:
    return any(row.merged and row.merged.changes.get("practice_area") == area for row in plan.rows)


def _apply(
    community: Community, values: dict[str, Any], areas: dict[str, PracticeArea], calendars: Calendars
) -> None:
    for name in ("name", "summary", "space_kind", "space_url"):
        if name in values:
            setattr(community, name, values[name])
    if "practice_area" in values:
        community.practice_area = areas[values["practice_area"]] if values["practice_area"] else None
    if "calendar" in values:
        community.calendar_id = calendars.ids[values["calendar"]] if values["calendar"] else None
    community.set_keys()


def _create(
    rows: list[Planned],
    plan: CommunityPlan,
    areas: dict[str, PracticeArea],
    calendars: Calendars,
    today: date,
) -> None:
    communities = []
    for row in rows:
        since, until = _days_of_new(row.said, today)
        community = Community(slug=row.key, since=since, until=until)
        _apply(community, row.said, areas, calendars)
        communities.append(community)
    bulk.insert_all(communities)
    changes = []
    for row, community in zip(rows, communities, strict=True):
        plan.references.known[row.key] = community.pk
        stage = row.said.get("stage") or Stage.ACTIVE.value
        if stage == Stage.CLOSED:
            assert community.until is not None
            closes = community.until + timedelta(days=1)
            changes.append(StageChange(community=community, stage=Stage.ACTIVE, since=community.since))
            changes.append(StageChange(community=community, stage=stage, since=closes))
        else:
            begins = as_day(row.said.get("stage_since", "")) or community.since
            changes.append(StageChange(community=community, stage=stage, since=begins))
    bulk.insert_all(changes)
    _attest({community.pk: row.said for row, community in zip(rows, communities, strict=True)})


def _days_of_new(said: dict[str, Any], today: date) -> tuple[date, date | None]:
    until = as_day(said.get("until", ""))
    begins = as_day(said.get("stage_since", ""))
    if said.get("stage") == Stage.CLOSED and until is None and begins is not None:
        until = begins - timedelta(days=1)
    since = as_day(said.get("since", ""))
    if since is None:
        since = min(day for day in (today, until, begins) if day is not None)
    return since, max(until, since) if until else None


def _change(
    rows: list[Planned],
    plan: CommunityPlan,
    areas: dict[str, PracticeArea],
    calendars: Calendars,
    today: date,
) -> None:
    communities = []
    dropped: list[int] = []
    added: list[StageChange] = []
    for row in rows:
        assert row.merged is not None
        community = plan.here[row.key]
        changes = row.merged.changes
        _apply(community, changes, areas, calendars)
        standing = plan.standings[community.pk]
        gone, new = standing.rewritten(community, row.said, changes, today)
        dropped += gone
        added += new
        communities.append(community)
    bulk.update(
        Community,
        communities,
        [
            "name",
            "sort_name",
            "search_key",
            "practice_area",
            "summary",
            "calendar",
            "since",
            "until",
            "space_kind",
            "space_url",
        ],
    )
    StageChange.objects.filter(pk__in=dropped).delete()
    bulk.insert_all(added)
    _attest({row.id: row.merged.changes for row in rows if row.merged})


def _attest(said: dict[Any, dict[str, Any]]) -> None:
    """The days on which online spaces were active, beside those that are on record."""
    days = [(pk, as_day(values.get("space_active", ""))) for pk, values in said.items()]
    active = [ActiveDay(community_id=pk, day=day) for pk, day in days if day]
    ActiveDay.objects.bulk_create(active, ignore_conflicts=True)
