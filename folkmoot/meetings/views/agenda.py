"""The agenda of a meeting."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.core import clock
from folkmoot.core.numbers import as_id
from folkmoot.core.refused import Refused
from folkmoot.meetings.access import FOR_THE_MEETING, Meeting, meeting_for
from folkmoot.meetings.actions import (
    add_item,
    begin_usual_agenda,
    change_item,
    move_item,
    order_items,
    remove_item,
    suggest_item,
    take_item,
)
from folkmoot.meetings.forms import ItemCorrectionForm, ItemForm, SuggestionForm, of_item
from folkmoot.meetings.models import Action, Item, Minutes
from folkmoot.people.access import me, signed_in
from folkmoot.ui.forms import refuse


@signed_in
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/agenda/`: what will be spoken of; a POST adds to it, or suggests."""
    meeting = meeting_for(request.user, pk)
    form = _form(request, meeting)
    if request.method == "POST" and request.POST.get("usual") and meeting.can_run:
        with _refusals_said(request):
            begin_usual_agenda(by=me(request), event=meeting.event)
        return redirect("meeting_agenda", pk)
    if request.method == "POST" and form.is_valid():
        verb = add_item if meeting.can_run else suggest_item
        try:
            verb(by=me(request), event=meeting.event, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(
                request,
                _("It is on the agenda.") if meeting.can_run else _("Your suggestion is with the leads."),
            )
            return redirect("meeting_agenda", pk)
    items = list(Item.objects.filter(event=pk).select_related("owner", "by").order_by("place", "id"))
    planned = sum(item.minutes or 0 for item in items if not item.is_suggestion)
    length = (meeting.event.ends_at - meeting.event.starts_at) // timedelta(minutes=1)
    over = meeting.event.is_over(clock.now()) or Minutes.objects.filter(event=pk).exists()
    context = _frame(meeting) | {
        "items": [item for item in items if not item.is_suggestion],
        "suggested": [item for item in items if item.is_suggestion],
        "planned": planned,
        "length": length,
        "too_much": max(planned - length, 0),
        "may_add": meeting.can_run or not over,
        "carried": list(Action.objects.carried_over_to(meeting.event)),
        "form": form,
        "today": today(),
    }
    return render(request, "meetings/agenda.html", context, status=422 if form.is_bound else 200)


@signed_in
def item(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/agenda/<n>/`: an item, to be called otherwise."""
    meeting, found = _item(request, pk, number)
    form = ItemCorrectionForm(request.POST or None, people=meeting.people, initial=of_item(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_item(by=me(request), item=found, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect("meeting_agenda", pk)
    context = _frame(meeting) | {"item": found, "form": form}
    return render(request, "meetings/item.html", context, status=422 if form.is_bound else 200)


@signed_in
def place(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/agenda/<n>/place/`: a POST moves it one place up or down."""
    _meeting, found = _item(request, pk, number)
    here = reverse("meeting_agenda", args=[pk])
    if request.method != "POST":
        return redirect(here)
    up = request.POST.get("direction") != "down"
    goes_on = move_item(by=me(request), item=found, up=up)
    # The browser gives the focus to what an address names: the same button, or the other where it is gone.
    return redirect(f"{here}#{'up' if up == goes_on else 'down'}-{number}")


@signed_in
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/agenda-order/`: a POST with the ids in the order that is wanted, as from dragging."""
    meeting = meeting_for(request.user, pk, may_run=True)
    if request.method == "POST":
        wanted = [number for text in request.POST.getlist("item") if (number := as_id(text))]
        order_items(by=me(request), event=meeting.event, order=wanted)
    return redirect("meeting_agenda", pk)


@signed_in
def acceptance(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/agenda/<n>/acceptance/`: a POST takes a suggestion in."""
    _meeting, found = _item(request, pk, number)
    if request.method == "POST":
        with _refusals_said(request):
            take_item(by=me(request), item=found)
    return redirect("meeting_agenda", pk)


@signed_in
def removal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/agenda/<n>/removal/`: a POST takes it off; one's own suggestion as well."""
    meeting = meeting_for(request.user, pk)
    found = get_object_or_404(Item.objects.select_related("event__community"), event=pk, pk=number)
    if not meeting.can_run and not (found.is_suggestion and found.by_id == me(request).pk):
        raise PermissionDenied(str(FOR_THE_MEETING))
    if request.method == "POST":
        with _refusals_said(request):
            remove_item(by=me(request), item=found)
    return redirect("meeting_agenda", pk)


@contextmanager
def _refusals_said(request: HttpRequest) -> Iterator[None]:
    """On the page to which one goes then."""
    try:
        yield
    except Refused as refused:
        messages.error(request, refused.sentence)


def _form(request: HttpRequest, meeting: Meeting) -> ItemForm | SuggestionForm:
    data = request.POST if request.method == "POST" and not request.POST.get("usual") else None
    return ItemForm(data, people=meeting.people) if meeting.can_run else SuggestionForm(data)


def _frame(meeting: Meeting) -> dict[str, object]:
    return {"meeting": meeting, "event": meeting.event, "is_over": meeting.event.is_over(clock.now())}


def _item(request: HttpRequest, pk: int, number: int) -> tuple[Meeting, Item]:
    meeting = meeting_for(request.user, pk, may_run=True)
    items = Item.objects.select_related("event__community", "owner")
    return meeting, get_object_or_404(items, event=pk, pk=number)
