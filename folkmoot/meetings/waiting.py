"""What waits for somebody's answer: polls for a time, and what leads ask of their sponsor."""

from datetime import date, datetime

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet

from folkmoot.communities.models import Membership
from folkmoot.communities.models.sql import Sql
from folkmoot.core.statements import statement
from folkmoot.events.people import CIRCLES
from folkmoot.meetings.models import Ask, Asked, Mark, Poll, PollQuerySet

TOGETHER = 2  # nobody meets alone: of a poll with fewer answers nothing can be booked
_ASKED = "(SELECT count(*) FROM meetings_asked WHERE poll_id = {0})"
_ANSWERED = """
(SELECT count(DISTINCT mark.person_id) FROM meetings_mark mark JOIN meetings_slot slot ON slot.id = mark.slot_id
 WHERE slot.poll_id = {0})
"""


@statement
def waiting_polls(person: int, on: date, at: datetime) -> PollQuerySet:
    """Those that ask `person` still for a meeting of theirs (`is_for_me`), and those that they may book as a lead.

    `number_asked` and `number_answered` are people.
    """
    marked = Mark.objects.filter(slot__poll=OuterRef("pk"), person=person)
    held, of_mine = Membership.objects.current(on).filter(person=person), Q()
    for kind, roles in CIRCLES.items():
        of_mine |= Q(kind=kind, community__in=held.filter(role__in=roles).values("community"))
    asks_me = Q(Exists(Asked.objects.filter(poll=OuterRef("pk"), person=person))) & ~Q(Exists(marked))
    led = held.leads().values("community")
    counted = Poll.objects.open().annotate(
        is_for_me=asks_me & of_mine,
        number_asked=Sql(_ASKED, "pk", params=(), output_field=IntegerField()),
        number_answered=Sql(_ANSWERED, "pk", params=(), output_field=IntegerField()),
    )
    wanted = Q(is_for_me=True) | Q(community__in=led, number_answered__gte=TOGETHER)
    return (
        counted.filter(wanted, closes_at__gt=at).select_related("community").order_by("closes_at", "id")[:10]
    )


@statement
def waiting_asks(sponsor: int, on: date) -> QuerySet[Ask]:
    """What is asked of the sponsor of the communities that they sponsor, and not answered."""
    held = Membership.objects.current(on).sponsors().filter(person=sponsor).values("community")
    return Ask.objects.open().filter(community__in=held).select_related("community", "by")[:10]
