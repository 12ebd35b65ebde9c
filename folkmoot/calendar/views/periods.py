"""Terms and closures of a calendar, and a year copied to the next."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.calendar.actions import add_period, change_period, copy_year, remove_period
from folkmoot.calendar.forms import CopyForm, PeriodForm
from folkmoot.calendar.models import Calendar, Period, said_year
from folkmoot.core.dates import say_day
from folkmoot.core.refused import Refused
from folkmoot.people.access import me, programme_team_only
from folkmoot.ui.forms import refuse


@programme_team_only
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/<slug>/periods/new/`"""
    calendar = get_object_or_404(Calendar, slug=slug)
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            period = add_period(by=me(request), calendar=calendar, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(name)s is in the calendar.") % {"name": period.name})
            return redirect("calendar_of", slug)
    return render(request, "calendar/period.html", {"calendar": calendar, "form": form})


@programme_team_only
def period(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`…/<slug>/periods/<id>/`: change it, or take it out."""
    found = get_object_or_404(Period.objects.select_related("calendar"), pk=pk, calendar__slug=slug)
    if request.method == "POST" and "remove" in request.POST:
        remove_period(by=me(request), period=found)
        messages.success(request, _("%(name)s is no longer in the calendar.") % {"name": found.name})
        return redirect("calendar_of", slug)
    # The form writes what was typed into its own copy, so that the page above it says what is kept.
    form = PeriodForm(request.POST or None, instance=Period.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        try:
            change_period(by=me(request), period=found, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The calendar has been changed."))
            return redirect("calendar_of", slug)
    context = {"calendar": found.calendar, "period": found, "form": form}
    return render(request, "calendar/period.html", context)


@programme_team_only
def copy(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """`…/<slug>/years/<year>/copy/`: the year again, some whole weeks later."""
    calendar = get_object_or_404(Calendar, slug=slug)
    periods = list(Period.objects.filter(calendar=calendar).of_year(year))
    form = CopyForm(request.POST or None, choices=_choices(periods), initial={"weeks": 52})
    if request.method == "POST" and form.is_valid():
        try:
            made = copy_year(by=me(request), calendar=calendar, year=year, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            said = ngettext("One entry was copied.", "%(count)d entries were copied.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect("calendar_of", slug)
    context: dict[str, Any] = {
        "calendar": calendar,
        "form": form,
        "periods": periods,
        "year": said_year(year),
    }
    return render(request, "calendar/copy.html", context)


def _choices(periods: list[Period]) -> list[tuple[int, str]]:
    """52 or 53 weeks, each with the day on which the first entry would then begin."""
    first = periods[0].start if periods else date(2000, 1, 1)
    sentence = _("%(weeks)d weeks, beginning on %(day)s")
    return [
        (weeks, sentence % {"weeks": weeks, "day": say_day(first + timedelta(weeks=weeks), date.min)})
        for weeks in (52, 53)
    ]
