"""Links by which a sponsor reads the briefing without signing in."""

from datetime import timedelta

from django.db import transaction

from folkmoot.activity.actions import record
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.events.models import Event
from folkmoot.meetings.models import BriefingLink
from folkmoot.people.models import Person

LIVES_ON = timedelta(days=7)  # after the meeting, to answer what was asked


@transaction.atomic
def open_briefing(*, by: Person | None, event: Event, community: Community, person: Person) -> BriefingLink:
    """A link for `person` to the briefing before `event`; the one there is, where it still opens it.

    It is in the ledger, which has it sent. Done twice, there is one.
    """
    Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    links = BriefingLink.objects.open(clock.now()).filter(event=event, person=person)
    if (link := links.first()) is not None:
        return link
    BriefingLink.objects.filter(event=event, person=person, withdrawn_at=None).update(
        withdrawn_at=clock.now()
    )
    link = BriefingLink.objects.create(
        event=event, community=community, person=person, expires_at=event.ends_at + LIVES_ON
    )
    data = {"link": link.pk, "person": person.pk}
    record("briefing_ready", by=by, about=event, community=community, data=data)
    return link


@transaction.atomic
def withdraw_briefing(*, by: Person, link: BriefingLink) -> None:
    """From now on the link opens nothing."""
    if link.withdrawn_at is None:
        link.withdrawn_at = clock.now()
        link.save(update_fields=["withdrawn_at"])
        data = {"person": link.person_id}
        record("briefing_withdrawn", by=by, about=link.event, community=link.community, data=data)
