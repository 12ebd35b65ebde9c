"""Keeping the calendars: terms, closures, working hours, and a year copied to the next."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.holidays import is_known
from folkmoot.calendar.models import Calendar, Period, said_year, year_of
from folkmoot.core.dates import say_day
from folkmoot.core.refused import Refused
from folkmoot.core.text import fold
from folkmoot.people.models import Person

YEARS = range(1900, 2200)


@transaction.atomic
def create_calendar(*, by: Person | None, name: str, slug: str = "") -> Calendar:
    """A further calendar for a part that differs. Refuses a name that another has."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the calendar a name."), "name")
    here = list(Calendar.objects.select_for_update())
    if any(fold(each.name) == fold(name) for each in here):
        raise Refused(_("There is a calendar of that name already."), "name")
    calendar = Calendar.objects.create(slug=slug or free_slug(name, {each.slug for each in here}), name=name)
    record("calendar_created", by=by, about=calendar)
    return calendar


def free_slug(name: str, taken: Iterable[str]) -> str:
    """A slug made from the name that none of those `taken` is."""
    base = slugify(fold(name))[:90].strip("-") or "calendar"
    taken = {*taken, "new"}
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken
    )


@transaction.atomic
def set_hours(
    *,
    by: Person,
    calendar: Calendar,
    name: str,
    opens: time,
    closes: time,
    working_days: list[int],
    holidays: str,
) -> Calendar:
    """Name, working hours and bank holidays of a calendar. Refuses hours that end before they begin."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if closes <= opens:
        raise Refused(_("The working day ends before it begins."), "closes")
    if holidays and not is_known(holidays):
        raise Refused(_("That is no country or part of one whose bank holidays are known."), "holidays")
    given = {
        "name": name, "opens": opens, "closes": closes, "working_days": sorted(set(working_days)), "holidays": holidays,
    }  # fmt: skip
    changed = sorted(field for field, value in given.items() if getattr(calendar, field) != value)
    if changed:
        for field in changed:
            setattr(calendar, field, given[field])
        calendar.save()
        record("calendar_changed", by=by, about=calendar, data={"changed": changed})
    return calendar


@transaction.atomic
def add_period(
    *, by: Person | None, calendar: Calendar, name: str, kind: str, start: date, end: date
) -> Period:
    """A term or closure. Refuses days out of order, and a term that overlaps another of the same calendar."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    period = Period(calendar=calendar, name=name, kind=kind, start=start, end=end)
    _check(period)
    period.save()
    record("period_added", by=by, about=period, data=_said(period))
    return period


@transaction.atomic
def change_period(*, by: Person, period: Period, name: str, kind: str, start: date, end: date) -> Period:
    """Another name, kind or days; the ledger keeps both. Refuses as `add_period` does."""
    Calendar.objects.select_for_update().get(pk=period.calendar_id)
    period = Period.objects.get(pk=period.pk)
    before = _said(period)
    period.name, period.kind, period.start, period.end = name, kind, start, end
    if _said(period) != before:
        _check(period)
        period.save()
        record("period_changed", by=by, about=period, data=_said(period) | {"was": before})
    return period


@transaction.atomic
def remove_period(*, by: Person, period: Period) -> None:
    """Take a term or closure out; the ledger keeps it."""
    Calendar.objects.select_for_update().get(pk=period.calendar_id)
    period = Period.objects.get(pk=period.pk)
    record("period_removed", by=by, about=period, data=_said(period))
    period.delete()


@transaction.atomic
def copy_year(*, by: Person, calendar: Calendar, year: int, weeks: int = 52) -> list[Period]:
    """The periods that begin in the academic year `year`, again `weeks` later: whole weeks keep the days of the week.

    Refuses a year that has none, and one whose next has terms already.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    of_year = list(Period.objects.filter(calendar=calendar).of_year(year))
    if not of_year:
        raise Refused(_("There is nothing to copy in %(year)s.") % {"year": said_year(year)})
    if not 1 <= weeks <= 200:
        raise Refused(_("Move by one to two hundred weeks."), "weeks")
    later = timedelta(weeks=weeks)
    copies = [
        Period(
            calendar=calendar,
            name=_next_name(each.name, year, year_of(each.start + later)),
            kind=each.kind,
            start=each.start + later,
            end=each.end + later,
        )
        for each in of_year
    ]
    for copy in copies:
        _check(copy)
    Period.objects.bulk_create(copies)
    record("year_copied", by=by, about=calendar, data={"year": year, "weeks": weeks, "periods": len(copies)})
    return copies


def _next_name(name: str, year: int, other: int) -> str:
    """The name with its year moved on, where it names one: “Autumn term 2026–27”, “Autumn 2026/27”, “Spring 2027”."""
    for before, after in (
        (f"{year}–{(year + 1) % 100:02}", f"{other}–{(other + 1) % 100:02}"),
        (f"{year}-{(year + 1) % 100:02}", f"{other}-{(other + 1) % 100:02}"),
        (f"{year}/{(year + 1) % 100:02}", f"{other}/{(other + 1) % 100:02}"),
        (str(year + 1), str(other + 1)),
        (str(year), str(other)),
    ):
        if before in name:
            return name.replace(before, after)
    return name


def _check(period: Period) -> None:
    if not period.name.strip():
        raise Refused(_("Give it a name, such as “Autumn term”."), "name")
    if period.start.year not in YEARS or period.end.year not in YEARS:
        raise Refused(_("The year is out of range."), "start")
    if period.end < period.start:
        raise Refused(_("The last day lies before the first."), "end")
    if period.kind != Period.Kind.TERM:
        return
    others = Period.objects.terms().filter(calendar=period.calendar_id).exclude(pk=period.pk)
    other = others.filter(start__lte=period.end, end__gte=period.start).first()
    if other:
        words = {
            "name": other.name,
            "start": say_day(other.start, period.start),
            "end": say_day(other.end, period.start),
        }
        raise Refused(
            _("Terms cannot overlap, and %(name)s goes from %(start)s to %(end)s.") % words, "start"
        )


def _said(period: Period) -> dict[str, Any]:
    return {
        "calendar": period.calendar_id,
        "name": period.name,
        "kind": str(period.kind),
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
    }
