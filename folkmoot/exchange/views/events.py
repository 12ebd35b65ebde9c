"""Taking in what other programs say of events: calendars, and who was at a meeting."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.views.header import header
from folkmoot.core.refused import Refused
from folkmoot.events.access import FOR_RECORDERS, event_for
from folkmoot.events.actions import take_report
from folkmoot.exchange.actions import draft_events
from folkmoot.exchange.forms import CalendarForm, ReportForm
from folkmoot.exchange.icals import Unusable, read_calendar
from folkmoot.exchange.reading import Unreadable
from folkmoot.exchange.reports import read_report
from folkmoot.people.access import me, signed_in


@of_community(may=lambda standing: standing.can_record_events, reason=FOR_RECORDERS, locks=False)
def calendar_import(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/events/import/`: the events of an .ics become drafts; what does not is said."""
    form = CalendarForm(request.POST or None, request.FILES or None)
    found, drafts = None, []
    if request.method == "POST" and form.is_valid():
        try:
            found = read_calendar(form.cleaned_data["chosen"].read())
            drafts = draft_events(
                by=me(request), community=standing.community, kind=form.cleaned_data["kind"], found=found
            )
        except (Unreadable, Unusable, Refused) as problem:
            form.add_error("chosen", str(problem))
    context = header(standing, "events") | {"form": form, "found": found, "drafts": drafts}
    status = 422 if form.errors else 200
    return render(request, "exchange/calendar.html", context, status=status)


@signed_in
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/report/`: who was there, by the report of Microsoft Teams."""
    standing = event_for(request.user, pk, may_record=True)
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            named = read_report(form.cleaned_data["chosen"].read())
            added, unsettled = take_report(by=me(request), event=standing.event, named=named)
        except (Unreadable, Refused) as problem:
            form.add_error("chosen", str(problem))
        else:
            said = ngettext("One person is added.", "%(n)d people are added.", added) % {"n": added}
            messages.success(request, said)
            if unsettled:
                left = ngettext("One name is to settle.", "%(n)d names are to settle.", unsettled)
                messages.warning(request, left % {"n": unsettled})
            return redirect("event_attendance", pk)
    status = 422 if form.is_bound else 200
    return render(request, "exchange/report.html", {"event": standing.event, "form": form}, status=status)
