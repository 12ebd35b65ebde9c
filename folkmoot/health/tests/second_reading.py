"""CHARTER.md read a second time: slow, obvious Python over plain lists, to compare the SQL with."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class M:
    """A membership in plain values."""

    person: int
    role: str
    since: date
    until: date | None


@dataclass(frozen=True)
class C:
    """A community in plain values; `stages` are (day, stage) pairs."""

    since: date
    until: date | None
    stages: tuple[tuple[date, str], ...]
    memberships: tuple[M, ...]


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
    found = None
    for since, name in sorted(community.stages):
        if since <= day:
            found = name
    return None if found in {None, "proposed", "closed"} else found


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


def finding(community: C, commitment: str, day: date) -> tuple[str, date | None, date | None] | None:
    """(status, since, due) of a commitment, or None where the community is not in the output."""
    now = stage(community, day)
    if now is None:
        return None
    role = {"leads": "lead", "sponsor": "sponsor"}[commitment]
    since = number_changed(community, role, day)
    if now == "resting":
        return "waived", since, None
    status, due = leads(community, day) if commitment == "leads" else sponsor(community, day)
    return status, since, due
