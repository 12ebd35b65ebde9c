"""Whose meeting it is changes with who is in post: who comes into it is invited, who leaves it is no longer."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import TypeGuard

from django.db import transaction

from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.events.actions.answers import answer, invite
from folkmoot.events.models import MEETINGS, Answer, Event, Said, Status
from folkmoot.events.people import CIRCLES


@transaction.atomic
def follow_circle(
    *, community: int, person: int, ended: Collection[str] = (), at: datetime | None = None
) -> None:
    """Bring what a person (id) is invited to in step with their roles of today: the community's meetings to come.

    Roles that `ended` at the moment `at` take with them what was theirs by these, but not an invitation that somebody
    has given them since, or to what another role or nothing made theirs. Whose invitation a lead took back, or who said
    no, is not invited again.
    """
    held = Membership.objects.current(today()).filter(community=community, person=person)
    roles = set(held.values_list("role", flat=True))
    # What is cancelled may be brought back, and is nobody's then whose it is not any more.
    coming = Event.objects.exclude(status=Status.DRAFT).filter(
        hostings__community=community, kind__in=MEETINGS
    )
    answers = {each.event_id: each for each in Answer.objects.filter(person=person).select_related("person")}
    for event in coming.filter(starts_at__gt=clock.now()).order_by("pk"):
        mine, circle = answers.get(event.pk), set(CIRCLES[event.kind])
        if roles & circle and event.is_settled:
            with suppress(Refused):  # it was cancelled meanwhile
                invite(by=None, event=event, people=[person], of_series=event.series_id is not None)
        elif not roles & circle and circle & set(ended) and _has_still(mine, at):
            answer(by=None, event=event, said=Said.NO, person=mine.person, note=None)


def _has_still(mine: Answer | None, at: datetime | None) -> TypeGuard[Answer]:
    """Whether they are invited, and not by name since the moment `at`."""
    if mine is None or mine.said == Said.NO:
        return False
    return at is None or mine.at <= at or mine.by_id in {None, mine.person_id}
