"""Links by which a sponsor reads the briefing without signing in."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.events.models import Event
from folkmoot.meetings.models import BriefingLink
from folkmoot.people.models import Person

TWICE = timedelta(minutes=10)


@transaction.atomic
def open_briefing(*, by: Person | None, event: Event, community: Community, person: Person) -> BriefingLink:
    """A link for `person` to the briefing before `event`; where there is one, that one.

    A line in the ledger has it sent, again where it was sent before; a button that is pushed twice sends it once.
    Refuses a meeting that does not take place.
    """
    event, now = Event.objects.held().get(pk=event.pk), clock.now()
    if not event.is_settled:
        raise Refused(_("This meeting does not take place."))
    mine = BriefingLink.objects.filter(event=event, person=person, withdrawn_at=None)
    link, new = mine.get_or_create(
        event=event, person=person, withdrawn_at=None, defaults={"community": community, "made_at": now}
    )
    if not new and link.made_at > now - TWICE:
        return link
    mine.update(made_at=now)
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
