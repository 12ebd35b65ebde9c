"""Whom events concern, and how they are told: members of the hosting communities; of meetings, those in post."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from folkmoot.activity.actions import announce
from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership, Role
from folkmoot.communities.notices import leads_of, leads_one, name_of
from folkmoot.events.models import (
    COMING,
    IN_CALENDARS,
    Answer,
    Audience,
    Event,
    FeedbackGiven,
    HostRequest,
    Said,
    Status,
)
from folkmoot.events.people import CIRCLES, CORE
from folkmoot.events.saying import say_changes, say_dates, say_when, short
from folkmoot.notifications.kinds import Kind as NoticeKind
from folkmoot.notifications.kinds import only_reaches, register
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person

INVITE = "events.invite"
announce(
    [
        "answered", "promoted", "event_invited", "event_corrected", "event_cancelled", "series_changed",
        "series_cancelled",
    ],
    task=INVITE,
)  # fmt: skip
FOLLOW_CIRCLE = "events.follow_circle"
announce(
    [
        "joined", "accepted", "added", "role_changed", "appointed", "stepped_up", "stepped_back", "stepped_down",
        "left", "removed",
    ],
    task=FOLLOW_CIRCLE,
)  # fmt: skip
# What people want to hear of, of all that may be corrected.
_MOVES = ("starts_at", "ends_at", "place", "online_url", "status")


def _events(entry: Entry) -> list[int]:
    """The events that the line tells of: one, or those of a series."""
    return list(entry.data.get("events", [entry.about_id or 0]))


def _members(entry: Entry) -> QuerySet[Person]:
    """Those of its hosts, while it is still to come; nobody for what is put on record afterwards."""
    ids = _events(entry)
    coming = Event.objects.filter(pk__in=ids, starts_at__gt=entry.at).exclude(status=Status.DRAFT)
    event = coming.first()
    people = Person.objects.get_queryset()
    if event is None:
        return people.none()
    held = Membership.objects.current(today()).filter(community__hostings__event__in=ids)
    among = CORE if event.audience == Audience.CORE else tuple(Role)
    held = held.filter(role__in=CIRCLES.get(event.kind, among))
    return people.filter(pk__in=held.values("person"))


def _promoted(entry: Entry) -> QuerySet[Person]:
    return Person.objects.get_queryset().filter(pk=entry.data["person"])


def _coming(entry: Entry) -> QuerySet[Person]:
    """Those who have it in their calendar, where it moved, or takes place after all."""
    return _let_down(entry) if _moves(entry) else Person.objects.none()


def _waiting(entry: Entry) -> QuerySet[Person]:
    """Those who wait for a place, in the same case."""
    return _waiting_in_vain(entry) if _moves(entry) else Person.objects.none()


def _moves(entry: Entry) -> bool:
    was = entry.data.get("was", {})
    return any(was.get(name) != entry.data.get(name) for name in _MOVES)


def _let_down(entry: Entry) -> QuerySet[Person]:
    return _who_said(entry, IN_CALENDARS)


def _waiting_in_vain(entry: Entry) -> QuerySet[Person]:
    return _who_said(entry, (Said.WAITING,))


def _who_said(entry: Entry, said: tuple[str, ...]) -> QuerySet[Person]:
    """Who answered so, of what is still to come."""
    answers = Answer.objects.filter(event__in=_events(entry), event__starts_at__gt=entry.at, said__in=said)
    return Person.objects.get_queryset().filter(pk__in=answers.values("person"))


def _reminded(entry: Entry) -> QuerySet[Person]:
    """Those who come or perhaps come, if it still begins when the line says."""
    answers = Answer.objects.filter(event=entry.about_id or 0, said__in=COMING)
    return Person.objects.get_queryset().filter(pk__in=answers.values("person"))


def _event(entry: Entry) -> Event | None:
    return Event.objects.filter(pk=entry.about_id or 0).first()


def _when(entry: Entry) -> str:
    """The reminder's: what, when and where."""
    event = _event(entry)
    if event is None:
        return entry.about_label
    where = event.place or (event.online_url and gettext("online"))
    when = f"{event.starts:%H:%M}" if entry.verb == "event_in_an_hour" else f"{event.starts:%A, %H:%M}"
    return ", ".join(part for part in (event.title, when, where) if part)


def _way_in(notice: Notice) -> list[str]:
    """The link, for who still comes when the letter is sent."""
    entry = Entry.objects.get(pk=notice.entry)
    comes = Answer.objects.filter(person=notice.person_id, said__in=COMING)
    event = Event.objects.filter(pk=entry.about_id or 0, answers__in=comes).first()
    return [gettext("Join: %(url)s") % {"url": event.online_url}] if event and event.online_url else []


def _with_day(entry: Entry) -> str:
    """“Charts” and when it is, in quotation marks of its own; of a series, how many dates from when to when."""
    event = _event(entry)
    if event is None:
        return _quoted(entry.about_label)
    return f"{_quoted(event.title)}: {_dates(entry, event) or say_when(event.starts_at, event.zone)}"


def _in_brackets(entry: Entry) -> str:
    """“Charts” (Thursday 3 December, 12:30), for the middle of a sentence."""
    event = _event(entry)
    if event is None:
        return _quoted(entry.about_label)
    return f"{_quoted(event.title)} ({say_when(event.starts_at, event.zone)})"


def _dates(entry: Entry, event: Event) -> str:
    """Of a series, how many dates from when to when; empty for one event."""
    if len(_events(entry)) < 2:
        return ""
    first, last = (datetime.fromisoformat(entry.data[name]) for name in ("first", "last"))
    return say_dates(len(_events(entry)), first, last, event.zone)


def _what_moved(entry: Entry) -> str:
    """“Charts” and what is otherwise; of a series that of the first, after how many dates there are."""
    event = _event(entry)
    if event is None:
        return _quoted(entry.about_label)
    said = say_changes(entry.data["was"], {name: entry.data[name] for name in _MOVES}, event.zone)
    dates = _dates(entry, event)
    if dates and said:
        said = [
            gettext("%(dates)s, of which the first: %(change)s") % {"dates": dates, "change": said[0]},
            *said[1:],
        ]
    elif entry.data["was"]["starts_at"] == entry.data["starts_at"]:
        said.insert(0, say_when(event.starts_at, event.zone))
    return f"{_quoted(event.title)}: {'; '.join(said)}"


def _quoted(title: str) -> str:
    return gettext("“%(title)s”") % {"title": short(title)}


def _page(entry: Entry) -> str:
    """The event's; a draft that was thrown away meanwhile has none, and nobody is told of it."""
    event = _event(entry)
    return event.get_absolute_url() if event else ""


def _where(entry: Entry) -> str:
    return name_of(entry) if entry.community_id else ""


def _leads_asked(entry: Entry) -> QuerySet[Person]:
    """The leads of the community that is asked, while nobody has answered."""
    open_ones = HostRequest.objects.open().filter(pk=entry.data["request"])
    return leads_of(entry) if open_ones.exists() else Person.objects.none()


def _both_leads(entry: Entry) -> QuerySet[Person]:
    """The leads of the community that held it and of the one that plans it."""
    plans = Event.objects.filter(pk=entry.about_id or 0).values("community")
    both = (
        Membership.objects.current(today())
        .leads()
        .filter(Q(community=entry.community_id) | Q(community__in=plans))
    )
    return Person.objects.get_queryset().filter(pk__in=both.values("person"))


def _whoever_asked(entry: Entry) -> QuerySet[Person]:
    return Person.objects.get_queryset().filter(pk=entry.data.get("asked_by") or 0)


def _request(entry: Entry) -> str:
    asked = HostRequest.objects.select_related("community").get(pk=entry.data["request"])
    return reverse("host_request", args=[asked.community.slug, asked.pk])


def _came(entry: Entry) -> QuerySet[Person]:
    """Those who were there, have not been asked before and have said nothing yet."""
    people = Person.objects.get_queryset().filter(attendances__event=entry.about_id or 0)
    asked = Notice.objects.filter(group=f"feedback:{entry.about_id}").values("person")
    given = FeedbackGiven.objects.filter(event=entry.about_id or 0).values("person")
    return people.exclude(pk__in=asked).exclude(pk__in=given)


# The letter that brings a calendar up to date says it; who waits, of a series for one of its dates, has that not in
# theirs, and gets one of these.
_MOVED = NoticeKind(
    key="event_moved",
    title=_("An event you come to is moved"),
    verbs=frozenset({"event_corrected", "series_changed"}),
    recipients=_coming,
    words=_("%(who)s changed %(about)s."),
    url=_page,
    where=_where,
    about=_what_moved,
    group=lambda entry: f"event_moved:{entry.about_id}",
    is_mailed=False,
)
_CALLED_OFF = NoticeKind(
    key="event_called_off",
    title=_("An event you come to is cancelled"),
    verbs=frozenset({"event_cancelled", "series_cancelled"}),
    recipients=_let_down,
    words=_("%(who)s cancelled %(about)s."),
    url=_page,
    where=_where,
    about=_with_day,
    group=lambda entry: f"event_cancelled:{entry.about_id}",
    is_mailed=False,
)
_HOST_ANSWERED = NoticeKind(
    key="host_answered",
    title=_("A community answers whether it holds an event with yours"),
    verbs=frozenset({"host_agreed"}),
    recipients=_whoever_asked,
    words=_("%(community)s holds %(about)s with you."),
    url=_page,
    where=_where,
    about=_in_brackets,
    direct=False,
    group=lambda entry: f"host:{entry.about_id}:{entry.community_id}",
)
only_reaches(_leads_asked, leads_one)
only_reaches(_whoever_asked, leads_one)
only_reaches(_both_leads, leads_one)
register(
    NoticeKind(
        key="host_asked",
        title=_("Another community asks to hold an event together"),
        verbs=frozenset({"host_asked"}),
        recipients=_leads_asked,
        words=_("%(who)s asks whether %(community)s holds %(about)s with them."),
        url=_request,
        where=_where,
        about=_in_brackets,
        group=lambda entry: f"host:{entry.about_id}:{entry.community_id}",
    ),
    _HOST_ANSWERED,
    replace(
        _HOST_ANSWERED,
        key="host_declined",
        title=_("A community declines to hold an event with yours"),
        verbs=frozenset({"host_declined"}),
        words=_("%(community)s does not hold %(about)s with you."),
    ),
    replace(
        _HOST_ANSWERED,
        key="host_left",
        title=_("A community no longer holds an event together with another"),
        verbs=frozenset({"host_left"}),
        recipients=_both_leads,
        words=_("%(who)s took %(community)s off %(about)s."),
    ),
    NoticeKind(
        key="feedback_wanted",
        title=_("After an event you were at: two questions"),
        verbs=frozenset({"feedback_wanted"}),
        recipients=_came,
        words=_("What did you think of %(about)s? Two questions, without your name."),
        url=lambda entry: reverse("event_feedback", args=[entry.about_id]),
        where=_where,
        about=_in_brackets,
        group=lambda entry: f"feedback:{entry.about_id}",
    ),
    NoticeKind(
        key="promoted",
        title=_("You get a place at an event you wait for"),
        verbs=frozenset({"promoted"}),
        recipients=_promoted,
        words=_("You have a place at %(about)s."),
        url=_page,
        where=_where,
        about=_in_brackets,
        group=lambda entry: f"promoted:{entry.about_id}",
        is_mailed=False,
    ),
    NoticeKind(
        key="event_tomorrow",
        title=_("A day before an event you come to"),
        verbs=frozenset({"event_tomorrow"}),
        recipients=_reminded,
        words=_("Tomorrow: %(about)s."),
        url=_page,
        where=_where,
        about=_when,
        group=lambda entry: f"reminder:{entry.about_id}",
        is_reminder=True,
        facts=_way_in,
    ),
    NoticeKind(
        key="event_in_an_hour",
        title=_("An hour before an event you come to"),
        verbs=frozenset({"event_in_an_hour"}),
        recipients=_reminded,
        words=_("Soon: %(about)s."),
        url=_page,
        where=_where,
        about=_when,
        group=lambda entry: f"reminder:{entry.about_id}",
        is_reminder=True,
        facts=_way_in,
    ),
    replace(
        _MOVED,
        key="event_waited_for_moved",
        title=_("An event at which you wait for a place is moved"),
        recipients=_waiting,
        is_mailed=True,
    ),
    _MOVED,
    NoticeKind(
        key="event_planned",
        title=_("An event is planned in a community of yours"),
        verbs=frozenset({"event_recorded", "event_published", "series_planned"}),
        recipients=_members,
        words=_("%(who)s planned %(about)s."),
        url=_page,
        where=_where,
        about=_with_day,
        direct=False,
        group=lambda entry: f"event_planned:{entry.about_id}",
    ),
    replace(
        _CALLED_OFF,
        key="event_waited_for_called_off",
        title=_("An event at which you wait for a place is cancelled"),
        recipients=_waiting_in_vain,
        is_mailed=True,
    ),
    _CALLED_OFF,
    replace(
        _CALLED_OFF,
        key="event_cancelled",
        title=_("An event of a community of yours is cancelled"),
        recipients=_members,
        direct=False,
        is_mailed=True,
    ),
)
