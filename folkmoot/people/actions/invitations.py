"""Letting somebody in: by a one-time link, or by an address of the organisation that proved theirs."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.people import mail
from folkmoot.people.actions.programme_team import (
    appoint_to_programme_team,
    somebody_looks_after_the_programme,
)
from folkmoot.people.addresses import is_of_the_organisation, name_from, normal_email
from folkmoot.people.models import Person, SignInLink, token_hash
from folkmoot.people.models.links import LIVES
from folkmoot.people.models.people import mint_ref


@dataclass(frozen=True)
class Invited:
    """What came of it: the person, the one-time link, whether they are new, whether it was mailed."""

    person: Person
    url: str
    created: bool
    mailed: bool


def invite(
    *, by: Person | None, email: str, name: str = "", team: bool = False, base_url: str = ""
) -> Invited:
    """Make or find the person with that address, and a link that signs them in once within seven days.

    Earlier links of theirs stop working. The link is also mailed where mail is configured. Refuses what is
    not an address, and people who have left.
    """
    email = normal_email(email)
    with transaction.atomic():
        person, created = _person_with(email, name)
        if not person.is_active:
            raise Refused(_("%(name)s has left and cannot be invited.") % {"name": person.name}, "email")
        if team:
            person = appoint_to_programme_team(by=by, person=person)
        url = _fresh_link(person, base_url)
        record("person_invited", by=by, about=person, data={"created": created, "team": team})
    return Invited(person, url, created, mailed=_mailed(by, person, url))


def first_account_link(base_url: str) -> str | None:
    """A fresh link for the first account of the programme team; None once the team has anybody.

    Whoever follows it says there who they are. It stands in logs, so it opens nothing that has an owner.
    """
    if somebody_looks_after_the_programme():
        return None
    with transaction.atomic():
        SignInLink.objects.open().filter(person=None).delete()
        return _fresh_link(None, base_url)


@transaction.atomic
def follow_link(*, token: str, name: str = "", email: str = "") -> Person:
    """Use the link that carries `token`, once and for all, and return whom it signs in.

    Name and address are asked only of the first account. Refuses a link that is unknown, used or expired, and
    one of somebody who has left.
    """
    link = SignInLink.objects.with_token(token).select_for_update(of=("self",)).first()
    if link is None:
        raise Refused(_("This link has been used already, or has expired."))
    if link.person and not link.person.is_active:
        raise Refused(_("According to the directory, %(name)s has left.") % {"name": link.person.name})
    person = link.person or _first_of_the_team(name, email)
    link.used_at = clock.now()
    link.person = person
    link.save(update_fields=["used_at", "person"])
    record("sign_in_link_followed", by=person, about=person)
    return person


@transaction.atomic
def arrive(*, email: str, name: str) -> Person:
    """The person whose address this was shown to be, new in the directory if it is of the organisation.

    Refuses addresses of other domains than the organisation's own.
    """
    email = normal_email(email)
    known = Person.objects.filter(email=email).first()
    if known:
        return known
    if not is_of_the_organisation(email):
        raise Refused(_("This is not an address of the organisation."), "email")
    person, created = _person_with(email, name)
    if created:
        record("person_arrived", by=person, about=person)
    return person


def withdraw_links(*people: int) -> None:
    """Make all open links of the people with these keys useless.

    So it is when they set a password, when their address becomes another one, and when they leave.
    """
    SignInLink.objects.open().filter(person__in=people).delete()


def clear_links() -> None:
    """Remove the links that were used or have expired. That one was followed stands in the ledger."""
    SignInLink.objects.over().delete()


def _first_of_the_team(name: str, email: str) -> Person:
    if somebody_looks_after_the_programme():
        raise Refused(_("The programme team has somebody by now; ask them to invite you."))
    person, _created = _person_with(normal_email(email), name)
    if not person.is_active:
        raise Refused(_("According to the directory, the person with this address has left."), "email")
    return appoint_to_programme_team(by=person, person=person)


def _person_with(email: str, name: str) -> tuple[Person, bool]:
    """The person with that address and whether they are new."""
    name = " ".join(name.split())[:300]
    known = Person.objects.filter(email=email).first()
    if known:
        return known, False
    try:
        with transaction.atomic():
            return Person.objects.create(ref=mint_ref(), email=email, name=name or name_from(email)), True
    except IntegrityError:  # Somebody was quicker.
        return Person.objects.get(email=email), False


def _fresh_link(person: Person | None, base_url: str) -> str:
    if person:
        withdraw_links(person.pk)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    SignInLink.objects.create(
        token_hash=token_hash(token), person=person, created_at=now, expires_at=now + LIVES
    )
    return f"{(base_url or settings.FOLKMOOT_URL).rstrip('/')}{reverse('welcome', args=[token])}"


def _mailed(by: Person | None, person: Person, url: str) -> bool:
    """Whether the link was also sent. That it was made stands in any case."""
    if not mail.is_configured() or not person.email:
        return False
    context = {"person": person, "by": by, "url": url, "days": LIVES.days}
    try:
        mail.send("people/mail/invitation", person.email, context)
    except OSError:
        return False
    return True
