"""Who looks after the programme."""

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.people import mail
from folkmoot.people.models import Person


@transaction.atomic
def appoint_to_programme_team(*, by: Person | None, person: Person) -> Person:
    """Let `person` look after the programme. Refuses who has left, or has no address to sign in with."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not person.is_active:
        raise Refused(_("%(name)s has left and cannot be appointed.") % {"name": person.name}, "person")
    if not person.email:
        raise Refused(
            _("%(name)s has no e-mail address on record and so could not sign in.") % {"name": person.name},
            "person",
        )
    if not person.on_programme_team:
        person.on_programme_team = True
        person.save(update_fields=["on_programme_team"])
        record("programme_team_appointed", by=by, about=person)
    return person


@transaction.atomic
def remove_from_programme_team(*, by: Person | None, person: Person) -> Person:
    """End that `person` looks after the programme. Refuses to leave it without anybody who is still here.

    Refuses also who has been removed meanwhile: of two who remove each other at once, the first succeeds.
    """
    # The whole team is locked in one order, and read again as the last to hold the lock left it.
    team = {each.pk: each for each in Person.objects.programme_team().select_for_update().order_by("pk")}
    if by is not None and by.pk not in team:
        raise Refused(_("You are no longer on the programme team yourself."), "person")
    if person.pk not in team:
        return Person.objects.get(pk=person.pk)
    leaving = team.pop(person.pk)
    if not any(each.is_active for each in team.values()):
        raise Refused(
            _("%(name)s is the last of the programme team. Appoint somebody else first.")
            % {"name": leaving.name},
            "person",
        )
    leaving.on_programme_team = False
    leaving.save(update_fields=["on_programme_team"])
    record("programme_team_removed", by=by, about=leaving)
    return leaving


def somebody_looks_after_the_programme() -> bool:
    """Whether anybody of the programme team is here."""
    return Person.objects.here(clock.today()).programme_team().exists()


def the_team_can_sign_in() -> bool:
    """Whether anybody of the programme team is here and has a password, or gets codes where mail is sent."""
    team = Person.objects.here(clock.today()).programme_team()
    return any(person.has_usable_password() or (mail.is_configured() and person.email) for person in team)
