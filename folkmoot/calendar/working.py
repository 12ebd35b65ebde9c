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
    last = local.date() + timedelta(days=_LONGEST_BREAK)
    closures = list(
        Period.objects.filter(
            calendar=calendar, kind=Period.Kind.CLOSURE, end__gte=local.date(), start__lte=last
        )
    )

    def opens(day: date) -> bool:
        free = day in bank_holidays(calendar.holidays, day.year) or any(each.covers(day) for each in closures)
        return day.weekday() in calendar.working_days and not free

    if opens(local.date()) and local.time() < calendar.closes:
        return max(at, _moment(local.date(), calendar.opens))
    day = local.date() + timedelta(days=1)
    while not opens(day) and day < last:
        day += timedelta(days=1)
    return _moment(day, calendar.opens) if opens(day) else at


def _moment(day: date, wall_clock: time) -> datetime:
    return datetime.combine(day, wall_clock, tzinfo=zone())
