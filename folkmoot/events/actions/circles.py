"""Whose meeting it is changes with who is in post: who comes into it is invited, who leaves it is no longer."""

from django.db import transaction

from folkmoot.calendar.days import today
from folkmoot.communities.models import Membership
from folkmoot.core import clock
from folkmoot.events.actions.answers import answer, invite
from folkmoot.events.models import MEETINGS, Answer, Event, Said
from folkmoot.events.people import CIRCLES


@transaction.atomic
def follow_circle(*, community: int, person: int) -> None:
    """Bring what a person (id) is invited to in step with their roles of today: the community's meetings to come.

    Whose invitation a lead took back, or who said no, is not invited again.
    """
    held = Membership.objects.current(today()).filter(community=community, person=person)
    roles = set(held.values_list("role", flat=True))
    coming = Event.objects.settled().filter(hostings__community=community, kind__in=MEETINGS)
    answers = {each.event_id: each for each in Answer.objects.filter(person=person).select_related("person")}
    for event in coming.filter(starts_at__gt=clock.now()).order_by("pk"):
        mine = answers.get(event.pk)
        if not roles & set(CIRCLES[event.kind]):
            if mine is not None and mine.said != Said.NO:
                answer(by=None, event=event, said=Said.NO, person=mine.person, note=None)
        else:
            invite(by=None, event=event, people=[person], of_series=event.series_id is not None)
