"""Holding an event together with another community: it is asked, and hosts once its leads agree."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.events.actions.events import check_hosts
from folkmoot.events.actions.series import Scope, held_with, of_scope
from folkmoot.events.models import Event, Hosting, HostRequest
from folkmoot.notifications.actions import settle_notices
from folkmoot.people.models import Person

AGAIN = timedelta(days=1)


@transaction.atomic
def ask_host(*, by: Person, event: Event, community: Community) -> HostRequest:
    """Ask the leads of `community` to hold the event as well, and with it all of its series that is still to come.

    Asked again after a no, a day later, the question is open again. Refuses meetings, which are a community's own, who
    hosts it already, and what does not take place or is a draft.
    """
    event = Event.objects.held().get(pk=event.pk)
    if not event.is_settled:
        raise Refused(_("It is a draft still, or cancelled: publish it first."), "community")
    if event.is_meeting:
        raise Refused(_("A meeting is one community's own."), "community")
    if event.hostings.filter(community=community).exists():
        raise Refused(_("It holds the event already."), "community")
    with_it = HostRequest.objects.open().filter(community=community, event__in=of_scope(event, Scope.ALL))
    if (waiting := with_it.first()) is not None:
        return waiting
    asked, new = HostRequest.objects.get_or_create(event=event, community=community, defaults={"by": by})
    if not new and asked.answered_at and not asked.agreed and asked.answered_at > clock.now() - AGAIN:
        raise Refused(_("Its leads have just said no. Talk to them, or ask again tomorrow."), "community")
    asked.by, asked.at, asked.answered_at, asked.agreed = by, clock.now(), None, None
    asked.save(update_fields=["by", "at", "answered_at", "agreed"])
    record("host_asked", by=by, about=event, community=community, data={"request": asked.pk})
    return asked


@transaction.atomic
def answer_host_request(*, by: Person, asked: HostRequest, agreed: bool) -> HostRequest:
    """Hold it together, or not; of a series, all that is still to come. What was answered stays answered.

    Refuses to hold what has become a meeting meanwhile, or no longer takes place.
    """
    together = held_with(asked.event, Scope.ALL) if agreed else []
    asked = (
        HostRequest.objects.select_for_update(of=("self",))
        .select_related("event", "community")
        .get(pk=asked.pk)
    )
    if asked.answered_at is not None:
        return asked
    if agreed:
        event = together[0]
        if event.is_meeting:
            raise Refused(_("A meeting is one community's own."))
        if not event.is_settled:
            raise Refused(_("This event does not take place."))
    asked.answered_at, asked.agreed = clock.now(), agreed
    asked.save(update_fields=["answered_at", "agreed"])
    if agreed:
        hostings = [Hosting(event=each, community=asked.community) for each in together if each.is_settled]
        Hosting.objects.bulk_create(hostings, ignore_conflicts=True)
    page = reverse("host_request", args=[asked.community.slug, asked.pk])
    leads = Membership.objects.current(today()).leads().filter(community=asked.community)
    settle_notices(leads.values("person"), kind="host_asked", url=page)
    verb = "host_agreed" if agreed else "host_declined"
    record(verb, by=by, about=asked.event, community=asked.community, data={"asked_by": asked.by_id})
    return asked


@transaction.atomic
def leave_hosting(*, by: Person, event: Event, community: Community) -> int:
    """The community no longer holds it with the others, nor what is still to come of its series; how many those were.

    Of what is over, that one only. Refuses the community that plans it, and the last one of what is for members.
    """
    if event.community_id == community.pk:
        raise Refused(_("It plans the event; cancel that instead."))
    held = held_with(event, Scope.THIS if event.is_over(clock.now()) else Scope.ALL)
    number, _of_each = Hosting.objects.filter(event__in=held, community=community).delete()
    for each in held:
        check_hosts(each)
    if number:
        HostRequest.objects.filter(event__in=held, community=community).delete()
        record("host_left", by=by, about=event, community=community)
    return number
