"""What follows an event: feedback, the recording, slides."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Avg, Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from folkmoot.core import clock
from folkmoot.core.files import file_url
from folkmoot.core.meanwhile import marks
from folkmoot.core.refused import Refused
from folkmoot.events.access import event_for
from folkmoot.events.actions import give_feedback, keep_material, remove_slides
from folkmoot.events.forms import FeedbackForm, MaterialForm
from folkmoot.events.models import Attendance, Event, Feedback, FeedbackGiven
from folkmoot.people.access import me, signed_in
from folkmoot.ui.forms import refuse

FEWEST = 5  # answers, below which nothing of them is shown


@signed_in
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/feedback/`: two questions for who was there; what came of it for who held it."""
    standing = event_for(request.user, pk)
    event = standing.event
    if event.is_meeting:
        raise Http404  # its minutes say what came of it
    there = Attendance.objects.filter(event=event, person=me(request)).exists()
    if not there and not standing.can_see_attendance:
        raise PermissionDenied(_("This is for those who were there."))
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            give_feedback(by=me(request), event=event, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Thank you. Nobody sees that it was you."))
            return redirect(event)
    given = FeedbackGiven.objects.filter(event=event, person=me(request)).exists()
    context = {
        "event": event,
        "form": form if there and not given and event.is_over(clock.now()) else None,
        "given": given,
        "said": _said(event) if standing.can_see_attendance else None,
        "fewest": FEWEST,
    }
    return render(request, "events/feedback.html", context, status=422 if form.is_bound else 200)


@signed_in
def material(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/material/`: the recording and slides, for those who held it to add."""
    event = event_for(request.user, pk, may_record=True).event
    shown = {"recording_url": event.recording_url, "seen": marks(event, ["recording_url"])}
    form = MaterialForm(request.POST or None, request.FILES or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            keep_material(by=me(request), event=event, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("It is there now."))
            return redirect(event)
    context = {"event": event, "form": form, "slides": event.slides.select_related("file")}
    return render(request, "events/material.html", context, status=422 if form.is_bound else 200)


@signed_in
def slides(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/slides/<n>/`: to the file, for a minute; a POST of those who held it takes it away."""
    event = event_for(request.user, pk, may_record=request.method == "POST").event
    found = get_object_or_404(event.slides.select_related("file", "event__community"), pk=number)
    if request.method != "POST":
        return redirect(file_url(found.file_id))
    remove_slides(by=me(request), slides=found)
    return redirect("event_material", pk)


def _said(event: Event) -> dict[str, object]:
    """What came of it: nothing but their number where fewer than five answered. Two statements."""
    answers = Feedback.objects.filter(event=event)
    summed = answers.aggregate(number=Count("pk"), mean=Avg("useful"))
    if summed["number"] < FEWEST:
        return {"number": summed["number"]}
    rows = list(answers.values_list("useful", "text"))
    return summed | {
        "parts": [
            (label, sum(useful == value for useful, _text in rows))
            for value, label in Feedback.Useful.choices
        ],
        "texts": [text for _useful, text in rows if text],
    }
