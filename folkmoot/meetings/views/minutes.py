"""The minutes of a meeting: written under each item while it goes on, then read by whom it concerns."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.core import clock
from folkmoot.core.meanwhile import Changed, mark, marks
from folkmoot.core.numbers import as_id
from folkmoot.core.refused import Refused
from folkmoot.events.actions import record_attendance
from folkmoot.events.models import Answer
from folkmoot.meetings.access import FOR_THE_MEETING, Meeting, meeting_for
from folkmoot.meetings.actions import decide, give_action, publish_minutes, remove_decision, write_minutes
from folkmoot.meetings.forms import PublishForm, TypingForm, WritingForm, ask_once
from folkmoot.meetings.models import Action, Decision, Item, ItemQuerySet, Minutes
from folkmoot.people.access import me, signed_in
from folkmoot.people.models import Person, PersonQuerySet
from folkmoot.ui.differences import both, whose_lines
from folkmoot.ui.forms import refuse

NOTICE = timedelta(days=14)


@dataclass(frozen=True)
class Part:
    """One item as it is written: its form, the text, and the mark of what the writer saw (JSON).

    A form that is bound could not be saved. Where another wrote meanwhile, `clash` says whose each line is, and `now`
    is the mark of theirs.
    """

    item: Item
    form: WritingForm
    text: str
    seen: str
    saved_at: datetime | None = None
    clash: tuple[tuple[str, str], ...] = ()
    now: str = ""

    @classmethod
    def of(cls, item: Item, people: PersonQuerySet, saved_at: datetime | None = None) -> "Part":
        """As it is saved; an action is usually due in two weeks."""
        due = max(today(), item.event.day) + NOTICE
        form = WritingForm(people=people, initial={"due": due}, prefix=str(item.pk))
        return cls(item, form, item.text, json.dumps(marks(item, ["text"])), saved_at)

    def clashing(self, item: Item, now: str) -> "Part":
        """With what stands there now, beside what was typed."""
        return replace(self, item=item, clash=tuple(whose_lines(item.text, self.text)), now=now)


@signed_in
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/minutes/`: what was said and decided, once it was published; a POST publishes it."""
    meeting = meeting_for(request.user, pk, may_run=request.method == "POST")
    if request.method == "POST":
        return _publish(request, meeting)
    published = Minutes.objects.filter(event=pk).select_related("by").first()
    if published is None and not meeting.can_write:
        raise PermissionDenied(str(FOR_THE_MEETING))
    event, items = meeting.event, list(_items(pk))
    others = list(Decision.objects.filter(event=pk, item=None).order_by("id"))
    actions = list(Action.objects.filter(event=pk).select_related("owner").order_by("id"))
    context = _frame(meeting) | {
        "items": items,
        "published": published,
        "others": others,
        "actions": actions,
        "is_written": bool(others or actions or any(item.text or item.decisions.all() for item in items)),
        "attended": list(
            Person.objects.get_queryset().filter(attendances__event=event).order_by("sort_name", "id")
        ),
        "today": today(),
    }
    return render(request, "meetings/minutes.html", context)


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """`/events/<id>/minutes/edit/`: the page that is open while one meets; a POST saves all that stands on it."""
    meeting = _written(request, pk)
    if request.method != "POST":
        people = meeting.people
        return _page(request, meeting, [Part.of(item, people) for item in _items(pk)])
    parts = _taken_in(request, meeting)
    if not _all_saved(request, parts):
        return _page(request, meeting, parts)
    messages.success(request, _("It is saved."))
    at = request.POST.get("at", "")
    return redirect(reverse("minutes_edit", args=[pk]) + (f"#item-{at}" if at.isdecimal() else ""))


@signed_in
def item(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/minutes/<n>/`: a POST saves what is written under one item, as one types."""
    meeting = _written(request, pk)
    if request.method != "POST":
        get_object_or_404(Item.objects.filter(event=pk).agenda(), pk=number)
        return redirect(f"{reverse('minutes_edit', args=[pk])}#item-{number}")
    form = TypingForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        part = _typed(request, meeting, number, form.cleaned_data)
    except (Item.DoesNotExist, Refused):
        return render(request, "meetings/_taken_off.html", {"number": number}, status=410)
    return render(request, "meetings/_saved.html", {"part": part})


@signed_in
def decision_removal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/events/<id>/decisions/<n>/removal/`: a POST takes back what was put down as decided."""
    meeting = _written(request, pk)
    found = get_object_or_404(Decision.objects.select_related("event__community"), event=pk, pk=number)
    if request.method == "POST":
        remove_decision(by=me(request), decision=found)
        parts = _taken_in(request, meeting)
        if not _all_saved(request, parts):
            return _page(request, meeting, parts)
    return redirect(f"{reverse('minutes_edit', args=[pk])}#item-{found.item_id}")


def _page(request: HttpRequest, meeting: Meeting, parts: list[Part]) -> HttpResponse:
    """The page with these parts; with who was there as it was shown and ticked, else as it is known or expected."""
    event, people = meeting.event, meeting.people
    given = Answer.objects.filter(event=event).going().values("person")
    there = Person.objects.get_queryset().filter(attendances__event=event).values_list("pk", flat=True)
    shown = list(there)
    ticked = shown or list(people.filter(pk__in=given).values_list("pk", flat=True))
    if request.method == "POST":
        shown, ticked = _ids(request, "shown"), _ids(request, "attended")
    ask_once((part.form for part in parts), "owner", people)
    left_over = _left_over(request, parts)
    context = _frame(meeting) | {
        "left_over": left_over,
        "parts": parts,
        "carried": list(Action.objects.carried_over_to(meeting.event)),
        "shown": shown,
        "publishing": PublishForm(people=people, initial={"attended": ticked}),
        "published": Minutes.objects.filter(event=event).first(),
        "has_begun": event.starts_at <= clock.now(),
        "today": today(),
    }
    status = (
        409 if left_over or any(part.clash for part in parts) else 422 if request.method == "POST" else 200
    )
    return render(request, "meetings/minutes_edit.html", context, status=status)


def _taken_in(request: HttpRequest, meeting: Meeting) -> list[Part]:
    """Every item, with what the page's form has of it saved; a part that could not be is as it was typed."""
    people = meeting.people
    parts = [_part(request, meeting, item, people) for item in _items(meeting.event.pk)]
    if _all_saved(request, parts):
        return parts
    fresh = {item.pk: item for item in _items(meeting.event.pk)}
    return [
        replace(part, item=fresh[part.item.pk])
        if part.form.is_bound
        else Part.of(fresh[part.item.pk], people)
        for part in parts
        if part.item.pk in fresh
    ]


def _all_saved(request: HttpRequest, parts: list[Part]) -> bool:
    return not any(part.form.is_bound for part in parts) and not _left_over(request, parts)


def _left_over(request: HttpRequest, parts: list[Part]) -> list[str]:
    """What was typed under items that somebody took off the agenda meanwhile."""
    here, found = {str(part.item.pk) for part in parts}, []
    for name, typed in request.POST.items():
        number, _dash, field = name.partition("-")
        if field in {"text", "decision", "action"} and number not in here and str(typed).strip():
            found.append(str(typed))
    return found


def _part(request: HttpRequest, meeting: Meeting, item: Item, people: PersonQuerySet) -> Part:
    form = WritingForm(request.POST, people=people, prefix=str(item.pk))
    if form["text"].html_name not in request.POST:
        return Part.of(item, people)  # it came on the agenda after the page was opened
    text = str(form["text"].value()).replace("\r\n", "\n")
    part = Part(item, form, text, seen=request.POST.get(form["seen"].html_name, ""))
    if form.is_valid():
        try:
            _save(me(request), meeting, item, form.cleaned_data)
        except Changed as changed:
            return part.clashing(Item.objects.get(pk=item.pk), json.dumps(changed.marks))
        except Refused as refused:
            refuse(form, refused)
        else:
            return Part.of(item, people)
    return part


def _typed(request: HttpRequest, meeting: Meeting, number: int, said: dict[str, Any]) -> Part:
    """One item with what was typed saved; or beside what another wrote meanwhile. Refuses what was taken off."""
    items = Item.objects.filter(event=meeting.event).agenda().select_related("event", "written_by")
    found = items.get(pk=number)
    part = Part.of(found, meeting.people, clock.now())
    try:
        saved = write_minutes(by=me(request), item=found, **said)
    except Changed as changed:
        part = replace(part, text=said["text"], seen=request.POST.get("seen", ""))
        return part.clashing(items.get(pk=number), json.dumps(changed.marks))
    return replace(part, seen=json.dumps(marks(saved, ["text"])))


@transaction.atomic
def _save(by: Person, meeting: Meeting, item: Item, said: dict[str, Any]) -> None:
    """Everything that the form of one item holds, or nothing of it."""
    text, keep = said["text"], said["keep"]
    if keep:
        text = {"mine": text, "both": both(item.text, text), "theirs": item.text}[keep]
    # What this writer left as it was shown may be another's by now.
    if keep or mark(text) != (said["seen"] or {}).get("text"):
        write_minutes(
            by=by, item=item, text=text, seen=said["now"] if keep else said["seen"], sent=said["sent"]
        )
    if said["decision"].strip():
        decide(by=by, event=meeting.event, item=item, text=said["decision"])
    if said["action"].strip():
        give_action(
            by=by, community=meeting.community, event=meeting.event, item=item, text=said["action"],
            owner=said["owner"], due=said["due"],
        )  # fmt: skip


def _publish(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """What stands on the page first; then the minutes, with who was there."""
    event, parts = meeting.event, _taken_in(request, meeting)
    form = PublishForm(request.POST, people=meeting.people)
    if not _all_saved(request, parts) or not form.is_valid():
        messages.error(request, _("Not published yet: something on this page could not be saved."))
        return _page(request, meeting, parts)
    again = Minutes.objects.filter(event=event).exists()
    try:
        with transaction.atomic():
            publish_minutes(by=me(request), event=event)
            ticked = {person.pk for person in form.cleaned_data["attended"]}
            not_there = set(_ids(request, "shown")) - ticked
            record_attendance(by=me(request), event=event, there=ticked, not_there=not_there)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("minutes_edit", event.pk)
    messages.success(
        request,
        _("The corrections are saved; nobody is told of the minutes again.")
        if again
        else _("The minutes are out: those whose meeting it was are told."),
    )
    return redirect("meeting_minutes", event.pk)


def _ids(request: HttpRequest, name: str) -> list[int]:
    """The people whom the page showed or ticked under that name."""
    return [number for pk in request.POST.getlist(name) if (number := as_id(pk)) is not None]


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
    """For those whose meeting it is; once the minutes are out, for those who run it."""
    meeting = meeting_for(request.user, pk)
    if not meeting.can_write:
        raise PermissionDenied(str(FOR_THE_MEETING))
    if not meeting.can_run and Minutes.objects.filter(event=pk).exists():
        raise PermissionDenied(_("The minutes are out: tell the leads what is to be corrected."))
    return meeting
