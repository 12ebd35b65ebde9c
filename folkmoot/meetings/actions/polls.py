"""Asking which time suits, and booking the best."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.events.actions import LONGEST, YEARS, invite, record_event
from folkmoot.events.models import Event, Kind
from folkmoot.meetings.access import those_who_meet
from folkmoot.meetings.models import Asked, Mark, Poll, Slot, Suits
from folkmoot.notifications.actions import settle_notices
from folkmoot.people.models import Person

MOST = 10
ANSWERS = timedelta(days=5)


@transaction.atomic
def open_poll(
    *,
    by: Person,
    community: Community,
    kind: str,
    times: Sequence[tuple[datetime, datetime]],
    place: str = "",
    online_url: str = "",
    closes_at: datetime | None = None,
) -> Poll:
    """Ask those whose meeting it is which of these times (from, to) suit them.

    Answers are taken for five days, or until a day before the first time. Refuses no times, times that have passed or
    at which no event can be, and a second poll for the same meeting.
    """
    now = clock.now()
    Community.objects.select_for_update().only("pk").get(pk=community.pk)
    if Poll.objects.open().filter(community=community, kind=kind).exists():
        raise Refused(_("A time is being looked for already; its answers come first."))
    times = _in_order(times, now)
    last = times[0][0] - timedelta(days=1)
    closes_at = closes_at or max(min(now + ANSWERS, last), min(now + timedelta(hours=4), times[0][0]))
    poll = Poll(
        community=community,
        kind=Kind(kind),
        place=place.strip(),
        online_url=online_url,
        by=by,
        closes_at=closes_at,
    )
    try:
        poll.clean_fields(exclude=["community", "event", "by"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise Refused(sentences[0], field) from error
    poll.save()
    Slot.objects.bulk_create(Slot(poll=poll, starts_at=starts, ends_at=ends) for starts, ends in times)
    asked = those_who_meet(community, kind, today())
    Asked.objects.bulk_create(Asked(poll=poll, person=person) for person in asked)
    # Who offers times can come at each of them, until they say otherwise.
    if asked.filter(pk=by.pk).exists():
        Mark.objects.bulk_create(
            Mark(slot=slot, person=by, suits=Suits.YES) for slot in poll.slots.order_by("pk")
        )
    record("poll_opened", by=by, about=poll, community=community)
    return poll


@transaction.atomic
def ask_newcomers(*, poll: Poll) -> int:
    """Ask who has come into the circle since the poll was opened, as a new sponsor has; how many they are."""
    poll = _held(poll)
    if not poll.is_open(clock.now()):
        return 0
    circle = those_who_meet(poll.community, poll.kind, today())
    new = list(circle.exclude(pk__in=poll.askings.values("person")).order_by("pk"))
    Asked.objects.bulk_create(Asked(poll=poll, person=person) for person in new)
    for person in new:
        record("poll_asked", by=poll.by, about=poll, community=poll.community, data={"person": person.pk})
    return len(new)


@transaction.atomic
def say_what_suits(*, by: Person, poll: Poll, suits: Mapping[int, str]) -> Poll:
    """Say of each time (id of its slot) whether it suits. Once everybody has of all, the best is booked at once.

    Of some only, the others stay open; and all of them where it cannot be booked. Who was asked and is no longer in the
    circle is not waited for. Refuses them and who was not asked, who says nothing, and what is over.
    """
    poll = _held(poll)
    if not poll.is_open(clock.now()):
        raise Refused(_("This is settled already; your answer came too late."))
    circle = poll.circle(today())
    if not circle.filter(pk=by.pk).exists():
        raise Refused(_("You are not among those who are asked."))
    slots = {slot.pk: slot for slot in poll.slots.all()}
    if not slots.keys() & suits.keys():
        raise Refused(_("Nothing was chosen, so nothing is noted. Say of each time whether it suits you."))
    Mark.objects.bulk_create(
        [Mark(slot=slots[pk], person=by, suits=Suits(said)) for pk, said in suits.items() if pk in slots],
        update_conflicts=True,
        unique_fields=["slot", "person"],
        update_fields=["suits"],
    )
    settle_notices([by.pk], group=f"poll_opened:{poll.pk}")
    said = (
        Mark.objects.filter(slot__poll=poll, person__in=circle).values("person").annotate(times=Count("pk"))
    )
    everybody_has = said.filter(times=len(slots)).count() >= circle.count()
    if everybody_has and (best := poll.best(today())) is not None:
        _book_by_itself(poll, best)
    return poll


@transaction.atomic
def book(*, by: Person | None, poll: Poll, slot: Slot) -> Event:
    """Book that time: of those whose meeting it is by now, whom it suits come, and the others are invited.

    Booked once, it stays so: refuses another time, and says which it is.
    """
    poll = _held(poll)
    if poll.is_called_off:
        raise Refused(_("A time was booked, and the meeting called off since. Offer other times."))
    if poll.event is not None and poll.event.starts_at == slot.starts_at:
        return poll.event
    if poll.event is not None:
        booked = {"time": date_format(poll.event.starts, "D j M, H:i")}
        raise Refused(_("Another time is booked already: %(time)s. This one was not.") % booked)
    if poll.ended_at is not None:
        raise Refused(_("Nobody looks for a time any more."))
    return _book(by, poll, slot)


@transaction.atomic
def close_poll(poll: Poll) -> Event | None:
    """When its time is up: book the best, or say why not: nobody answered, nothing suited, it could not be booked."""
    poll = _held(poll)
    if poll.ended_at is not None:
        return poll.event
    best = poll.best(today())
    if best is None or best.starts_at <= clock.now():
        others = Mark.objects.filter(slot__poll=poll, person__in=poll.circle(today())).exclude(person=poll.by)
        _end(None, poll, "poll_failed" if others.exists() else "poll_unanswered")
    elif why := _book_by_itself(poll, best):
        _end(None, poll, "poll_not_booked", why=why)
    return poll.event


@transaction.atomic
def give_up_poll(*, by: Person, poll: Poll) -> None:
    """Look for no time any more. What has ended stays as it is."""
    poll = _held(poll)
    if poll.ended_at is None:
        _end(by, poll, "poll_given_up")


def _in_order(times: Sequence[tuple[datetime, datetime]], now: datetime) -> list[tuple[datetime, datetime]]:
    """The times in UTC, in which no hour comes twice or never; the earliest first. Refuses what nobody can mean."""
    if not 0 < len(times) <= MOST:
        raise Refused(_("Offer a few times to choose from, at most %(most)d.") % {"most": MOST})
    for year in (at.year for time in times for at in time):
        if year not in YEARS:
            raise Refused(_("Check the year: %(year)d.") % {"year": year})
    times = sorted({(starts.astimezone(UTC), ends.astimezone(UTC)) for starts, ends in times})
    if times[0][0] <= now:
        raise Refused(_("A time that is offered has passed. Give days to come."))
    if any(ends <= starts for starts, ends in times):
        raise Refused(_("A time that is offered ends before it begins."))
    if any(ends - starts > LONGEST for starts, ends in times):
        raise Refused(_("It lasts more than a year. Check the days."))
    if len({starts for starts, _ends in times}) < len(times):
        raise Refused(_("Two of the times begin at the same moment. Offer one of them."))
    return times


def _book_by_itself(poll: Poll, best: Slot) -> str:
    """Book it for whoever asked. Why that cannot be, in a sentence; the poll is then as it was."""
    try:
        with transaction.atomic():
            _book(None, poll, best)
    except Refused as refused:
        return refused.sentence
    return ""


def _book(by: Person | None, poll: Poll, slot: Slot) -> Event:
    host = by or poll.by
    if host is None:
        raise Refused(_("Whoever asked is no longer here; book it yourself."))
    event = record_event(
        by=host, community=poll.community, kind=poll.kind, starts_at=slot.starts_at, ends_at=slot.ends_at,
        timezone=settings.TIME_ZONE, place=poll.place, online_url=poll.online_url,
    )  # fmt: skip
    circle = those_who_meet(poll.community, poll.kind, today()).values_list("pk", flat=True)
    coming = slot.marks.exclude(suits=Suits.NO).filter(person__in=circle).values_list("person", flat=True)
    invite(by=host, event=event, people=circle, coming=coming)
    poll.event = event
    _end(by, poll, "poll_booked")
    return event


def _end(by: Person | None, poll: Poll, verb: str, **more: str) -> None:
    poll.ended_at = clock.now()
    poll.save(update_fields=["ended_at", "event"])
    settle_notices(poll.asked.values("pk"), group=f"poll_opened:{poll.pk}")
    data = {"event": poll.event_id, "by": poll.by_id, **more}
    record(verb, by=by, about=poll, community=poll.community, data=data)


def _held(poll: Poll) -> Poll:
    held = Poll.objects.select_for_update(of=("self",)).select_related("community", "by", "event")
    return held.get(pk=poll.pk)
