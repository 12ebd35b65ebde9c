"""Putting events into people's calendars, and taking them out: by mail that calendars act on."""

from collections.abc import Collection
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from folkmoot.core import clock
from folkmoot.core.address import site_address
from folkmoot.events.calendars import invitation, series_invitation
from folkmoot.events.models import IN_CALENDARS, Answer, Event, Said, Series
from folkmoot.notifications.mailing import deliver
from folkmoot.notifications.models import BadAddress


def bring_up_to_date(event: int, person: int) -> bool:
    """Send that person what their calendar does not know yet of the event; whether there was something to send.

    Whatever happened in between, the calendar ends as things stand. One at a time for a person; nothing is held
    meanwhile, as others answer. Raises OSError when the mail server does not take it now: then it is tried again.
    """
    found = Answer.objects.filter(event=event, person=person)
    answer = found.select_related("event__community", "event__series", "person", "by").first()
    if answer is None:
        return False
    if answer.of_series and answer.event.series is not None:
        return _bring_series_up_to_date(answer, answer.event.series)
    if not _is_news(answer):
        return False
    wanted = _is_wanted(answer)
    if (email := _address_of(answer)) and not deliver(
        _letter(answer, email, "REQUEST" if wanted else "CANCEL")
    ):
        return False
    found.update(invited=answer.sequence if wanted else None)
    return True


def whose_calendars(events: Collection[int], *, new: bool = False) -> list[tuple[int, int]]:
    """(event, person) of the calendars that may have to change with these events; only `new` ones. One statement."""
    known = (
        Q(said__in=IN_CALENDARS) & Q(invited=None)
        if new
        else Q(said__in=IN_CALENDARS) | Q(invited__isnull=False)
    )
    answers = Answer.objects.filter(known, event__in=events)
    return list(answers.order_by("event", "person").values_list("event", "person"))


def _bring_series_up_to_date(answer: Answer, series: Series) -> bool:
    """The same for all that the person answered at once: one letter, and one thing in their calendar."""
    mine = Answer.objects.filter(event__series=series, person=answer.person, of_series=True)
    answers = list(mine.select_related("event__community", "person", "by").order_by("event__occurrence"))
    if not any(_is_news(each) for each in answers):
        return False
    wanted = {each.event_id for each in answers if _is_wanted(each)}
    if (email := _address_of(answer)) and not deliver(_series_letter(answers, series, wanted, email)):
        return False
    for each in answers:
        Answer.objects.filter(pk=each.pk).update(invited=each.sequence if each.event_id in wanted else None)
    return True


def _is_wanted(answer: Answer) -> bool:
    """Whether it is to stand in their calendar."""
    return answer.is_in_calendar and answer.event.is_settled


def _is_news(answer: Answer) -> bool:
    """Whether their calendar has it otherwise."""
    if not _is_wanted(answer):
        return answer.invited is not None
    return answer.invited != answer.sequence


def _address_of(answer: Answer) -> str:
    """Where to write to; empty where nothing arrives."""
    email = answer.person.email or ""
    return "" if email and BadAddress.objects.filter(email=email).exists() else email


def _letter(answer: Answer, email: str, method: str) -> EmailMultiAlternatives:
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
    said = {"event": event, "answer": answer, "is_off": method == "CANCEL"}
    return _envelope(event, email, _subject(event, answer, method), method, content, said)


def _series_letter(
    answers: list[Answer], series: Series, wanted: Collection[int], email: str
) -> EmailMultiAlternatives:
    events = list(series.events.select_related("community").order_by("occurrence", "pk"))
    coming = [answer for answer in answers if answer.event_id in wanted]
    first = (coming or answers)[0]
    content = series_invitation(
        events,
        wanted,
        rule=series.rule,
        organiser=_sender(first.event),
        attendee=(first.person.name, email),
        sequence=series.sequence,
        at=clock.now(),
    )
    title = {"title": " ".join(first.event.title.split())}
    subject = (
        _("Going: %(title)s, all of them") if wanted else _("Not coming: %(title)s, any of them")
    ) % title
    said = {
        "event": first.event,
        "answer": first,
        "is_off": not wanted,
        "dates": [each.event for each in coming],
    }
    return _envelope(first.event, email, subject, "REQUEST" if wanted else "CANCEL", content, said)


def _sender(event: Event) -> tuple[str, str]:
    """(name, address) of whoever invites."""
    name = event.community.name if event.community else settings.FOLKMOOT_ORGANISATION or "Folkmoot"
    return name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _envelope(
    event: Event, email: str, subject: str, method: str, content: bytes, said: dict[str, Any]
) -> EmailMultiAlternatives:
    sender = _sender(event)
    text = render_to_string("events/invitation.txt", said | {"site": site_address(), "by": sender[0]})
    letter = EmailMultiAlternatives(
        subject, text, formataddr(sender), [email], headers={"Auto-Submitted": "auto-generated"}
    )
    letter.attach_alternative(content.decode(), f"text/calendar; method={method}")
    letter.attach("invitation.ics", content, "application/ics")
    return letter


def _subject(event: Event, answer: Answer, method: str) -> str:
    said = {"title": " ".join(event.title.split()), "when": f"{event.starts:%a %-d %b, %H:%M}"}
    if method == "CANCEL":
        off = (
            _("Not coming: %(title)s, %(when)s") if event.is_settled else _("Cancelled: %(title)s, %(when)s")
        )
        return off % said
    if answer.invited is not None:
        return _("Changed: %(title)s, %(when)s") % said
    words = {
        Said.ASKED: _("Invitation: %(title)s, %(when)s"),
        Said.GOING: _("Going: %(title)s, %(when)s"),
    }
    return words.get(Said(answer.said), _("Maybe: %(title)s, %(when)s")) % said
