"""Days in the organisation's time zone."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils import timezone

from folkmoot.core import clock
from folkmoot.core.clock import today

__all__ = ["can_be_looked_at", "is_skipped", "moment", "start_of", "today", "zone"]

# Beyond these years one cannot count on, or back.
_EARLIEST, _LATEST = 1000, 9000


def can_be_looked_at(day: date) -> bool:
    """Whether measures can be taken on that day: there are enough days around it."""
    return _EARLIEST <= day.year <= _LATEST


def zone() -> tzinfo:
    """The organisation's time zone."""
    return timezone.get_default_timezone()


def moment(day: date) -> datetime:
    """CHARTER.md's M for day D: now, if D is today; otherwise the end of D in the organisation's time zone.

    The end of a day is the start of the next one, exclusive, whatever the clocks did in between.
    """
    return clock.now() if day == today() else start_of(day + timedelta(days=1))


def is_skipped(wall_clock: datetime, zone: tzinfo) -> bool:
    """Whether that hour, which carries no zone, is one that the clocks of the zone leave out."""
    there = wall_clock.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there.replace(tzinfo=None) != wall_clock


def start_of(day: date) -> datetime:
    """The moment at which the day begins in the organisation's time zone."""
    return datetime.combine(day, time.min, tzinfo=zone())
