"""Recording events: planned, held, corrected. The ledger keeps how they were."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.meanwhile import refuse_if_changed
from folkmoot.core.refused import Refused
from folkmoot.discussions.actions import reply, start_thread
from folkmoot.discussions.models import Post, Thread
from folkmoot.events.actions.answers import fill_places, invite_circle
from folkmoot.events.models import (
    MEETINGS,
    SETTLED,
    Attendance,
    Audience,
    Event,
    Hosting,
    Kind,
    Said,
    Speaker,
    Status,
    as_known,
    mint_ref,
)
from folkmoot.events.people import circle_of
from folkmoot.people.models import Person

EDITABLE = (
    "kind", "title", "summary", "starts_at", "ends_at", "timezone", "place", "online_url", "status", "note", "capacity",
    "audience", "summary_html", "joining", "recording_url",
)  # fmt: skip
# What shows in a calendar, and of the status whether it takes place.
SHOWN = ("title", "summary", "starts_at", "ends_at", "timezone", "place", "online_url", "joining")
LONGEST = timedelta(days=366)
LONGEST_WHY = 500
YEARS = range(1970, 2201)


@transaction.atomic
def record_event(
    *,
    by: Person,
    community: Community | None,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    timezone: str,
    title: str = "",
    status: str = "",
    hosts: Iterable[Community] = (),
    speakers: Sequence[Person | str] = (),
    attended: Iterable[Person] = (),
    ref: str = "",
    told: bool = True,
    **fields: Any,
) -> Event:
    """An event that took place, or one that is planned; which of the two, its end says where no `status` does.

    `community` plans it and hosts it, with further `hosts`. With a `ref` that was minted before, doing it twice records
    it once: whoever never had an answer can send it again. One that is not `told` has a line of its series that is.
    Refuses times out of order and what no page could show.
    """
    status = status or (Status.HELD if ends_at <= clock.now() else Status.SCHEDULED)
    event = Event(
        ref=ref or mint_ref(), kind=kind, title=title.strip() or str(Kind(kind).label), community=community,
        starts_at=starts_at, ends_at=ends_at, timezone=timezone, status=status, **fields,
    )  # fmt: skip
    _check(event)
    if (recorded := _inserted(event)) is not None:
        return recorded
    hosting = {host.pk: host for host in ([community] if community else []) + list(hosts)}
    # The form ticks whoever usually comes: before it is over that is a guess.
    there = _there(event, attended) if event.is_over(clock.now()) else set()
    _write_parts(event, set(hosting), speakers, there)
    check_hosts(event)
    record("event_recorded", by=by, about=event, community=community, data=_said(event), told=told)
    return event


@transaction.atomic
def change_event(
    *,
    by: Person,
    event: Event,
    seen: dict[str, str] | None = None,
    shown: dict[str, set[int]] | None = None,
    hosts: Iterable[Community] | None = None,
    speakers: Sequence[Person | str] | None = None,
    attended: Iterable[Person] | None = None,
    told: bool = True,
    **changes: Any,
) -> Event:
    """Correct an event; the ledger keeps what it said before and what it says now. None leaves a part as it is.

    Of hosts and attended (ids), only who was `shown` is taken off: who checked in or agreed meanwhile stays. Refuses as
    `record_event` does, to take back what people were told, and to overwrite what changed since it was `seen` (marks of
    `core.meanwhile`).
    """
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {sorted(unknown)}")
    event = Event.objects.held().get(pk=event.pk)
    refuse_if_changed(event, seen, changes)
    _check_change(event, changes)
    before = _said(event)
    if "summary" in changes:
        changes = {"summary_html": "", **changes}
    for name, value in changes.items():
        setattr(event, name, value)
    _check(event)
    if shows_in_calendars(before, {name: _plain(getattr(event, name)) for name in EDITABLE}):
        event.sequence += 1  # what calendars are sent from now on is newer than what they have (RFC 5546)
    event.save()
    own = {event.community_id} if event.community_id else set()
    _write_parts(
        event,
        None if hosts is None else own | {host.pk for host in hosts},
        speakers,
        None if attended is None else _there(event, attended),
        shown,
    )
    check_hosts(event)
    after = _said(event)
    if after != before:
        takes_place = before["status"] not in SETTLED and event.is_settled
        published = takes_place and before["status"] == Status.DRAFT
        verb, said = "event_published" if published else "event_corrected", after | {"was": before}
        record(verb, by=by, about=event, community=event.community, data=said, told=told)
        if takes_place or after["kind"] != before["kind"]:
            invite_circle(by=by, event=event)
    for community in Community.objects.filter(pk__in=set(before["hosts"]) - set(after["hosts"])):
        record("host_left", by=by, about=event, community=community, told=told)
    if "capacity" in changes:
        fill_places(event)
    return event


@transaction.atomic
def cancel_event(*, by: Person, event: Event, why: str = "", told: bool = True) -> Event:
    """It does not take place, or did not; `why` is for those who come. Cancelling what is cancelled does nothing.

    Refuses a draft, which nobody knows of.
    """
    event = Event.objects.held().get(pk=event.pk)
    if event.status == Status.DRAFT:
        raise Refused(_("It is a draft: throw it away instead."))
    if event.status != Status.CANCELLED:
        was, event.status = event.status, Status.CANCELLED
        event.sequence += 1
        event.save(update_fields=["status", "sequence"])
        said = {"was": was, "why": why.strip()[:LONGEST_WHY]}
        record("event_cancelled", by=by, about=event, community=event.community, data=said, told=told)
    return event


def shows_in_calendars(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether calendars show an event otherwise, as the ledger has how it `was` and how it is `now`."""
    takes_place = [said["status"] in SETTLED for said in (was, now)]
    return takes_place[0] != takes_place[1] or any(was.get(name) != now.get(name) for name in SHOWN)


def _there(event: Event, people: Iterable[Person]) -> set[int]:
    """Those of them (ids) who were there: nobody, while it has not begun."""
    return {person.pk for person in people} if event.starts_at <= clock.now() else set()


def _inserted(event: Event) -> Event | None:
    """Insert it; where the very same was recorded already, that. Where another one has its id, it gets a new one."""
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        same = {name: getattr(event, name) for name in ("ref", "community", *EDITABLE)}
        if (recorded := Event.objects.filter(**same).first()) is not None:
            return recorded
        event.ref = mint_ref()
        event.save(force_insert=True)
    return None


def _write_parts(
    event: Event,
    hosts: set[int] | None,
    speakers: Sequence[Person | str] | None,
    attended: set[int] | None,
    shown: dict[str, set[int]] | None = None,
) -> None:
    if hosts is not None:
        off = event.hostings.exclude(community__in=hosts)
        (off if shown is None else off.filter(community__in=shown["hosts"])).delete()
        _add(Hosting, (Hosting(event=event, community_id=pk) for pk in sorted(hosts)))
    if speakers is not None:
        event.speakers.all().delete()
        Speaker.objects.bulk_create(_speakers(event, speakers))
    if attended is not None:
        gone = event.attendances.exclude(person__in=attended)
        (gone if shown is None else gone.filter(person__in=shown["attended"])).delete()
        _add(Attendance, (Attendance(event=event, person_id=pk) for pk in sorted(attended)))


def _add(model: Any, rows: Iterable[Any]) -> None:
    """What is there already stays."""
    model.objects.bulk_create(rows, ignore_conflicts=True)


def _speakers(event: Event, given: Sequence[Person | str]) -> list[Speaker]:
    """Each once, in order."""
    found: dict[Any, Speaker] = {}
    for each in given:
        if isinstance(each, Person):
            found.setdefault(each.pk, Speaker(event=event, person=each))
        elif each.strip():
            found.setdefault(each.strip(), Speaker(event=event, name=each.strip()[:300]))
    for place, speaker in enumerate(found.values()):
        speaker.place = place
    return list(found.values())


def _check(event: Event) -> None:
    # Two times of one zone are compared by their clocks, which may be changed in between.
    if event.ends_at.astimezone(UTC) < event.starts_at.astimezone(UTC):
        raise Refused(_("It ends before it begins."), "ends")
    if event.starts_at.year not in YEARS:
        raise Refused(_("Check the year: %(year)d.") % {"year": event.starts_at.year}, "day")
    if event.ends_at - event.starts_at > LONGEST:
        raise Refused(_("It lasts more than a year. Check the days."), "ends")
    if as_known(event.timezone) is None:
        raise Refused(_("That is no time zone; write it as Europe/London."), "timezone")
    try:
        event.clean_fields(exclude=["community", "ref"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise Refused(sentences[0], field) from error


def _check_change(event: Event, changes: dict[str, Any]) -> None:
    """Refuse what would take back what people have been told: they would not hear of it, or see what is not theirs."""
    status, kind = changes.get("status", event.status), changes.get("kind", event.kind)
    if status != event.status and status == Status.DRAFT:
        raise Refused(_("It has been published. Cancel it instead."), "status")
    if status != event.status and status == Status.CANCELLED:
        raise Refused(_("Cancel it on its own page, where you can say why."), "status")
    ends_at, now = changes.get("ends_at", event.ends_at), clock.now()
    if event.is_settled and event.starts_at > now >= ends_at and event.answers.exclude(said=Said.NO).exists():
        raise Refused(
            _("That day is over, and people have been told of another. Check it, or record a new event."),
            "day",
        )
    if kind != event.kind and kind in MEETINGS:
        others = event.answers.exclude(person__in=circle_of(event, kind))
        if others.exists():
            raise Refused(
                _("People have answered it whose meeting it would not be. Cancel it, and plan another one."),
                "kind",
            )


def check_hosts(event: Event) -> None:
    """What is for the circle of one community is held by that one alone; and what is for members, by one at least."""
    if event.is_meeting and event.hostings.count() > 1:
        raise Refused(_("A meeting is one community's own."), "hosts")
    if event.audience != Audience.STAFF and not event.hostings.exists():
        raise Refused(_("No community holds it, so it is for everybody on the staff."), "audience")


def _said(event: Event) -> dict[str, Any]:
    """The event in plain values, with its hosts, speakers and who was there. Three statements."""
    return {
        **{name: _plain(getattr(event, name)) for name in EDITABLE},
        "hosts": sorted(event.hostings.values_list("community", flat=True)),
        "speakers": [person or name for person, name in event.speakers.values_list("person", "name")],
        "attended": sorted(event.attendances.values_list("person", flat=True)),
    }


def _plain(value: Any) -> Any:
    """In UTC, so that the same moment by two clocks is no change."""
    if value is None or isinstance(value, int):
        return value
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


@transaction.atomic
def talk_about(*, by: Person, event: Event, **words: Any) -> Post:
    """Write in the event's thread, which begins with the first who does; `words` are those of `reply`."""
    event = Event.objects.held().select_related("thread__community").get(pk=event.pk)
    if event.community is None:
        raise Refused(_("This event belongs to no community, so there is nowhere to talk about it."))
    if event.thread is not None:
        return reply(by=by, thread=event.thread, **words)
    kind = Thread.Kind.CONVERSATION
    event.thread = start_thread(by=by, community=event.community, kind=kind, title=event.title[:200], **words)
    event.save(update_fields=["thread"])
    return event.thread.written.get(number=1)
