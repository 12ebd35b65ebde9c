"""Whose meeting it is changes with who is in post: who comes into it is invited, who leaves it is no longer."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership
from folkmoot.core import clock
from folkmoot.events.actions.answers import answer, invite
from folkmoot.events.models import MEETINGS, Answer, Event, Said
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
    coming = Event.objects.settled().filter(hostings__community=community, kind__in=MEETINGS)
    answers = {each.event_id: each for each in Answer.objects.filter(person=person).select_related("person")}
    for event in coming.filter(starts_at__gt=clock.now()).order_by("pk"):
        mine, circle = answers.get(event.pk), set(CIRCLES[event.kind])
        if roles & circle:
            invite(by=None, event=event, people=[person], of_series=event.series_id is not None)
        elif circle & set(ended) and mine and mine.said != Said.NO and not _is_invited_since(mine, at):
            answer(by=None, event=event, said=Said.NO, person=mine.person, note=None)


def _is_invited_since(mine: Answer, at: datetime | None) -> bool:
    return at is not None and mine.at > at and mine.by_id not in {None, mine.person_id}
