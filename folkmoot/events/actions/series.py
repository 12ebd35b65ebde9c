"""Events that take place again and again: planning them, and changing, cancelling and answering several at once."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.activity.actions import record
from folkmoot.calendar.models import Calendar, Period
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.events.actions.answers import answer, invite_circle
from folkmoot.events.actions.events import EDITABLE, cancel_event, change_event, record_event
from folkmoot.events.models import SETTLED, Answer, Event, EventQuerySet, Kind, Series, Status, mint_ref
from folkmoot.events.recurrence import LONGEST, MOST, Every, days_by_rule, days_by_term, rule_of
from folkmoot.events.saying import as_ledger_has_it
from folkmoot.people.models import Person


class Scope(models.TextChoices):
    """Which events of a series are meant. What is over stays as it was."""

    THIS = "this", gettext_lazy("This one")
    FOLLOWING = "following", gettext_lazy("This and all that follow")
    ALL = "all", gettext_lazy("All that are still to come")


@transaction.atomic
def plan(*, by: Person, community: Community | None, **fields: Any) -> list[Event]:
    """Plan or record an event, or with `every` all of a series. Whose meeting it is, is invited to what is to come.

    Refuses what is planned already, as by who went back and saved once more: the same of one community at one time.
    """
    _refuse_twin(community, **fields)
    if "every" in fields:
        events = plan_series(by=by, community=community, **fields)
    else:
        events = [record_event(by=by, community=community, **fields)]
    for event in events:
        invite_circle(by=by, event=event)
    return events


def _refuse_twin(
    community: Community | None,
    *,
    kind: str,
    starts_at: datetime,
    title: str = "",
    ref: str = "",
    **_rest: Any,
) -> None:
    """The very same one, sent again under its `ref`, is recorded once and no twin."""
    title = title.strip() or str(Kind(kind).label)
    twins = Event.objects.filter(community=community, kind=kind, title=title, starts_at=starts_at)
    if twins.exclude(status=Status.CANCELLED).exclude(ref=ref).exists():
        raise Refused(
            _("This is here already, at the same time. Change that one, or give this another title."), "title"
        )


@transaction.atomic
def plan_series(
    *,
    by: Person,
    community: Community | None,
    every: str,
    until: date,
    starts_at: datetime,
    ends_at: datetime,
    timezone: str,
    ref: str = "",
    leave_out: bool = False,
    **fields: Any,
) -> list[Event]:
    """Plan an event again and again until the day `until`; by the wall clock of `timezone`, whatever the clocks do.

    Days on which nobody is there can be left out. As with `record_event`, sent twice with one `ref` it is planned
    once. Refuses more than sixty events, more than three years, and what takes place once only.
    """
    zone = ZoneInfo(timezone)
    first, length = _wall_clock(starts_at, zone), ends_at - starts_at
    if until < first.date():
        raise Refused(_("The last day is before the first."), "until")
    if until - first.date() > LONGEST:
        raise Refused(_("That is more than three years ahead. Plan fewer, and go on later."), "until")
    rule = rule_of(every, first.date(), until)
    days = _termly(community, first, until) if every == Every.TERM else days_by_rule(rule, first)
    if leave_out:
        closures = _closures(community)
        days = [day for day in days if not any(closure.covers(day.date()) for closure in closures)]
    if len(days) > MOST:
        raise Refused(
            _("That is more than %(most)d events. Choose an earlier last day.") % {"most": MOST}, "until"
        )
    if len(days) < 2:
        raise Refused(_("Until then it takes place once only. Choose a later last day."), "until")
    if ref and (planned := Event.objects.filter(ref=ref).first()) is not None:
        sent = fields | {"starts_at": starts_at, "ends_at": ends_at, "timezone": timezone}
        same = list(Event.objects.filter(series=planned.series_id or 0).order_by("occurrence"))
        on = [_wall_clock(event.occurrence, zone) for event in same if event.occurrence]
        if on == days and _is_as(planned, sent):
            return same
        ref = ""  # somebody went back and made another one of it
    series = Series.objects.create(rule=rule)
    events = []
    for number, day in enumerate(days):
        starts = day.replace(tzinfo=zone)
        event = record_event(
            by=by,
            community=community,
            starts_at=starts,
            ends_at=_ends(day, length, zone),
            timezone=timezone,
            ref=ref if number == 0 and ref else mint_ref(),
            series=series,
            occurrence=starts,
            told=False,
            **fields,
        )
        if event.series is not None and event.series != series:  # it was sent twice at the same time
            series.delete()
            return list(event.series.events.order_by("occurrence"))
        events.append(event)
    tell_of_all("series_planned", by, events)
    return events


def _is_as(event: Event, sent: dict[str, Any]) -> bool:
    """Whether an event is what is sent once more; an empty title is called by its kind."""
    plain = {
        name: value for name, value in sent.items() if name in EDITABLE and (name, value) != ("title", "")
    }
    return all(getattr(event, name) == value for name, value in plain.items())


@transaction.atomic
def change_series(
    *,
    by: Person,
    event: Event,
    scope: str,
    seen: dict[str, str] | None = None,
    shown: dict[str, set[int]] | None = None,
    **changes: Any,
) -> list[Event]:
    """Change this event, or with it others of its series: what differs from how this one was, and nothing else.

    Another day moves the others by as many, and another hour or length is theirs too, by the wall clock; but for those
    that were moved before. With a draft the others that are drafts are published, and with what is brought back the
    others that were cancelled. Refuses as `change_event` does, and then changes none.
    """
    event, *others = held_with(event, scope)
    moved = _moved(event, changes)
    theirs = {
        name: value
        for name, value in changes.items()
        if name not in {"starts_at", "ends_at", "timezone", "status", "note", "attended"}
        and value != (getattr(event, name) if name in EDITABLE else _part(event, name, value))
    }
    alone = not others
    takes_place = event.status not in SETTLED and changes.get("status", event.status) in SETTLED
    with_it = {other.pk for other in others if takes_place and other.status == event.status}
    drafts = with_it if event.status == Status.DRAFT else set()
    told, was = not drafts and (alone or event.status == Status.DRAFT), as_ledger_has_it(event)
    changed = [change_event(by=by, event=event, seen=seen, shown=shown, told=told, **changes)]
    if scope == Scope.THIS and event.series and changed[0].starts_at != event.starts_at:
        Event.objects.filter(pk=event.pk).update(is_apart=_is_apart(changed[0]))
    for other in others:
        more = theirs | (moved(other) if not other.is_apart else {})
        if other.pk in with_it:
            more["status"] = Status.SCHEDULED
        if more:
            changed.append(change_event(by=by, event=other, shown=shown, told=False, **more))
    _touch(event.series)
    if drafts:
        tell_of_all("series_planned", by, [each for each in changed if each.pk in {event.pk, *drafts}])
    elif not alone and (now := as_ledger_has_it(changed[0])) != was:
        tell_of_all("series_changed", by, changed, now | {"was": was})
    return changed


@transaction.atomic
def cancel_series(*, by: Person, event: Event, scope: str, why: str = "") -> int:
    """Cancel this event, or with it others of its series that are to take place; how many were. Refuses drafts."""
    event, *others = held_with(event, scope)
    if event.status == Status.DRAFT:
        raise Refused(_("It is a draft: throw it away instead."))
    events = [each for each in (event, *others) if each.is_settled]
    for each in events:
        cancel_event(by=by, event=each, why=why, told=len(events) == 1)
    _touch(event.series)
    if len(events) > 1:
        tell_of_all("series_cancelled", by, events)
    return len(events)


@transaction.atomic
def answer_series(
    *, by: Person, event: Event, said: str, note: str | None = "", among: Collection[int] | None = None
) -> list[Answer]:
    """Answer all of a series that is still to come; or of these events (ids) only, which are theirs to answer.

    Where one is full, one waits for that one. Refuses where none is left.
    """
    if event.series_id is None:
        return [answer(by=by, event=event, said=said, note=note)]
    mine = [each for each in held_with(event, Scope.ALL) if among is None or each.pk in among]
    events = [each for each in mine if each.is_settled and not each.is_over(clock.now())]
    if not events:
        raise Refused(_("None of them is still to come."))
    given = [answer(by=by, event=each, said=said, note=note, of_series=True) for each in events]
    _touch(event.series)
    return given


def of_scope(event: Event, scope: str) -> EventQuerySet:
    """The events of a series that are meant and still to come, by their place in it."""
    if event.series_id is None or scope == Scope.THIS:
        return Event.objects.filter(pk=event.pk)
    mine = Event.objects.filter(series=event.series_id, ends_at__gt=clock.now()).order_by("occurrence")
    return mine.filter(occurrence__gte=event.occurrence) if scope == Scope.FOLLOWING else mine


def held_with(event: Event, scope: str) -> list[Event]:
    """The event first, and those that are meant with it, all of them held."""
    wanted = {event.pk, *of_scope(event, scope).values_list("pk", flat=True)}
    rows = Event.objects.held().filter(pk__in=wanted).select_related("series")
    return sorted(rows, key=lambda each: (each.pk != event.pk, each.occurrence or each.starts_at))


def closures_among(events: Sequence[Event], community: Community | None) -> list[tuple[Event, Period]]:
    """Those of the community's events that fall on days on which nobody is there. Two statements."""
    closures = _closures(community) if events else []
    found = ((event, next((c for c in closures if c.covers(event.starts.date())), None)) for event in events)
    return [(event, closure) for event, closure in found if closure is not None]


def _closures(community: Community | None) -> list[Period]:
    return list(_calendar(community).periods.filter(kind=Period.Kind.CLOSURE))


def _calendar(community: Community | None) -> Calendar:
    return (community.calendar if community else None) or Calendar.objects.organisations()


def _termly(community: Community | None, first: datetime, until: date) -> list[datetime]:
    terms = _calendar(community).periods.filter(kind=Period.Kind.TERM)
    days = days_by_term(first.date(), until, list(terms))
    if len(days) < 2:
        raise Refused(
            _("No further term is in the calendar until then, or the day is in none. Add the terms first."),
            "until",
        )
    return [datetime.combine(day, first.time()) for day in days]


def _moved(event: Event, changes: dict[str, Any]) -> Any:
    """What another day, hour or length of this event means for another of its series; what stays is the other's own."""
    zone = ZoneInfo(changes.get("timezone", event.timezone))
    starts, ends = changes.get("starts_at", event.starts_at), changes.get("ends_at", event.ends_at)
    if (starts, ends) == (event.starts_at, event.ends_at):
        return lambda other: {}
    was, becomes = _wall_clock(event.starts_at, event.zone), _wall_clock(starts, zone)
    length = _wall_clock(ends, zone) - becomes

    def moved(other: Event) -> dict[str, datetime]:
        begins = _wall_clock(other.starts_at, other.zone)
        hour = begins.time() if becomes.time() == was.time() else becomes.time()
        day = datetime.combine(begins.date() + (becomes.date() - was.date()), hour)
        lasts = _length(other) if length == _length(event) else length
        return {"starts_at": day.replace(tzinfo=other.zone), "ends_at": _ends(day, lasts, other.zone)}

    return moved


def _length(event: Event) -> timedelta:
    """On the wall clock."""
    return _wall_clock(event.ends_at, event.zone) - _wall_clock(event.starts_at, event.zone)


def _is_apart(event: Event) -> bool:
    """Whether it stands elsewhere than the others of its series do, each beside where its rule has it."""
    others = Event.objects.filter(series=event.series_id, is_apart=False).exclude(pk=event.pk)
    return _beside(event) not in {_beside(other) for other in others} | {timedelta()}


def _beside(event: Event) -> timedelta:
    rule_has_it = event.occurrence or event.starts_at
    return _wall_clock(event.starts_at, event.zone) - _wall_clock(rule_has_it, event.zone)


def _part(event: Event, name: str, given: Any) -> Any:
    """What an event has of its speakers or hosts, in the shape of what is `given`; None was not given."""
    if given is None:
        return None
    if name == "speakers":
        return [one.person or one.name for one in event.speakers.select_related("person")]
    others = Community.objects.filter(hostings__event=event).exclude(planned_events=event)
    return given if set(given) == set(others) else None


def tell_of_all(verb: str, by: Person, events: Sequence[Event], said: dict[str, Any] | None = None) -> None:
    """The one line that people are told of, where each of the events has a line of its own."""
    starts = sorted(event.starts_at for event in events)
    dates = {
        "events": [event.pk for event in events],
        "first": starts[0].isoformat(),
        "last": starts[-1].isoformat(),
    }
    record(verb, by=by, about=events[0], community=events[0].community, data=dates | (said or {}))


def _touch(series: Series | None) -> None:
    """What calendars have of the series is to be looked at again."""
    if series is not None:
        Series.objects.filter(pk=series.pk).update(sequence=models.F("sequence") + 1)


def _wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _ends(day: datetime, length: timedelta, zone: ZoneInfo) -> datetime:
    """As long as the first on the wall clock; by the hours that pass, where it begins in one that the clocks skip."""
    starts, ends = (at.replace(tzinfo=zone).astimezone(UTC) for at in (day, day + length))
    return ends if ends > starts else starts + length
