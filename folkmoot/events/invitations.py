"""Putting events into people's calendars, and taking them out: by mail that calendars act on."""

from collections.abc import Collection
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from folkmoot.core import clock
from folkmoot.core.address import site_address
from folkmoot.events.calendars import invitation
from folkmoot.events.models import Answer, Event, Said
from folkmoot.events.models.answers import IN_CALENDARS
from folkmoot.notifications.mailing import deliver
from folkmoot.notifications.models import BadAddress


def bring_up_to_date(event: int, person: int) -> bool:
    """Send that person what their calendar does not know yet of the event; whether there was something to send.

    Whatever happened in between, the calendar ends as things stand. One at a time for a person; nothing is held
    meanwhile, as others answer. Raises OSError when the mail server does not take it now: then it is tried again.
    """
    found = Answer.objects.filter(event=event, person=person)
    answer = found.select_related("event__community", "person", "by").first()
    if answer is None:
        return False
    wanted = answer.is_in_calendar and answer.event.is_settled
    if answer.invited == answer.event.sequence or (not wanted and answer.invited is None):
        return False
    email = answer.person.email
    if email and not BadAddress.objects.filter(email=email).exists():
        letter = _letter(answer, email, "REQUEST" if wanted else "CANCEL")
        if not deliver(letter):
            return False
    found.update(invited=answer.event.sequence if wanted else None)
    return True


def whose_calendars(events: Collection[int]) -> list[tuple[int, int]]:
    """(event, person) of the calendars that may have to change with these events. One statement."""
    known = Q(said__in=IN_CALENDARS) | Q(invited__isnull=False)
    answers = Answer.objects.filter(known, event__in=events)
    return list(answers.order_by("event", "person").values_list("event", "person"))


def _letter(answer: Answer, email: str, method: str) -> EmailMultiAlternatives:
    event, person = answer.event, answer.person
    name = event.community.name if event.community else settings.FOLKMOOT_ORGANISATION or "Folkmoot"
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    content = invitation(
        event,
        method=method,
        organiser=(name, sender),
        attendee=(person.name, email),
        said=answer.said,
        sequence=event.sequence,
        at=clock.now(),
    )
    text = render_to_string(
        "events/invitation.txt",
        {"event": event, "answer": answer, "is_off": method == "CANCEL", "site": site_address(), "by": name},
    )
    letter = EmailMultiAlternatives(
        _subject(event, answer, method), text, formataddr((name, sender)), [email],
        headers={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    letter.attach_alternative(content.decode(), f"text/calendar; method={method}")
    letter.attach("invitation.ics", content, "application/ics")
    return letter


def _subject(event: Event, answer: Answer, method: str) -> str:
    said = {"title": " ".join(event.title.split()), "when": f"{event.starts:%a %-d %b, %H:%M}"}
    if method == "CANCEL":
        return (
            _("Cancelled: %(title)s, %(when)s")
            if not event.is_settled
            else _("Not coming: %(title)s, %(when)s")
        ) % said
    if answer.invited is not None:
        return _("Changed: %(title)s, %(when)s") % said
    if answer.said == Said.ASKED:
        return _("Invitation: %(title)s, %(when)s") % said
    return (
        _("Going: %(title)s, %(when)s") if answer.said == Said.GOING else _("Maybe: %(title)s, %(when)s")
    ) % said
