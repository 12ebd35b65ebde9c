"""The minutes of a meeting: written under each item while it goes on, then read by whom it concerns."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.core import clock
from folkmoot.core.meanwhile import Changed, marks
from folkmoot.core.refused import Refused
from folkmoot.events.actions import change_event
from folkmoot.events.models import Answer
from folkmoot.meetings.access import FOR_THE_MEETING, Meeting, meeting_for
from folkmoot.meetings.actions import decide, give_action, publish_minutes, remove_decision, write_minutes
from folkmoot.meetings.forms import PublishForm, WritingForm
from folkmoot.meetings.models import Action, Decision, Item, ItemQuerySet, Minutes
from folkmoot.meetings.views.agenda import carried_over, people_of
from folkmoot.people.access import me, signed_in
from folkmoot.people.models import Person
from folkmoot.ui.differences import both, difference

NOTICE = timedelta(days=14)


@dataclass(frozen=True)
class Part:
    """One item as it is written: its form, the text, and the mark of what the writer saw (JSON).

    Where another wrote meanwhile, `clash` shows what differs, and `now` is the mark of theirs.
    """

    item: Item
    form: WritingForm
    text: str
    seen: str
    saved_at: datetime | None = None
    clash: str = ""
    now: str = ""

    @classmethod
    def of(cls, item: Item, meeting: Meeting, saved_at: datetime | None = None) -> "Part":
        """As it is saved; an action is usually due in two weeks."""
        form = WritingForm(
            people=people_of(meeting), initial={"due": today() + NOTICE}, auto_id=f"id_{item.pk}_%s"
        )
        return cls(item, form, item.text, json.dumps(marks(item, ["text"])), saved_at)

    def clashing(self, item: Item, now: str) -> "Part":
        """With what stands there now, beside what was typed."""
        mine = self.text.replace("\r\n", "\n")
        return replace(self, item=item, text=mine, clash=difference(mine, item.text), now=now)


@signed_in
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/minutes/`: what was said and decided, once it was published; a POST publishes it."""
    meeting = meeting_for(request.user, pk, may_run=request.method == "POST")
    if request.method == "POST":
        return _publish(request, meeting)
    published = Minutes.objects.filter(event=pk).select_related("by").first()
    if published is None and not meeting.can_write:
        raise PermissionDenied(str(FOR_THE_MEETING))
    event = meeting.event
    context = _frame(meeting) | {
        "items": _items(pk),
        "published": published,
        "others": list(Decision.objects.filter(event=pk, item=None).order_by("id")),
        "actions": list(Action.objects.filter(event=pk).select_related("owner").order_by("id")),
        "attended": list(
            Person.objects.get_queryset().filter(attendances__event=event).order_by("sort_name", "id")
        ),
        "today": today(),
    }
    return render(request, "meetings/minutes.html", context)


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/minutes/edit/`: the page that is open while one meets."""
    meeting = _written(request, pk)
    people = people_of(meeting)
    given = Answer.objects.filter(event=pk).going().values("person")
    there = Person.objects.get_queryset().filter(attendances__event=pk).values_list("pk", flat=True)
    ticked = list(there) or list(people.filter(pk__in=given).values_list("pk", flat=True))
    context = _frame(meeting) | {
        "parts": [Part.of(item, meeting) for item in _items(pk)],
        "carried": carried_over(meeting),
        "publishing": PublishForm(people=people, initial={"attended": ticked}),
        "published": Minutes.objects.filter(event=pk).first(),
        "today": today(),
    }
    return render(request, "meetings/minutes_edit.html", context)


@signed_in
def item(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/minutes/<n>/`: a POST saves what is written under one item, as one types or by the button."""
    meeting = _written(request, pk)
    found = get_object_or_404(_items(pk), pk=number)
    here = f"{reverse('minutes_edit', args=[pk])}#item-{number}"
    if request.method != "POST":
        return redirect(here)
    form = WritingForm(request.POST, people=people_of(meeting), auto_id=f"id_{number}_%s")
    typing = request.headers.get("HX-Trigger-Name") == "text"
    part = Part(found, form, text=form["text"].value() or "", seen=request.POST.get("seen", ""))
    if form.is_valid():
        try:
            _save(me(request), meeting, found, form.cleaned_data, typing=typing)
        except Changed as changed:
            now = get_object_or_404(_items(pk), pk=number)
            part = part.clashing(now, json.dumps(changed.marks))
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            part = Part.of(get_object_or_404(_items(pk), pk=number), meeting, saved_at=clock.now())
    context = _frame(meeting) | {"part": part, "today": today()}
    if "HX-Request" in request.headers:
        return render(request, "meetings/_saved.html" if typing else "meetings/_writing.html", context)
    if part.saved_at:
        return redirect(here)
    return render(request, "meetings/minutes_item.html", context, status=409 if part.clash else 422)


@signed_in
def decision_removal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/decisions/<n>/removal/`: a POST takes back what was put down as decided."""
    _written(request, pk)
    found = get_object_or_404(Decision.objects.select_related("event__community"), event=pk, pk=number)
    if request.method == "POST":
        remove_decision(by=me(request), decision=found)
    return redirect(f"{reverse('minutes_edit', args=[pk])}#item-{found.item_id}")


@transaction.atomic
def _save(by: Person, meeting: Meeting, item: Item, said: dict[str, Any], *, typing: bool) -> None:
    """Everything that the form of one item holds, or nothing of it."""
    text, keep = said["text"], said["keep"]
    if keep == "both":
        text = both(item.text, text.replace("\r\n", "\n"))
    if keep != "theirs":
        write_minutes(by=by, item=item, text=text, seen=said["now"] if keep else said["seen"])
    if typing:
        return
    if said["decision"].strip():
        decide(by=by, event=meeting.event, item=item, text=said["decision"])
    if said["action"].strip():
        give_action(
            by=by, community=meeting.community, event=meeting.event, item=item, text=said["action"],
            owner=said["owner"], due=said["due"],
        )  # fmt: skip


def _publish(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    event = meeting.event
    form = PublishForm(request.POST, people=people_of(meeting))
    if form.is_valid():
        try:
            with transaction.atomic():
                if event.is_over(clock.now()) or event.starts_at <= clock.now():
                    change_event(by=me(request), event=event, attended=form.cleaned_data["attended"])
                publish_minutes(by=me(request), event=event)
        except Refused as refused:
            messages.error(request, refused.sentence)
            return redirect("minutes_edit", event.pk)
        messages.success(request, _("The minutes are out: those whose meeting it was are told."))
    return redirect("meeting_minutes", event.pk)


def _items(pk: int) -> ItemQuerySet:
    """The agenda with what was written, decided and given under each item. Three statements."""
    actions = Action.objects.select_related("owner").order_by("id")
    return (
        Item.objects.filter(event=pk).agenda().select_related("owner", "written_by", "event__community")
        .prefetch_related(Prefetch("decisions", Decision.objects.order_by("id")), Prefetch("to_do", actions))
    )  # fmt: skip


def _frame(meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting, "event": meeting.event, "is_over": meeting.event.is_over(clock.now())}


def _written(request: HttpRequest, pk: int) -> Meeting:
    meeting = meeting_for(request.user, pk)
    if not meeting.can_write:
        raise PermissionDenied(str(FOR_THE_MEETING))
    return meeting
