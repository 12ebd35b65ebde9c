"""On the day: the code in the room, the list of those who come, checking in."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.core.address import site_address
from folkmoot.core.numbers import as_id
from folkmoot.core.refused import Refused
from folkmoot.events.access import event_for
from folkmoot.events.actions import check_in, record_attendance, settle, why_not_here
from folkmoot.events.code import as_svg, code_of, is_code_of
from folkmoot.events.forms import AttendanceForm, SettleForm
from folkmoot.events.models import Answer, Attendance, Said
from folkmoot.people.access import me, signed_in
from folkmoot.people.models import Person, PersonQuerySet
from folkmoot.ui.forms import refuse

SHOWN = 2_000


@signed_in
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/check-in/`: the code to show, and the list to tick, for those who hold it."""
    standing = event_for(request.user, pk, may_record=True)
    event = standing.event
    people = _expected(pk)
    there = set(Attendance.objects.filter(event=event).values_list("person", flat=True))
    form = AttendanceForm(request.POST or None, people=people, initial={"there": sorted(there)})
    if request.method == "POST" and form.is_valid():
        shown = {n for text in request.POST.getlist("shown") if (n := as_id(text))}
        ticked = {person.pk for person in form.cleaned_data["there"]}
        named = {person.pk for person in form.cleaned_data["others"]}
        try:  # who checked in since the list was shown stays
            record_attendance(by=me(request), event=event, there=ticked | named, not_there=shown - ticked)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("It is on record."))
            return redirect("event_attendance", pk)
    registered = set(Answer.objects.filter(event=event).going().values_list("person", flat=True))
    of_report = event.unsettled.filter(Q(is_guest=True) | Q(is_settled=False))[:SHOWN]
    context = {
        "event": event,
        "form": form,
        "shown": sorted(there),
        "unsettled": [one for one in of_report if not one.is_settled],
        "guests": [one for one in of_report if one.is_guest],
        "settle": SettleForm(),
        "registered": len(registered),
        "came": len(registered & there),
        "walked_in": len(there - registered),
    }
    return render(request, "events/check_in.html", context, status=422 if form.is_bound else 200)


@signed_in
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/check-in.svg`: the code as a picture."""
    event = event_for(request.user, pk, may_record=True).event
    address = site_address() + reverse("event_check_in", args=[event.pk, code_of(event)])
    response = HttpResponse(as_svg(address), content_type="image/svg+xml")
    response["Cache-Control"] = "private, max-age=300"
    return response


@signed_in
def check_in_here(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """`/events/<id>/check-in/<code>/`: what the code in the room leads to: one button."""
    standing = event_for(request.user, pk)
    event = standing.event
    if not is_code_of(event, code):
        raise Http404
    refusal = why_not_here(event)
    if request.method == "POST" and not refusal:
        try:
            check_in(by=me(request), event=event)
        except Refused as refused:
            refusal = refused.sentence
    there = Attendance.objects.filter(event=event, person=me(request)).exists()
    return render(request, "events/check_in_here.html", {"event": event, "there": there, "refusal": refusal})


@signed_in
def settlement(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/unsettled/<n>/`: a POST says who of the directory it is, a guest, or nobody."""
    event = event_for(request.user, pk, may_record=True).event
    found = get_object_or_404(event.unsettled.select_related("event__community"), pk=number)
    form = SettleForm(request.POST or None)
    is_guest = request.POST.get("guest") == "yes"
    if request.method == "POST" and (is_guest or form.is_valid()):
        person = None if is_guest else form.cleaned_data["person"]
        try:
            settle(by=me(request), unsettled=found, person=person, is_guest=is_guest)
        except Refused as refused:
            messages.error(request, refused.sentence)
        return redirect("event_attendance", pk)
    return render(request, "events/unsettled.html", {"event": event, "found": found, "form": form})


def _expected(pk: int) -> PersonQuerySet:
    """Those who come, may come or wait, and those who are on record; not who said no and did not come."""
    answered = Answer.objects.filter(event=pk).exclude(said=Said.NO).values("person")
    there = Attendance.objects.filter(event=pk).values("person")
    people = Person.objects.get_queryset().filter(Q(pk__in=answered) | Q(pk__in=there))
    return people.select_related("unit").order_by("sort_name", "id")
