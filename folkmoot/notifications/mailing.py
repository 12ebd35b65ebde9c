"""Who is due a letter, and sending it. A letter that cannot be sent now is tried again by its job; nothing is lost."""

import smtplib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction

from folkmoot.calendar.days import today
from folkmoot.core import clock
from folkmoot.notifications.actions import CHOSEN
from folkmoot.notifications.inbox import groups
from folkmoot.notifications.kinds import kinds
from folkmoot.notifications.letters import digest_letter, letter_at_once
from folkmoot.notifications.models import BadAddress, Notice, Rhythm
from folkmoot.people.models import Person

_WHEN = f"""
    COALESCE({CHOSEN.format(person="notice.person_id", kind="notice.kind", community="notice.community_id")},
             CASE WHEN notice.kind = ANY (%(direct)s) THEN 'at_once' ELSE 'weekly' END)
"""
# What nobody has read, in a mailbox or on the site, of people who can be written to.
_WAITING = f"""
    SELECT notice.id, notice.person_id, notice.at, notice.entry, {_WHEN} AS "when"
    FROM notifications_notice notice JOIN people_person person ON person.id = notice.person_id
    WHERE notice.kind <> ALL (%(unmailed)s)
      AND notice.mailed_at IS NULL AND notice.read_at IS NULL AND notice.done_at IS NULL
      AND person.email IS NOT NULL AND (person."left" IS NULL OR person."left" > %(today)s)
      AND NOT EXISTS (SELECT FROM notifications_badaddress bad WHERE bad.email = person.email)
"""  # noqa: S608 - our own statement
_AT_ONCE = f"""SELECT id FROM ({_WAITING} AND notice.entry = %(entry)s) waiting WHERE "when" = 'at_once'"""  # noqa: S608
_OF_PERSON = f"""
    SELECT id FROM ({_WAITING} AND notice.person_id = %(person)s) waiting WHERE "when" = ANY (%(soon)s)
"""  # noqa: S608
# The last hour at which a digest was due, by the person's clock: of this day, and of this week.
_DUE = f"""
WITH waiting AS (
    SELECT waiting.person_id, waiting.at, waiting."when",
           %(now)s AT TIME ZONE zone.name AS now, rhythm.last_at AT TIME ZONE zone.name AS last,
           waiting.at AT TIME ZONE zone.name AS told,
           CASE WHEN waiting."when" = 'daily' THEN date_trunc('day', %(now)s AT TIME ZONE zone.name)
                ELSE date_trunc('week', %(now)s AT TIME ZONE zone.name) + make_interval(days => COALESCE(weekday, 0))
           END + make_interval(hours => COALESCE(hour, 9)) AS due
    FROM ({_WAITING}) waiting
    LEFT JOIN notifications_rhythm rhythm ON rhythm.person_id = waiting.person_id
    CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(rhythm.timezone, ''), %(zone)s) AS name) zone
    WHERE waiting."when" IN ('daily', 'weekly')
)
SELECT DISTINCT person_id FROM waiting
WHERE now >= due AND told < due AND (last IS NULL OR last < due) ORDER BY person_id
"""  # noqa: S608


def due_at_once(entry: int) -> list[int]:
    """The notices of that line of the ledger whose readers want a letter at once. One statement."""
    return _ids(_AT_ONCE, entry=entry)


def due_for_digest(at: datetime) -> list[int]:
    """The people whose digest is due at the moment `at`, and would not be empty. One statement."""
    return _ids(_DUE, now=at, zone=settings.TIME_ZONE)


@transaction.atomic
def mail_at_once(notice: int) -> bool:
    """Send one letter with a notice and whatever else its reader wants at once; whether there was something to send.

    What another process is sending just now is left to it. Raises OSError (SMTPException is one) when the mail server
    does not take it now.
    """
    found = Notice.objects.unread().filter(pk=notice, mailed_at=None).select_related("person").first()
    if found is None or found.person.email is None:
        return False
    waiting = Notice.objects.filter(pk__in=_ids(_OF_PERSON, person=found.person_id, soon=["at_once"]))
    together = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("-entry", "-id"))
    if notice not in {each.pk for each in together}:
        return False
    if not deliver(letter_at_once(found.person, groups(together))):
        return False
    _mailed([each.pk for each in together])
    return True


def mail_digest(person: int) -> bool:
    """Send that person everything that waits; whether there was something. Raises OSError as above."""
    waiting = list(
        Notice.objects.filter(pk__in=_ids(_OF_PERSON, person=person, soon=["daily", "weekly"])).order_by(
            "-entry", "-id"
        )
    )
    reader = Person.objects.get_queryset().filter(pk=person, email__isnull=False).first()
    if not waiting or reader is None or not deliver(digest_letter(reader, groups(waiting), daily=False)):
        return False
    _mailed([notice.pk for notice in waiting])
    Rhythm.objects.update_or_create(person=reader, defaults={"last_at": clock.now()})
    return True


def deliver(letter: EmailMultiAlternatives) -> bool:
    """Whether a letter to one person was taken. An address that is refused for good gets nothing more.

    Raises OSError (SMTPException is one) when the mail server does not take it now.
    """
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        (address, (code, reason)), *_others = refusal.recipients.items()
        if not 500 <= code < 600:
            raise
        said = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        BadAddress.objects.get_or_create(email=address.lower(), defaults={"reason": f"{code} {said}"[:300]})
        return False
    return True


def _mailed(notices: list[int]) -> None:
    Notice.objects.filter(pk__in=notices).update(mailed_at=clock.now())


def _ids(query: str, **values: Any) -> list[int]:
    kept = {
        "direct": [kind.key for kind in kinds() if kind.direct],
        "unmailed": [kind.key for kind in kinds() if not kind.is_mailed],
    }
    with connection.cursor() as cursor:
        cursor.execute(query, {**kept, "today": today(), **values})
        return [found for (found,) in cursor.fetchall()]
