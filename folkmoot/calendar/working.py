"""When the organisation is at work: its working hours, but for bank holidays and closures."""

from datetime import date, datetime, time, timedelta

from folkmoot.calendar.days import zone
from folkmoot.calendar.holidays import bank_holidays
from folkmoot.calendar.models import Calendar, Period

_LONGEST_BREAK = 120  # days


def next_working_moment(at: datetime) -> datetime:
    """`at` itself in working hours, else when they begin next. Two statements.

    Where nobody works for months, or a calendar has no working day, it is `at`: mail is not kept for ever.
    """
    calendar = Calendar.objects.organisations()
    local = at.astimezone(zone())
    days = working_days(calendar, local.date(), local.date() + timedelta(days=_LONGEST_BREAK))
    if days and days[0] == local.date():
        if local.time() < calendar.closes:
            return max(at, _moment(days[0], calendar.opens))
        days = days[1:]
    return _moment(days[0], calendar.opens) if days else at


def working_days(calendar: Calendar, first: date, last: date) -> list[date]:
    """The days from `first` to `last` on which those who keep the calendar work. One statement."""
    closures = list(calendar.periods.filter(kind=Period.Kind.CLOSURE, end__gte=first, start__lte=last))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [
        day
        for day in days
        if day.weekday() in calendar.working_days
        and day not in bank_holidays(calendar.holidays, day.year)
        and not any(closure.covers(day) for closure in closures)
    ]


def _moment(day: date, wall_clock: time) -> datetime:
    return datetime.combine(day, wall_clock, tzinfo=zone())
