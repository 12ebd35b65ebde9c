"""Reading calendars (.ics, RFC 5545) that other programs wrote: every good event, and a sentence for each that is not.

Each event is read by itself, so that one that is broken does not take the others with it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from html import unescape
from itertools import islice
from zoneinfo import ZoneInfo

import nh3
from django.conf import settings
from django.utils.translation import gettext as _

from folkmoot.core import clock
from folkmoot.core.richtext import TAGS, as_text
from folkmoot.exchange.ical_lines import MOST_ENTRIES, Entry, read_entries
from folkmoot.exchange.reading import Unreadable
from folkmoot.exchange.reading.decoding import decode, storable
from folkmoot.exchange.repeats import TooOften, read_rule

MOST_EVENTS, MOST_TIMES, AHEAD = 200, 60, timedelta(days=730)
MOST_RULES, LONGEST = 300, timedelta(days=366)
_COUNTED = timedelta(days=3653)  # how far back a rule is counted from its beginning
YEARS = range(1970, 2201)
_LONGEST_TOLD, _MOST_HTML = 20_000, 500_000
_TIMES = ("DTSTART", "DTEND", "DURATION")
_HTML = re.compile(r"<(?:p|br|div|span|a|html)\b", re.IGNORECASE)
# Tags that begin no line; only the words are wanted, and HTML of nothing but these is long to read.
_NO_LINES = re.compile(
    r"</?(?!(?:p|br|div|[uo]l|li|h[1-6]|table|tr|script|style|title)\b)[a-z][^<>]*>", re.IGNORECASE
)
_BLOCK = re.compile(r"<(/?)(?:div|h[1-6]|table|tr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_URL = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Found:
    """An event as a calendar tells it. `key` is the same whenever the same one is read."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    summary: str = ""
    place: str = ""
    online_url: str = ""


@dataclass(frozen=True)
class Calendars:
    """What is in a file: good events, and what is to be said of others."""

    events: list[Found]
    problems: list[str]


class Unusable(ValueError):
    """An event that cannot be taken in; says why in a sentence."""


def read_calendar(data: bytes) -> Calendars:
    """Every event of a file, in seconds whatever the file. Raises Unusable where no calendar is in it."""
    try:
        text = decode(data).text
    except Unreadable:  # it speaks of tables; what is no calendar shows below
        text = data.decode("utf-8", "replace")
    entries, more, is_calendar = read_entries(storable(text))
    if not is_calendar:
        raise Unusable(
            _(
                "This is no calendar. A calendar is a file whose name ends in .ics, as Outlook, Google or Apple "
                "export it."
            )
        )
    if not entries:
        raise Unusable(_("There is no event in this calendar."))
    whole: dict[str, Entry] = {}
    changed: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if uid := entry.text("UID"):
            if entry.has("RECURRENCE-ID"):
                changed[uid].append(entry)
            else:
                whole[uid] = entry  # where one is told twice, the second is how it is now
    events: list[Found] = []
    problems: list[str] = []
    # Each rule has days of two years looked at, so that not every event of a long file can have one.
    rules_left = iter(range(MOST_RULES, 0, -1))
    for entry in entries:
        uid = entry.text("UID")
        if (second := whole.get(uid, entry)) is not entry:
            if _told(second) != _told(entry) and not entry.has("RECURRENCE-ID"):
                problems.append(
                    _named(entry, _("The file tells it again further on, so only that is taken."))
                )
            continue
        try:
            changes = [] if entry.has("RECURRENCE-ID") else changed.get(uid, [])
            events += _times(entry, changes, problems, rules_left)
        except Unusable as unusable:
            problems.append(_named(entry, str(unusable)))
    if more:
        problems.append(
            _("The file is long: only its beginning was looked at, %(most)d events at most.")
            % {"most": MOST_ENTRIES}
        )
    events = list({event.key: event for event in events}.values())
    if len(events) > MOST_EVENTS:
        said = _("There are more events in it; %(most)d are taken, those to come before those that are over.")
        problems.append(said % {"most": MOST_EVENTS})
    now = clock.now()
    events.sort(key=lambda event: (event.ends_at < now, event.starts_at))
    taken = sorted(events[:MOST_EVENTS], key=lambda event: event.starts_at)
    words = _words(event.summary for event in taken)
    return Calendars(
        [
            replace(event, summary=told, online_url=event.online_url or _link(told))
            for event in taken
            for told in (words[event.summary],)
        ],
        problems,
    )


def _times(
    entry: Entry, changes: list[Entry], problems: list[str], rules_left: Iterator[int]
) -> Iterator[Found]:
    """The event, or each of those that its rule makes of it; those that were changed, as they were changed to."""
    first = _one(entry)
    zone = ZoneInfo(first.timezone)
    if not any(entry.has(name) for name in ("RRULE", "RDATE", "RECURRENCE-ID")) and not changes:
        yield first
        return
    times = _occurrences(entry, first, problems, rules_left)
    of_day = {at.date(): at for at in times}
    changed = {at: other for other in changes if (at := _of_series(other, zone, of_day)) is not None}
    # One that no rule makes takes place all the same, as long as the others do.
    times = sorted({*times, *(at for at in changed if at <= times[-1])})
    off = [at for at in entry.dates("EXDATE") if at.year in YEARS] if len(times) > 1 else []
    taken_out = {_in_zone(at, zone, time(9)) for at in off if isinstance(at, datetime)}
    days_out = {at for at in off if not isinstance(at, datetime)}
    told = entry.number("SEQUENCE")
    for at in times:
        if (
            at in changed
            and changed[at].number("SEQUENCE") < told
            and (at in taken_out or at.date() in days_out)
        ):
            continue  # it was taken out after it was changed
        if (at in taken_out or at.date() in days_out) and at not in changed:
            continue
        length = first.ends_at - first.starts_at
        if (other := changed.get(at)) is not None:
            try:
                yield replace(_one(other), key=f"{first.key}:{at:%Y%m%dT%H%M%S}")
            except Unusable as unusable:
                problems.append(_named(other, str(unusable)))
            continue
        known_by = _of_series(entry, zone, {}) or at
        yield replace(first, key=f"{first.key}:{known_by:%Y%m%dT%H%M%S}", starts_at=at, ends_at=at + length)


def _of_series(entry: Entry, zone: ZoneInfo, of_day: dict[date, datetime]) -> datetime | None:
    """When one that was changed would be if it had not been; some programs give only the day."""
    at = entry.at("RECURRENCE-ID")
    return None if at is None else of_day.get(at) or _in_zone(at, zone, time(9))


def _one(entry: Entry) -> Found:
    """One event as it stands. Raises Unusable with what is wrong with it."""
    if entry.text("STATUS").upper() == "CANCELLED":
        raise Unusable(_("It is cancelled."))
    starts, zone = _start(entry)
    ends = _end(entry, starts, zone)
    _check_length(ends - starts)
    place = entry.text("LOCATION")
    return Found(
        key=f"ics:{_known_by(entry)}",
        title=entry.text("SUMMARY")[:300] or _("Without a title"),
        starts_at=starts,
        ends_at=ends,
        timezone=zone.key,
        summary=entry.text("DESCRIPTION")[:_LONGEST_TOLD],
        place="" if _URL.fullmatch(place) else place[:300],
        online_url=_link(" ".join((entry.text("URL"), entry.text("X-GOOGLE-CONFERENCE"), place))),
    )


def _told(entry: Entry) -> list[str]:
    """What is to be said of one that the file tells twice."""
    return [entry.text("SUMMARY"), entry.text("DTSTART")]


def _known_by(entry: Entry) -> str:
    """By what it is known again: what the file calls it, or where it has no such name what makes it this event."""
    if uid := entry.text("UID"):
        return shortened(uid, 146)
    what = [entry.text("SUMMARY"), entry.text("LOCATION"), *(str(entry.lines.get(name)) for name in _TIMES)]
    return "~" + _digest("\n".join(what))


def shortened(name: str, most: int) -> str:
    """A name of at most so many characters, and another one for each that is too long."""
    return name if len(name) <= most else f"{name[: most - 33]}~{_digest(name)}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def _check_length(lasts: timedelta) -> None:
    """Refuses what no event lasts; of a duration before it is added, for dates have an end."""
    if lasts < timedelta():
        raise Unusable(_("It ends before it begins."))
    if lasts > LONGEST:
        raise Unusable(_("It lasts more than a year."))


def _start(entry: Entry) -> tuple[datetime, ZoneInfo]:
    """When it starts, in a zone that has a name: the organisation's for one that has none that is known."""
    at = entry.at("DTSTART")
    if at is None:
        raise Unusable(_("When it begins cannot be read."))
    tzid = entry.tzid("DTSTART")
    zone = entry.zones.named(tzid) if tzid and tzid != "UTC" else None
    zone = zone or ZoneInfo(settings.TIME_ZONE)
    return _in_zone(at, zone, time(9)), zone


def _end(entry: Entry, starts: datetime, zone: ZoneInfo) -> datetime:
    """When it ends; a whole day ends at five, and what says nothing of it when it begins."""
    at = entry.at("DTEND")
    if isinstance(at, datetime):
        return _in_zone(at, zone, time(17))
    if at is not None:
        # The last day of whole days is the one before (RFC 5545 §3.6.1).
        return max(_in_zone(at, zone, time(17)) - timedelta(days=1), starts)
    if (lasts := entry.lasts()) is not None:
        _check_length(lasts)
        return starts + lasts
    if entry.has("DTEND") or entry.has("DURATION"):
        raise Unusable(_("When it ends cannot be read."))
    return starts if isinstance(entry.at("DTSTART"), datetime) else starts.replace(hour=17)


def _in_zone(at: date, zone: ZoneInfo, clock: time) -> datetime:
    """A moment of that zone; a day is read at an hour of it, and a time without a zone by its wall clock."""
    if at.year not in YEARS:
        raise Unusable(_("Check the year: %(year)d.") % {"year": at.year})
    if not isinstance(at, datetime):
        return datetime.combine(at, clock, tzinfo=zone)
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)


def _occurrences(
    entry: Entry, first: Found, problems: list[str], rules_left: Iterator[int]
) -> list[datetime]:
    """When it takes place: once, or as its rule and further dates say; as many as a draft is good for.

    Of what has gone on for long, that is what is still to come.
    """
    zone = ZoneInfo(first.timezone)
    begins = first.starts_at.replace(tzinfo=None)
    now = clock.now().astimezone(zone).replace(tzinfo=None)
    times = {begins}
    for text, until in entry.rules():
        if not next(rules_left, 0):
            problems.append(
                _named(entry, _("Too many events of the file repeat, so only the first is taken."))
            )
            break
        if until is not None:
            until = _in_zone(until, zone, time()) if until.year in YEARS else until
        last = until.replace(tzinfo=None) if until else datetime.max
        try:
            rule = read_rule(text, begins)
            times |= set(islice(rule.times(begins, min(last, begins + AHEAD)), MOST_TIMES + 1))
            if begins < now < last and (rule.count is None or now - begins < _COUNTED):
                coming = rule.times(rule.later(begins, now), min(last, now + AHEAD))
                times |= set(islice((at for at in coming if at > now), MOST_TIMES + 1))
        except TooOften:
            problems.append(_named(entry, _("It repeats within a day, so only the first is taken.")))
        except ValueError:
            problems.append(_named(entry, _("How it repeats cannot be read, so only the first is taken.")))
    times |= {_in_zone(at, zone, time(9)).replace(tzinfo=None) for at in entry.dates("RDATE")}
    chosen, said = sorted(times), _("It takes place more often; these are the first %(most)d.")
    if begins < now and any(at > now for at in times) and (len(times) > MOST_TIMES or begins + AHEAD < now):
        chosen, said = (
            [at for at in chosen if at > now],
            _("Only what is to come is taken, at most %(most)d of it."),
        )
    if len(chosen) < len(times) or len(chosen) > MOST_TIMES:
        problems.append(_named(entry, said % {"most": MOST_TIMES}))
    return [at.replace(tzinfo=zone) for at in chosen[:MOST_TIMES]]


def _link(text: str) -> str:
    """The first address in it."""
    found = _URL.search(text)
    return found[0].rstrip(".,;)>")[:2000] if found else ""


def _words(told: Iterable[str]) -> dict[str, str]:
    """{what is told: its words}: some programs write HTML, of which as much is read well as is read at once."""
    words, left = {}, _MOST_HTML
    for each in dict.fromkeys(told):
        if not _HTML.search(each):
            words[each] = each[:8000]
            continue
        left -= len(each)
        words[each] = (_of_html(each) if left >= 0 else unescape(_TAG.sub(" ", each)).strip())[:8000]
    return words


def _of_html(told: str) -> str:
    """Its words. What is shown is only text, so nothing needs to be `richtext.clean`, which takes longer."""
    lines = _BLOCK.sub(r"<\1p>", _NO_LINES.sub("", told))
    return as_text(
        nh3.clean(lines, tags=TAGS, attributes={}, clean_content_tags={"script", "style", "title"})
    )


def _named(entry: Entry, sentence: str) -> str:
    """The sentence after the event's title, or where it has none after its place in the file."""
    if title := entry.text("SUMMARY"):
        return f"“{title[:80]}”: {sentence}"
    return _("Event %(place)d of the file: %(sentence)s") % {"place": entry.place, "sentence": sentence}
