"""Time zones of our own making, compared with the zones themselves, by whatever day and place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given
from hypothesis import strategies as st

from folkmoot.events.zones import as_component

PLACES = [
    "Europe/London", "America/New_York", "Australia/Sydney", "Asia/Tokyo", "UTC", "Africa/Casablanca",
    "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Europe/Dublin", "Pacific/Apia",
]  # fmt: skip


def offset_by(component: object, wall_clock: datetime) -> timedelta:
    """What a calendar makes of it: the last change before that wall clock counts (RFC 5545 §3.6.5)."""
    found: list[tuple[datetime, timedelta]] = []
    for part in component.subcomponents:  # type: ignore[attr-defined]
        begins = part["DTSTART"].dt.replace(tzinfo=None)
        onsets = [begins]
        if "RRULE" in part:
            rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=begins)
            onsets = list(rule.between(begins, wall_clock, inc=True))
        found += [(onset, part["TZOFFSETTO"].td) for onset in onsets if onset <= wall_clock]
    return max(found)[1]


@given(
    st.sampled_from(PLACES),
    st.datetimes(datetime(2000, 1, 1), datetime(2036, 12, 31)),
    st.integers(0, 500),
)
@example("Pacific/Apia", datetime(2021, 10, 1), 0)  # whose clocks changed for the last time in April
@example("America/Bahia_Banderas", datetime(2010, 11, 6, 5), 0)  # which went over to another zone in spring
def test_a_calendar_reads_the_hour_that_is_meant(place: str, starts: datetime, days: int):
    zone = ZoneInfo(place)
    at = starts.replace(microsecond=0, tzinfo=UTC)
    later = at + timedelta(days=days)
    component = as_component(zone, at, later)
    for moment in (at, later):
        wall_clock = moment.astimezone(zone)
        near = [(moment + timedelta(hours=n)).astimezone(zone).utcoffset() for n in (-4, 4)]
        if near[0] == near[1]:  # within hours of a change the wall clock alone may mean two moments
            assert offset_by(component, wall_clock.replace(tzinfo=None)) == wall_clock.utcoffset()


@pytest.mark.parametrize(
    ("place", "parts"), [("Europe/London", 2), ("Asia/Tokyo", 1), ("America/New_York", 2)]
)
def test_what_is_regular_is_said_in_two_rules(place: str, parts: int):
    at = datetime(2027, 3, 11, tzinfo=UTC)
    component = as_component(ZoneInfo(place), at, at)
    assert len(component.subcomponents) == parts
    assert ("RRULE" in component.subcomponents[0]) == (parts == 2)
