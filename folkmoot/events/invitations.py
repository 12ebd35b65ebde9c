"""Putting events into people's calendars, and taking them out: by mail that calendars act on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.activity.models import Entry
from folkmoot.core import clock
from folkmoot.core.address import site_address
from folkmoot.events.access import answer_token
from folkmoot.events.actions.events import shows_in_calendars
from folkmoot.events.calendars import invitation, series_invitation
from folkmoot.events.models import IN_CALENDARS, Answer, Event, Said, Series, Status
from folkmoot.events.saying import as_ledger_has_it, say_changes, say_when, why_cancelled
from folkmoot.notifications.letters import as_html
from folkmoot.notifications.mailing import deliver
from folkmoot.notifications.models import BadAddress

LONGEST_ABOUT = 400
_CORRECTED = ("event_corrected", "event_published")


def bring_up_to_date(event: int, person: int) -> bool:
    """Send that person what their calendar does not know yet of the event; whether there was something to send.

    Whatever happened in between, the calendar ends as things stand. The jobs of a person run one after the other;
    nothing is held meanwhile, as others answer. Raises OSError when the mail server does not take it now: then it is
    tried again.
    """
    found = Answer.objects.filter(event=event, person=person)
    answer = found.select_related("event__community", "event__series", "person", "by").first()
    if answer is None:
        return False
    if answer.of_series and answer.event.series is not None:
        return _bring_series_up_to_date(answer, answer.event.series)
    if not _is_news(answer):
        return False
    wanted, news = _is_wanted(answer), _news_of([answer])[event]
    method = "REQUEST" if wanted else "CANCEL"
    if (email := _address_of(answer)) and not deliver(_letter(answer, email, method, news)):
        return False
    found.update(invited=answer.sequence if wanted else None, heard=news.heard)
    return True


def whose_calendars(
    events: Collection[int], *, new: bool = False, person: int | None = None
) -> list[tuple[int, int]]:
    """(event, person) of the calendars that may have to change with these events; only `new` ones, or that of `person`.

    One statement.
    """
    known = (
        Q(said__in=IN_CALENDARS) & Q(invited=None)
        if new
        else Q(said__in=IN_CALENDARS) | Q(invited__isnull=False)
    )
    answers = Answer.objects.filter(known, event__in=events)
    if person is not None:
        answers = answers.filter(person=person)
    return list(answers.order_by("event", "person").values_list("event", "person"))


def _bring_series_up_to_date(answer: Answer, series: Series) -> bool:
    """The same for all that the person answered at once: one letter, and one thing in their calendar."""
    mine = Answer.objects.filter(event__series=series, person=answer.person, of_series=True)
    answers = list(mine.select_related("event__community", "person", "by").order_by("event__occurrence"))
    if not any(_is_news(each) for each in answers):
        return False
    wanted = {each.event_id for each in answers if _is_wanted(each)}
    news = _news_of(answers)
    if (email := _address_of(answer)) and not deliver(_series_letter(answers, series, wanted, email, news)):
        return False
    for each in answers:
        invited = each.sequence if each.event_id in wanted else None
        Answer.objects.filter(pk=each.pk).update(invited=invited, heard=news[each.event_id].heard)
    return True


def _is_wanted(answer: Answer) -> bool:
    """Whether it is to stand in their calendar; not of who has left."""
    return answer.is_in_calendar and answer.event.is_settled and answer.person.is_active


def _is_news(answer: Answer) -> bool:
    """Whether their calendar has it otherwise."""
    if not _is_wanted(answer):
        return answer.invited is not None
    return answer.invited != answer.sequence


def _address_of(answer: Answer) -> str:
    """Where to write to; empty where nothing arrives."""
    email = (answer.person.email or "") if answer.person.is_active else ""
    return "" if email and BadAddress.objects.filter(email=email).exists() else email


@dataclass(frozen=True)
class News:
    """What is otherwise than in the letter before: of the event, in words; and whether they got a place meanwhile.

    `heard` is the line of the ledger up to which it tells.
    """

    changes: tuple[str, ...] = ()
    has_place: bool = False
    heard: int = 0


def _news_of(answers: Collection[Answer]) -> dict[int, News]:
    """{event: what is new to that person}, as the ledger has it. One statement."""
    mine = Q(verb__in=["answered", "promoted"], data__person__in={each.person_id for each in answers})
    about = Entry.objects.filter(about_type="events.event", about_id__in=[each.event_id for each in answers])
    found: dict[int, list[Entry]] = {}
    for entry in about.filter(mine | Q(verb__in=[*_CORRECTED, "event_cancelled"])).order_by("-id"):
        if entry.verb not in _CORRECTED or shows_in_calendars(entry.data["was"], entry.data):
            found.setdefault(entry.about_id or 0, []).append(entry)
    return {each.event_id: _news(each, found.get(each.event_id, [])) for each in answers}


def _news(answer: Answer, lines: list[Entry]) -> News:
    """`lines` are the latest first."""
    own = next((line for line in lines if "person" in line.data), None)
    heard = lines[0].pk if lines else answer.heard
    if answer.invited is None:
        back = next((line for line in lines if line.verb in _CORRECTED), None)
        is_back = (
            back is not None
            and back.data["was"]["status"] == Status.CANCELLED
            and (own is None or own.pk < back.pk)
            and 0 < answer.heard < back.pk
        )
        changes = [_("it takes place after all")] if is_back else []
        return News(tuple(changes), _has_place(answer, own), heard)
    lines = [line for line in lines if line.pk > answer.heard]
    corrected = [line for line in lines if line.verb in _CORRECTED]
    changes = (
        say_changes(corrected[-1].data["was"], as_ledger_has_it(answer.event), answer.event.zone)
        if corrected
        else []
    )
    return News(tuple(changes), _has_place(answer, own), heard)


def _has_place(answer: Answer, own: Entry | None) -> bool:
    """Whether the latest line about them gave them a place, and no letter has said so yet."""
    return own is not None and own.verb == "promoted" and own.pk > answer.heard


def _letter(answer: Answer, email: str, method: str, news: News) -> EmailMultiAlternatives:
    event, person = answer.event, answer.person
    content = invitation(
        event,
        method=method,
        organiser=_sender(event),
        attendee=(person.name, email),
        said=answer.said,
        sequence=answer.sequence,
        at=clock.now(),
    )
    said = {
        "answer": answer,
        "is_off": method == "CANCEL",
        "news": news,
        "dates": [_span(event)],
        "answer_path": reverse("event_answer_by_letter", args=[answer_token(event.pk, person.pk)]),
    }
    return _envelope(event, email, _subject(event, answer, method, news), method, content, said)


def _series_letter(
    answers: list[Answer], series: Series, wanted: Collection[int], email: str, news: Mapping[int, News]
) -> EmailMultiAlternatives:
    events = list(series.events.select_related("community").order_by("occurrence", "pk"))
    coming = [answer for answer in answers if answer.event_id in wanted]
    gone = [answer for answer in answers if answer.invited is not None and answer.event_id not in wanted]
    first = (coming or answers)[0]
    content = series_invitation(
        events,
        {answer.event_id: answer.said for answer in coming},
        uid=series.uid,
        rule=series.rule,
        organiser=_sender(first.event),
        attendee=(first.person.name, email),
        # Higher than in any letter before: with every change of the series, of its events, and of the answers.
        sequence=series.sequence + sum(answer.sequence for answer in answers),
        at=clock.now(),
    )
    changed = [each for each in coming if news[each.event_id].changes]
    places = [each for each in coming if news[each.event_id].has_place]
    off = [each for each in gone if not each.event.is_settled]
    changes = [": ".join([_span(each.event), *news[each.event_id].changes]) for each in changed]
    changes += [_("No longer: %(date)s") % {"date": _gone(each.event)} for each in off if coming]
    said = {
        "answer": first,
        "is_off": not wanted,
        "news": News(tuple(changes), has_place=bool(places)),
        "dates": [_span(each.event) for each in coming],
        "gone": [_span(each.event) for each in gone if not coming or each not in off],
        "answer_path": first.event.get_absolute_url(),
    }
    subject = _series_subject(first, coming, places, changed + off, gone)
    method = "REQUEST" if wanted else "CANCEL"
    return _envelope(first.event, email, subject, method, content, said)


def _series_subject(
    first: Answer, coming: list[Answer], places: list[Answer], changed: list[Answer], gone: list[Answer]
) -> str:
    """What is new of the series, and of which date or how many; what matters most before the rest."""
    if places:
        words, dates = _("You have a place: %(title)s, %(dates)s"), places
    elif not coming and not first.event.is_settled:
        words, dates = _("Cancelled: %(title)s, %(dates)s"), gone
    elif coming and changed:
        words, dates = _("Changed: %(title)s, %(dates)s"), changed
    elif gone:
        words, dates = _("Not coming: %(title)s, %(dates)s"), gone
    else:
        words, dates = _words_of(Said(first.said)), coming
    number = len(dates)
    when = _short(dates[0].event) if number == 1 else ngettext("%(n)d date", "%(n)d dates", number)
    return words % {"title": " ".join(first.event.title.split()), "dates": when % {"n": number}}


def _words_of(said: Said) -> str:
    if said == Said.ASKED:
        return _("Invitation: %(title)s, %(dates)s")
    return _("Going: %(title)s, %(dates)s") if said == Said.GOING else _("Maybe: %(title)s, %(dates)s")


def _sender(event: Event) -> tuple[str, str]:
    """(name, address) of whoever invites."""
    name = event.community.name if event.community else settings.FOLKMOOT_ORGANISATION or "Folkmoot"
    return name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _envelope(
    event: Event, email: str, subject: str, method: str, content: bytes, said: dict[str, Any]
) -> EmailMultiAlternatives:
    sender, site = _sender(event), site_address()
    context = said | {
        "event": event,
        "subject": subject,
        "by": sender[0],
        "hosts": ", ".join(event.hosts.order_by("sort_name").values_list("name", flat=True)),
        "speakers": ", ".join(str(one.person or one.name) for one in event.speakers.select_related("person")),
        "about": Truncator(event.summary).chars(LONGEST_ABOUT),
        "why": why_cancelled(event),
        "has_way_in": said["answer"].is_coming and not said["is_off"],
        "answer_url": site + said["answer_path"],
        "event_url": site + event.get_absolute_url(),
    }
    text = render_to_string("events/letters/invitation.txt", context)
    letter = EmailMultiAlternatives(
        subject, text, formataddr(sender), [email], headers={"Auto-Submitted": "auto-generated"}
    )
    letter.attach_alternative(as_html("events/letters/invitation.html", context), "text/html")
    letter.attach_alternative(content.decode(), f"text/calendar; method={method}")
    letter.attach("invitation.ics", content, "application/ics")
    return letter


def _subject(event: Event, answer: Answer, method: str, news: News) -> str:
    said = {"title": " ".join(event.title.split()), "when": _short(event)}
    if method == "CANCEL":
        off = (
            _("Not coming: %(title)s, %(when)s") if event.is_settled else _("Cancelled: %(title)s, %(when)s")
        )
        return off % said
    if news.has_place:
        return _("You have a place: %(title)s, %(when)s") % said
    if news.changes:
        return _("Changed: %(title)s, %(when)s") % said
    words = {
        Said.ASKED: _("Invitation: %(title)s, %(when)s"),
        Said.GOING: _("Going: %(title)s, %(when)s"),
    }
    return words.get(Said(answer.said), _("Maybe: %(title)s, %(when)s")) % said


def _gone(event: Event) -> str:
    """When it would have been, and why it is not, where that was said."""
    return ": ".join(part for part in (_span(event), why_cancelled(event)) if part)


def _short(event: Event) -> str:
    return f"{event.starts:%a %-d %b, %H:%M}"


def _span(event: Event) -> str:
    """“Thursday 3 December, 12:30–13:30 (Europe/London)”."""
    ends = f"{event.ends:%H:%M}"
    if event.ends.date() != event.starts.date():
        ends = say_when(event.ends_at, event.zone)
    return f"{say_when(event.starts_at, event.zone)}–{ends} ({event.timezone})"
