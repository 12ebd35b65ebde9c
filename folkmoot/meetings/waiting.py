"""What waits for somebody's answer: polls for a time, and what leads ask of their sponsor."""

from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from folkmoot.communities.models import Membership
from folkmoot.core.statements import statement
from folkmoot.events.people import CIRCLES
from folkmoot.meetings.models import Ask, Asked, Mark, Poll, PollQuerySet
from folkmoot.people.models import Person

TOGETHER = 2  # nobody meets alone: of a poll with fewer answers nothing can be booked


@statement
def waiting_polls(person: int, on: date, at: datetime) -> PollQuerySet:
    """Those that ask `person` still (`is_for_me`), and in communities they lead those of which a time may be booked.

    `number_asked` and `number_answered` are people, of those whose meeting it still is: see `Poll.circle`.
    """
    held, of_circle = Membership.objects.current(on).filter(person=OuterRef("person")), Q()
    for kind, roles in CIRCLES.items():
        is_theirs = Exists(held.filter(community=OuterRef("poll__community"), role__in=roles))
        of_circle |= Q(is_theirs, poll__kind=kind)
    here = Person.objects.here(on).filter(pk=OuterRef("person"))
    asked = Asked.objects.filter(of_circle, Exists(here), poll=OuterRef("pk"))
    marked = Exists(Mark.objects.filter(slot__poll=OuterRef("poll"), person=OuterRef("person")))
    led = Membership.objects.current(on).leads().filter(person=person).values("community")
    counted = Poll.objects.open().annotate(
        is_for_me=Exists(asked.filter(~marked, person=person)),
        number_asked=_number_of(asked),
        number_answered=_number_of(asked.filter(marked)),
    )
    wanted = Q(is_for_me=True) | Q(community__in=led, number_answered__gte=TOGETHER)
    return (
        counted.filter(wanted, closes_at__gt=at).select_related("community").order_by("closes_at", "id")[:10]
    )


def _number_of(asked: QuerySet[Asked]) -> Coalesce:
    return Coalesce(Subquery(asked.values("poll").annotate(number=Count("pk")).values("number")), 0)


@statement
def waiting_asks(sponsor: int, on: date) -> QuerySet[Ask]:
    """What is asked of the sponsor of the communities that they sponsor, and not answered."""
    held = Membership.objects.current(on).sponsors().filter(person=sponsor).values("community")
    return Ask.objects.open().filter(community__in=held).select_related("community", "by")[:10]
