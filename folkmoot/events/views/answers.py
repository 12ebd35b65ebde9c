"""Answering an event, for oneself and, by those who hold it, for others; and who comes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.core import clock
from folkmoot.core.address import own_path
from folkmoot.core.refused import Refused
from folkmoot.events.access import answer_by_token, answerable, event_for
from folkmoot.events.actions import answer as give_answer
from folkmoot.events.actions import answer_series
from folkmoot.events.calendars import single
from folkmoot.events.forms import AnswerForForm, AnswerForm
from folkmoot.events.models import Answer, Event, Said
from folkmoot.people.access import me, signed_in
from folkmoot.people.models import Person
from folkmoot.ui.forms import refuse

SHOWN = 500
NOT_FOR_YOU = gettext_lazy("This event is for others: its hosts say who may come.")
_THANKS = {
    Said.GOING: gettext_lazy("You are coming. Your calendar is told."),
    Said.MAYBE: gettext_lazy("Noted: you may come."),
    Said.NO: gettext_lazy("Noted: you are not coming."),
    Said.WAITING: gettext_lazy("It is full. You are on the waiting list, and are told when a place is free."),
}


@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/answer/`: the buttons on the event's page, which it answers a GET with."""
    standing = event_for(request.user, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        if not standing.can_answer:
            raise PermissionDenied(str(NOT_FOR_YOU))
        if form.is_valid():
            try:
                given = _give(me(request), standing.event, form.cleaned_data, request.POST)
            except Refused as refused:
                messages.error(request, refused.sentence)
            else:
                messages.success(request, str(_THANKS[Said(given.said)]))
        else:
            messages.error(request, _("That was not an answer: say whether you come, with a note of a line."))
    return redirect(own_path(request.POST.get("next", "")) or standing.event)


def _give(person: Person, event: Event, said: dict[str, Any], typed: QueryDict) -> Answer:
    """The answer to this one; where all of its series is answered, to this one among them."""
    if "note" not in typed:  # as in a list of events: it stays what it was
        said["note"] = None
    if not said.pop("all"):
        return give_answer(by=person, event=event, **said)
    among = answerable(person, event.series_id) if event.series_id else ()
    given = answer_series(by=person, event=event, among=among, **said)
    return next((each for each in given if each.event_id == event.pk), given[0])


def by_letter(request: HttpRequest, token: str) -> HttpResponse:
    """`/events/answer/<token>/`: from a letter, without signing in: whether one comes.

    Only the POST answers, so that whoever looks through links in mail does not.
    """
    given = answer_by_token(token, clock.now())
    if given is None:
        return render(request, "ui/no_more.html", status=410)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data["said"]
            given = give_answer(by=given.person, event=given.event, said=said, note=None)
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, str(_THANKS[Said(given.said)]))
        return redirect("event_answer_by_letter", token)
    return render(request, "events/answer.html", {"answer": given, "event": given.event})


@signed_in
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/answers/`: who comes, for those who hold it; a POST answers for somebody."""
    standing = event_for(request.user, pk, may_record=True)
    form = AnswerForForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data | {"note": form.cleaned_data["note"] or None}  # theirs stays
            given = give_answer(by=me(request), event=standing.event, **said)
        except Refused as refused:
            refuse(form, refused)
        else:
            said = {"name": given.person.name, "said": str(Said(given.said).label).lower()}
            messages.success(request, _("%(name)s: %(said)s.") % said)
            return redirect("event_answers", pk)
    on = standing.event.counted_on(standing.on)
    everybody = Answer.objects.filter(event=standing.event).here(on).select_related("person__unit")
    parts = [
        (label, list(everybody.filter(said=said).order_by("at", "id")[:SHOWN]))
        for said, label in (
            (Said.GOING, _("Going")), (Said.WAITING, _("Waiting, in this order")), (Said.MAYBE, _("Maybe")),
            (Said.ASKED, _("Invited, and not answered yet")), (Said.NO, _("Not coming")),
        )
    ]  # fmt: skip
    context = {"standing": standing, "event": standing.event, "parts": parts, "form": form}
    return render(request, "events/answers.html", context, status=422 if form.is_bound else 200)


def file(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/event.ics`: the event, for a calendar."""
    standing = event_for(request.user, pk)
    event = standing.event
    content = single(event, clock.now(), with_way_in=standing.has_way_in)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    return response
