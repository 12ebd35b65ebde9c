"""Whom meetings concern, and how they are told: actions, minutes, looking for a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.notices import leads_of, name_of
from folkmoot.core.address import site_address
from folkmoot.core.dates import say_day
from folkmoot.events.models import Answer, Event, Said
from folkmoot.meetings.access import action_token, poll_token, those_who_meet
from folkmoot.meetings.letters import minutes_to_read
from folkmoot.meetings.models import Action, Mark, Poll
from folkmoot.notifications.kinds import Act, Body, Kind, register
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person
from folkmoot.ui.dates import local

Whom = Callable[[Entry], QuerySet[Person]]


def _people(**wanted: Any) -> QuerySet[Person]:
    return Person.objects.get_queryset().filter(**wanted)


def _owner(entry: Entry) -> QuerySet[Person]:
    """Whoever is to do it, while it is open."""
    return _people(actions_to_do__in=Action.objects.open().order_by().filter(pk=entry.about_id or 0))


def _giver(entry: Entry) -> QuerySet[Person]:
    """Whoever gave it, and wants to know."""
    return _people(pk__in=Action.objects.filter(pk=entry.about_id or 0).values("by"))


def _circle(entry: Entry) -> QuerySet[Person]:
    """Those whose meeting it is, and who was invited and came: whoever may read what was said."""
    event = Event.objects.select_related("community").get(pk=entry.about_id or 0)
    if event.community is None:
        return Person.objects.none()
    invited = Answer.objects.filter(event=event).exclude(Q(said=Said.NO) & ~Q(by=F("person")))
    came = _people(attendances__event=event, pk__in=invited.values("person"))
    return those_who_meet(event.community, event.kind, today()) | came


def _asked(entry: Entry) -> QuerySet[Person]:
    """Those whose meeting it is, and who have not said yet what suits them; of who came later, that one."""
    poll = Poll.objects.filter(pk=entry.about_id or 0).first()
    if poll is None:
        return Person.objects.none()
    asked = poll.circle(today()).exclude(pk__in=Mark.objects.filter(slot__poll=poll).values("person"))
    return asked.filter(pk=entry.data["person"]) if entry.verb == "poll_asked" else asked


def _whoever_looked(entry: Entry) -> QuerySet[Person]:
    return _people(pk=entry.data.get("by") or 0)


def _whoever_looks_after_it(entry: Entry) -> QuerySet[Person]:
    """The leads, and whoever looked."""
    return leads_of(entry) | _whoever_looked(entry)


def _at(name: str) -> Callable[[Entry], str]:
    return lambda entry: reverse(name, args=[entry.about_id])


def _entry(notice: Notice) -> Entry:
    return Entry.objects.get(pk=notice.entry)


def _do_it(notice: Notice) -> Act | None:
    action = Action.objects.open().filter(pk=_entry(notice).about_id or 0, owner=notice.person_id).first()
    if action is None:
        return None
    return Act(_("It is done"), reverse("action_done", args=[action_token(action, notice.person_id)]))


def _minutes(notice: Notice) -> Body | None:
    return minutes_to_read(notice.person, _entry(notice).about_id or 0)


def _say_when(notice: Notice) -> Act | None:
    poll = Poll.objects.open().filter(pk=_entry(notice).about_id or 0).first()
    if poll is None:
        return None
    return Act(_("Say what suits you"), reverse("poll_answer", args=[poll_token(poll.pk, notice.person_id)]))


def _of_action(notice: Notice) -> list[str]:
    """What it is about, for which community, by when, and where all of them stand."""
    found = Action.objects.select_related("community", "event", "item").filter(
        pk=_entry(notice).about_id or 0
    )
    action = found.first()
    if action is None:
        return []
    facts = [gettext("Community: %(name)s") % {"name": action.community.name}]
    if action.event is not None:
        met = {"title": action.event.title, "day": _moment(action.event.starts_at)}
        facts.append(gettext("From: %(title)s, %(day)s") % met)
    if action.item is not None:
        facts.append(gettext("Under: %(item)s") % {"item": action.item.title})
    if action.due is not None:
        facts.append(gettext("By: %(day)s") % {"day": say_day(action.due, today())})
    return [*facts, gettext("All you are to do: %(url)s") % {"url": site_address() + reverse("actions")}]


def _of_poll(notice: Notice) -> list[str]:
    """The times, where, and until when an answer counts."""
    poll = Poll.objects.filter(pk=_entry(notice).about_id or 0).first()
    if poll is None:
        return []
    times = [
        f"{_moment(slot.starts_at)}–{date_format(local(slot.ends_at), 'H:i')}" for slot in poll.slots.all()
    ]
    where = ", ".join(said for said in (poll.place, poll.online_url) if said) or gettext("not said yet")
    return [
        *times,
        gettext("Where: %(place)s") % {"place": where},
        gettext("Answers until: %(day)s") % {"day": _moment(poll.closes_at)},
    ]


def _moment(at: datetime) -> str:
    return date_format(local(at), "D j M, H:i")


def kind_about(
    key: str, verb: str, title: Any, words: Any, recipients: Whom, url: Callable[[Entry], str], **more: Any
) -> Kind:
    """A kind whose notices about one thing are one line."""
    return Kind(
        key=key, title=title, verbs=frozenset({verb}), recipients=recipients, words=words, url=url, where=name_of,
        group=lambda entry: f"{key}:{entry.about_id}", **more,
    )  # fmt: skip


register(
    kind_about(
        "action_given", "action_given", _("You are given something to do"),
        _("%(who)s gave you something to do: “%(about)s”."), _owner, _at("action"), act=_do_it, facts=_of_action,
    ),
    kind_about(
        "action_overdue", "action_overdue", _("Something you are to do is overdue"),
        _("Overdue: “%(about)s”."), _owner, _at("action"), act=_do_it, facts=_of_action,
    ),
    kind_about(
        "action_done", "action_done", _("Something you gave somebody to do is done"),
        _("%(who)s has done “%(about)s”."), _giver, _at("action"), direct=False,
    ),
    kind_about(
        "minutes_published", "minutes_published", _("The minutes of a meeting of yours"),
        _("The minutes of “%(about)s” are here."), _circle, _at("meeting_minutes"),
        body=_minutes,
    ),
    kind_about(
        "item_suggested", "item_suggested", _("Somebody suggests something for a meeting you lead"),
        _("%(who)s suggests something to speak of at “%(about)s”."), leads_of, _at("meeting_agenda"), direct=False,
    ),
    replace(
        kind_about(
            "poll_opened", "poll_opened", _("A time for a meeting of yours is looked for"),
            _("%(who)s looks for a time for a meeting of %(community)s: %(about)s."), _asked, _at("poll"),
            act=_say_when, facts=_of_poll,
        ),
        verbs=frozenset({"poll_opened", "poll_asked"}),
    ),
    kind_about(
        "poll_failed", "poll_failed", _("None of the times you offered suits"),
        _("None of the times for a meeting of %(community)s suits those who are needed: %(about)s."),
        _whoever_looked, _at("poll"),
    ),
    kind_about(
        "poll_unanswered", "poll_unanswered", _("Nobody has answered which time suits"),
        _("Nobody has answered which time suits for a meeting of %(community)s: %(about)s."),
        _whoever_looked, _at("poll"),
    ),
    kind_about(
        "poll_not_booked", "poll_not_booked", _("A time that suits could not be booked"),
        _("The best time for “%(about)s” could not be booked: look at the answers and plan it yourself."),
        _whoever_looks_after_it, _at("poll"),
    ),
)  # fmt: skip
