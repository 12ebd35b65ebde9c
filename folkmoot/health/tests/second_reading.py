"""CHARTER.md read a second time: slow, obvious Python over plain lists, to compare the SQL with."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class M:
    """A membership in plain values."""

    person: int
    role: str
    since: date
    until: date | None


@dataclass(frozen=True)
class E:
    """An event in plain values; `attended` is None where no attendance was recorded."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    status: str
    attended: frozenset[int] | None = None


@dataclass(frozen=True)
class W:
    """A waiver in plain values."""

    commitment: str
    since: date
    until: date


@dataclass(frozen=True)
class C:
    """A community in plain values; `stages` are (day, stage) pairs, `terms` those of its calendar: first, last day."""

    since: date
    until: date | None
    stages: tuple[tuple[date, str], ...]
    memberships: tuple[M, ...]
    events: tuple[E, ...] = ()
    terms: tuple[tuple[date, date], ...] = ()
    waivers: tuple[W, ...] = ()
    space: bool = False  # whether one is on record
    posts: tuple[datetime, ...] = ()  # what stands; removed and hidden ones are not among them
    active_days: tuple[date, ...] = ()
    channel: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """When and where the question is asked: the moment it is now, the organisation's zone, measured from."""

    now: datetime
    zone: ZoneInfo
    measured_from: date

    def moment(self, day: date) -> datetime:
        """Now, if D is today; otherwise the end of D."""
        if day == self.now.astimezone(self.zone).date():
            return self.now
        return datetime.combine(day + DAY, time.min, tzinfo=self.zone)

    def day_of(self, event: E) -> date:
        """The day on which an event starts in the organisation's zone."""
        return event.starts_at.astimezone(self.zone).date()

    def is_future(self, day: date) -> bool:
        """Whether the day lies ahead."""
        return day > self.now.astimezone(self.zone).date()


def covers(membership: M, day: date) -> bool:
    """Both days are inclusive; an empty `until` means still."""
    return membership.since <= day and (membership.until is None or day <= membership.until)


def in_post(community: C, role: str, day: date) -> set[int]:
    """Distinct people with a membership of that role covering the day."""
    return {m.person for m in community.memberships if m.role == role and covers(m, day)}


def stage(community: C, day: date) -> str | None:
    """The stage on a day, or None where the community is not in the output."""
    if day < community.since or (community.until is not None and day > community.until):
        return None
    found = on_record(community, day)
    return None if found in {None, "proposed", "closed"} else found


def on_record(community: C, day: date) -> str | None:
    """The stage on record, whether the community's own days cover that day or not."""
    found = None
    for since, name in sorted(community.stages):
        if since <= day:
            found = name
    return found


def number_changed(community: C, role: str, day: date) -> date | None:
    """The day on which the number in post last changed, walking backwards day by day."""
    mine = [m for m in community.memberships if m.role == role]
    if not mine:
        return None
    first = min(m.since for m in mine)
    while day >= first:
        if len(in_post(community, role, day)) != len(in_post(community, role, day - DAY)):
            return day
        day -= DAY
    return None


def leads(
    community: C, day: date, least: int = 2, most: int = 4, notice: int = 60
) -> tuple[str, date | None]:
    """(status, due) of `leads`, before stages are considered."""
    return _post(community, "lead", day, least, most, notice)


def sponsor(community: C, day: date, notice: int = 60) -> tuple[str, date | None]:
    """(status, due) of `sponsor`, before stages are considered."""
    return _post(community, "sponsor", day, 1, 1, notice)


def _post(community: C, role: str, day: date, least: int, most: int, notice: int) -> tuple[str, date | None]:
    here = [m for m in community.memberships if m.role == role and covers(m, day)]
    if not least <= len({m.person for m in here}) <= most:
        return "missed", None
    later = day
    while len({m.person for m in here if covers(m, later)}) >= least:
        if later == day + notice * DAY:
            return "met", None
        later += DAY
    return "due_soon", later - DAY


LEARNING = {"lunch_and_learn", "workshop", "talk", "show_and_tell"}
Said = tuple[str, date | None, date | None]


def became_active(community: C, day: date) -> date:
    """The first day of the active days that go on until the day, walking backwards."""
    earliest = min(since for since, _name in community.stages)
    while day > earliest and on_record(community, day - DAY) == "active":
        day -= DAY
    return day


def term_of(community: C, day: date) -> tuple[date, date] | None:
    """The term that contains the day, else the last that ended before it."""
    for first, last in community.terms:
        if first <= day <= last:
            return first, last
    ended = [term for term in community.terms if term[1] < day]
    return max(ended, key=lambda term: term[1]) if ended else None


def once_a_term(community: C, kinds: set[str], day: date, asked: Asked) -> Said:
    """(status, since, due) of a term rule, of an active community."""
    term = term_of(community, day)
    if term is None:
        return "not_yet", None, None
    first, last = term
    clock = max(became_active(community, day), asked.measured_from)
    held = [
        asked.day_of(event)
        for event in community.events
        if event.kind in kinds
        and event.status not in {"draft", "cancelled"}
        and event.ends_at <= asked.moment(day)
        and first <= asked.day_of(event) <= last
    ]
    if held:
        return "met", max(held), last
    begins = max(first, clock)
    if clock > first:
        return "not_yet", begins, last
    if day > last:
        return "missed", last + DAY, last
    if 2 * (day - first).days >= (last - first).days:
        return "due_soon", begins, last
    return "not_yet", begins, last


def counts_as_sponsor_meeting(community: C, event: E, day: date, asked: Asked) -> bool:
    """Whether it was held by the moment of the day, as far as a sponsor meeting is."""
    if event.kind != "sponsor_meeting" or event.status in {"draft", "cancelled"}:
        return False
    if event.ends_at > asked.moment(day):
        return False
    if asked.is_future(day) and event.ends_at > asked.now:
        return True
    if event.attended is None:
        return event.status == "held"
    own = asked.day_of(event)
    return bool(event.attended & in_post(community, "lead", own)) and bool(
        event.attended & in_post(community, "sponsor", own)
    )


def sponsor_meeting(community: C, day: date, asked: Asked, days: int = 42, notice: int = 14) -> Said:
    """(status, since, due) of `sponsor_meeting`, of an active community."""
    clock = max(became_active(community, day), asked.measured_from)
    sponsors = [m.since for m in community.memberships if m.role == "sponsor" and covers(m, day)]
    clock = max([clock, *sponsors])
    held = [
        asked.day_of(event)
        for event in community.events
        if counts_as_sponsor_meeting(community, event, day, asked) and asked.day_of(event) >= clock
    ]
    last = max(held, default=None)
    due = (last or clock) + days * DAY
    if day > due:
        return "missed", due + DAY, due
    if last is None:
        return "not_yet", clock, due
    return ("due_soon" if (due - day).days <= notice else "met"), last, due


def online_space(community: C, day: date, asked: Asked, days: int = 30, notice: int = 9) -> Said:
    """(status, since, due) of `online_space`, of an active community."""
    clock = max(became_active(community, day), asked.measured_from)
    moments = [*community.posts, *([community.channel] if community.channel else [])]
    alive = [
        moment.astimezone(asked.zone).date()
        for moment in moments
        if moment <= min(asked.now, asked.moment(day)) and moment.astimezone(asked.zone).date() <= day
    ]
    alive += [attested for attested in community.active_days if attested <= day]
    if not community.space and not alive:
        return "missed", clock, None
    last = max([one for one in alive if one >= clock], default=None)
    quiet_since = last or clock
    quiet = (day - quiet_since).days
    due = quiet_since + days * DAY
    if quiet > days:
        return "missed", due + DAY, due
    return ("due_soon" if quiet >= days - notice else "met"), quiet_since, due


def finding(community: C, commitment: str, day: date, asked: Asked) -> Said | None:
    """(status, since, due) of a commitment, or None where the community is not in the output."""
    now = stage(community, day)
    if now is None:
        return None
    status, since, due = _unwaived(community, commitment, day, asked, now)
    waived = any(w.commitment == commitment and w.since <= day <= w.until for w in community.waivers)
    return ("waived", since, None) if waived or now == "resting" else (status, since, due)


def _unwaived(community: C, commitment: str, day: date, asked: Asked, now: str) -> Said:
    if commitment in {"leads", "sponsor"}:
        role = {"leads": "lead", "sponsor": "sponsor"}[commitment]
        status, due = leads(community, day) if commitment == "leads" else sponsor(community, day)
        return status, number_changed(community, role, day), due
    if now != "active":
        return "not_yet", None, None  # no clock has started
    if commitment == "sponsor_meeting":
        return sponsor_meeting(community, day, asked)
    if commitment == "online_space":
        return online_space(community, day, asked)
    kinds = {"core_meeting"} if commitment == "core_meeting" else LEARNING
    return once_a_term(community, kinds, day, asked)
