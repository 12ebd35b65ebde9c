"""Polls for a time: what suits whom, and booking the best."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.communities.access import Standing, community_for
from folkmoot.core import clock
from folkmoot.core.numbers import as_id
from folkmoot.core.refused import Refused
from folkmoot.events.access import FOR_RECORDERS
from folkmoot.events.people import CIRCLES
from folkmoot.meetings.access import FOR_THE_MEETING, poll_by_token
from folkmoot.meetings.actions import book, give_up_poll, say_what_suits
from folkmoot.meetings.arranging import planned_already
from folkmoot.meetings.models import Mark, Poll, Slot, Suits
from folkmoot.people.access import me, signed_in
from folkmoot.people.models import Person
from folkmoot.ui.dates import when


@signed_in
def poll(request: HttpRequest, pk: int) -> HttpResponse:
    """`/polls/<id>/`: who can come when; those who are asked say what suits them."""
    found, standing = _poll(request, pk)
    if request.method == "POST":
        _answer(request, found, me(request))
        return redirect("poll", pk)
    return render(
        request, "meetings/poll.html", _shown(found, me(request)) | {"may_book": standing.can_record_events}
    )


def answer(request: HttpRequest, token: str) -> HttpResponse:
    """`/polls/answer/<token>/`: from a letter, without signing in: which times suit."""
    found = poll_by_token(token)
    if found is None:
        return render(request, "ui/no_more.html", status=410)
    asked, person = found
    if request.method == "POST":
        _answer(request, asked, person)
        return redirect("poll_answer", token)
    return render(request, "meetings/poll_answer.html", _shown(asked, person) | {"person": person})


@signed_in
def booking(request: HttpRequest, pk: int) -> HttpResponse:
    """`/polls/<id>/booking/`: a POST books one of its times."""
    found, standing = _poll(request, pk)
    if not standing.can_record_events:
        raise PermissionDenied(str(FOR_RECORDERS))
    if request.method != "POST":
        return redirect("poll", pk)
    slot = get_object_or_404(Slot, poll=found, pk=as_id(request.POST.get("slot")) or 0)
    try:
        event = book(by=me(request), poll=found, slot=slot)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("poll", pk)
    messages.success(request, _("It is booked, and everybody has it in their calendar."))
    return redirect(event)


@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """`/polls/<id>/end/`: a POST gives it up."""
    found, standing = _poll(request, pk)
    if not standing.can_record_events:
        raise PermissionDenied(str(FOR_RECORDERS))
    if request.method != "POST":
        return redirect("poll", pk)
    give_up_poll(by=me(request), poll=found)
    return redirect("arranging", found.community.slug, found.kind)


def _poll(request: HttpRequest, pk: int) -> tuple[Poll, Standing]:
    """The poll, for those whose meeting it is."""
    found = get_object_or_404(Poll.objects.select_related("community", "by", "event"), pk=pk)
    standing = community_for(request.user, found.community.slug, today())
    if not standing.on_programme_team and not standing.roles & set(CIRCLES[found.kind]):
        raise PermissionDenied(str(FOR_THE_MEETING))
    return found, standing


def _answer(request: HttpRequest, poll: Poll, person: Person) -> None:
    given = {
        slot: said
        for name, said in request.POST.items()
        if (slot := as_id(name.removeprefix("slot-"))) and said in Suits.values
    }
    try:
        poll = say_what_suits(by=person, poll=poll, suits=given)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return
    still = () if poll.event else poll.slots.exclude(marks__in=Mark.objects.filter(person=person))
    if poll.event:
        messages.success(request, _("Everybody has answered: it is booked."))
    elif still:
        times = format_html_join(", ", "{}", ((when(slot.starts_at, slot.ends_at),) for slot in still))
        messages.warning(request, format_html(_("Noted. Still open: {times}."), times=times))
    else:
        messages.success(request, _("Noted. Thank you."))


def _shown(poll: Poll, viewer: Person) -> dict[str, object]:
    """Who said what of which time, and what is planned anyhow. Six statements."""
    slots = list(poll.slots.all())
    asked = list(poll.circle(today()).order_by("sort_name", "id"))
    said = {
        (slot, person): suits
        for slot, person, suits in Mark.objects.filter(slot__poll=poll).values_list("slot", "person", "suits")
    }
    looking = poll.ended_at is None
    best = poll.best(today()) if looking else None
    return {
        "poll": poll,
        "slots": [(slot, said.get((slot.pk, viewer.pk), "")) for slot in slots],
        "rows": [(person, [said.get((slot.pk, person.pk), "") for slot in slots]) for person in asked],
        "sums": [sum(said.get((slot.pk, person.pk), "no") != Suits.NO for person in asked) for slot in slots],
        "best": best.pk if best else None,
        "is_open": poll.is_open(clock.now()),
        "is_asked": any(person.pk == viewer.pk for person in asked),
        "choices": Suits.choices,
        "planned": planned_already(poll.community, poll.kind, clock.now()) if looking else None,
    }
