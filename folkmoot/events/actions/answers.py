"""Answering whether one comes, and inviting. Places are given in order under a lock: two never get the last one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from folkmoot.activity.actions import line, record, record_all
from folkmoot.calendar.days import today
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.core.statements import statement
from folkmoot.events.models import Answer, AnswerQuerySet, Event, EventQuerySet, Said
from folkmoot.events.people import circle_of
from folkmoot.people.models import Person

_SAID = ("said", "at", "turn", "of_series", "note", "by")


@transaction.atomic
def answer(
    *,
    by: Person | None,
    event: Event,
    said: str,
    person: Person | None = None,
    note: str | None = "",
    of_series: bool = False,
) -> Answer:
    """`person` (or `by` themselves) comes, perhaps comes, or does not. Who wants to come to a full event waits.

    A place that is given up goes to the first who waits. The same answer again changes nothing, and whoever waits keeps
    their place in the line. A note of None stays what it was. `of_series` where they answer all of a series.
    `by` is None where it follows from something else; such a no is noted also of what is cancelled, and may yet be
    brought back. Refuses what is over, cancelled or a draft, and who has left.
    """
    person = person or by
    if person is None:
        raise TypeError("whose answer it is")
    event = _held(event)
    if not event.is_settled and (by is not None or said != Said.NO):
        raise Refused(_("This event does not take place."))
    if event.is_over(clock.now()):
        raise Refused(_("This event is over."))
    if said != Said.NO and not person.is_active:
        raise Refused(_("%(name)s has left the organisation.") % {"name": person.name}, "person")
    mine = next(iter(_answer_of(event.pk, person.pk)), None)
    was = mine.said if mine else ""
    becomes = Said(said)
    if becomes == Said.GOING and was in {Said.GOING, Said.WAITING}:
        becomes = Said(was)
    elif becomes in {Said.GOING, Said.WAITING}:
        becomes = Said.GOING if _places_for_newcomers(event) else Said.WAITING
    note = (mine.note if mine else "") if note is None else note.strip()[:300]
    if mine and (was, mine.note) == (becomes, note) and mine.of_series >= of_series:
        return mine
    mine = mine or Answer(event=event, person=person)
    if was != becomes:
        mine.said, mine.at, mine.turn = becomes, clock.now(), mine.turn + 1
    # What a calendar has by itself goes on as such; a series would stand beside it.
    mine.of_series = mine.of_series or (of_series and mine.invited is None)
    mine.note, mine.by = note, by
    # What their calendar has is written by the job that sends letters, which waits for nobody.
    mine.save(update_fields=_SAID if mine.pk else None)
    if was != becomes:
        data: dict[str, Any] = {"person": person.pk, "said": becomes.value, "was": was}
        record("answered", by=by, about=event, community=event.community, data=data)
        if was == Said.GOING:
            _promote(event)
    return mine


@transaction.atomic
def invite(
    *,
    by: Person | None,
    event: Event,
    people: Iterable[int],
    coming: Iterable[int] = (),
    of_series: bool = False,
) -> int:
    """Put the event into the calendars of these people (ids), who then answer; how many had no answer yet.

    Those `coming` have said so already, as in a poll. Who has answered is left alone; who had left the circle (see
    `circles`) is asked again. `of_series` where they are invited to all of it, which then is one thing in their
    calendar. `by` is None where it follows from something else. Refuses what does not take place.
    """
    event = _held(event)
    if not event.is_settled or event.is_over(clock.now()):
        raise Refused(_("This event does not take place."))
    surely = set(coming)
    asked = Person.objects.here(today()).filter(pk__in={*people, *surely})
    new = asked.exclude(event_answers__event=event).values_list("pk", flat=True)
    answers = Answer.objects.bulk_create(
        Answer(
            event=event,
            person_id=pk,
            said=Said.GOING if pk in surely else Said.ASKED,
            by=by,
            at=clock.now(),
            of_series=of_series,
        )
        for pk in new.order_by("pk")
    )
    back = Answer.objects.filter(event=event, person__in=asked, said=Said.NO, by=None)
    number = len(answers) + back.update(said=Said.ASKED, by=by, at=clock.now(), turn=F("turn") + 1)
    if number:
        said = {"people": number}
        record("event_invited", by=by, about=event, community=event.community, data=said)
    return number


def invite_circle(*, by: Person, event: Event) -> None:
    """Whose meeting it is, is invited to what is to come; of a series, to all of it. Other events invite nobody."""
    if event.is_meeting and event.is_settled and not event.is_over(clock.now()):
        invite(by=by, event=event, people=circle_of(event), of_series=event.series_id is not None)


@transaction.atomic
def fill_places(event: Event) -> None:
    """Give the places that are free to those who wait: there are more of them now, or somebody has left."""
    _promote(_held(event))


def _held(event: Event) -> Event:
    """The event, held for the transaction: everybody who answers waits for their turn here."""
    return next(iter(_locked(event.pk)))


@statement
def _answer_of(event: int, person: int) -> AnswerQuerySet:
    return Answer.objects.filter(event=event, person=person)


@statement
def _going(event: int, on: date) -> QuerySet[Answer, int]:
    """One row, how many go; none where nobody does."""
    going = Answer.objects.filter(event=event).going().here(on).values("event")
    return going.annotate(number=Count("pk")).values_list("number", flat=True)


@statement
def _locked(event: int) -> EventQuerySet:
    return Event.objects.held().filter(pk=event)


def _places_left(event: Event) -> int:
    """How many places are free; very many where there is no end of them."""
    if event.capacity is None:
        return 1_000_000
    return max(0, event.capacity - sum(_going(event.pk, today())))


def _places_for_newcomers(event: Event) -> int:
    """How many places are free once those who wait have theirs: one may have left the organisation and freed it."""
    left = _places_left(event)
    return left - _promote(event) if left and event.capacity is not None else left


def _promote(event: Event) -> int:
    """The first who wait get the places that are free; each is told. How many they are."""
    if not event.is_settled or event.is_over(clock.now()):
        return 0
    left = _places_left(event)
    lucky = list(Answer.objects.filter(event=event).waiting().here(today())[:left]) if left else []
    if not lucky:
        return 0
    Answer.objects.filter(pk__in=[each.pk for each in lucky]).update(said=Said.GOING, turn=F("turn") + 1)
    record_all(
        line(
            "promoted",
            by=None,
            about=event,
            community=event.community,
            data={"person": each.person_id, "said": Said.GOING.value, "was": Said.WAITING.value},
        )
        for each in lucky
    )
    return len(lucky)
