"""Calendars: the list, one with its years, its hours."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from folkmoot.calendar.actions import create_calendar, set_hours
from folkmoot.calendar.days import today
from folkmoot.calendar.forms import CalendarForm, HoursForm
from folkmoot.calendar.holidays import bank_holidays
from folkmoot.calendar.models import Calendar, Period, said_year, year_of
from folkmoot.core.refused import Refused
from folkmoot.people.access import me, programme_team_only, signed_in
from folkmoot.ui.forms import refuse


@signed_in
def calendars(request: HttpRequest) -> HttpResponse:
    """`/programme/calendar/`: the organisation's own, and the others to choose from."""
    return _page(request, Calendar.objects.organisations())


@signed_in
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """`/programme/calendar/<slug>/`"""
    return _page(request, get_object_or_404(Calendar, slug=slug))


@programme_team_only
def new(request: HttpRequest) -> HttpResponse:
    """`/programme/calendar/new/`"""
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_calendar(by=me(request), **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The calendar is there. Next: its terms."))
            return redirect("calendar_of", made.slug)
    return render(request, "calendar/new.html", {"form": form})


@programme_team_only
def hours(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/<slug>/hours/`"""
    found = get_object_or_404(Calendar, slug=slug)
    form = HoursForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            set_hours(by=me(request), calendar=found, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The calendar has been changed."))
            return redirect("calendar_of", slug)
    return render(request, "calendar/hours.html", {"calendar": found, "form": form})


def _page(request: HttpRequest, shown: Calendar) -> HttpResponse:
    """Three statements, whatever the number of terms."""
    on = today()
    periods = Period.objects.filter(calendar=shown).order_by("-start", "-end")
    years = [
        (year, said_year(year), sorted(those, key=lambda period: (period.start, period.end)))
        for year, those in groupby(periods, key=lambda period: year_of(period.start))
    ]
    holidays = {**bank_holidays(shown.holidays, on.year), **bank_holidays(shown.holidays, on.year + 1)}
    context = {
        "calendar": shown,
        "calendars": list(Calendar.objects.all()),
        "years": years,
        "today": on,
        "holidays": [(day, name) for day, name in holidays.items() if day >= on][:8],
        "weekdays": _weekdays(shown),
    }
    return render(request, "calendar/calendar.html", context)


def _weekdays(shown: Calendar) -> str:
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    days = shown.working_days
    if days == list(range(days[0], days[-1] + 1)) and len(days) > 2 if days else False:
        return f"{names[days[0]]}–{names[days[-1]]}"
    return ", ".join(names[day] for day in days) or _("no days")
