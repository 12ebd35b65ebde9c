"""Linking a channel, posting to it, and switching it off when it fails."""

from django.db import transaction

from folkmoot.activity.actions import record
from folkmoot.channels.cards import Card, as_slack, as_teams
from folkmoot.channels.models import Channel
from folkmoot.channels.posting import Failed, checked, post
from folkmoot.channels.sealing import opened, sealed
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.people.models import Person

WARN_AT, OFF_AT = 3, 10
_AS = {Channel.Program.TEAMS: as_teams, Channel.Program.SLACK: as_slack}


def link_channel(*, by: Person, community: Community, program: str, address: str) -> Channel:
    """The community's channel from now on. Refuses an address that must not be posted to."""
    parts = checked(address)  # asks the name servers, so not within the transaction
    with transaction.atomic():
        values = {
            "program": program,
            "sealed": sealed(address.strip()),
            "host": parts.hostname or "",
            "linked_by": by,
            "linked_at": clock.now(),
            "failures": 0,
            "why": "",
            "switched_off_at": None,
        }
        channel, _made = Channel.objects.update_or_create(community=community, defaults=values)
        record("channel_linked", by=by, about=channel, community=community)
    return channel


@transaction.atomic
def unlink_channel(*, by: Person, community: Community) -> None:
    """Nothing is posted any more, and the address is forgotten. Doing it twice is fine."""
    channel = Channel.objects.filter(community=community).first()
    if channel is not None:
        record("channel_unlinked", by=by, about=channel, community=community)
        channel.delete()


def post_card(channel: Channel, card: Card) -> None:
    """Post it, and remember how that went. Raises Failed."""
    address = opened(channel.sealed)
    try:
        if address is None:
            raise Failed(
                "The address cannot be read any more: the signing key has changed. Link the channel again."
            )
        post(address, _AS[Channel.Program(channel.program)](card))
    except Failed as failed:
        _failed(channel, str(failed))
        raise
    Channel.objects.filter(pk=channel.pk).update(failures=0, why="", succeeded_at=clock.now())


@transaction.atomic
def _failed(channel: Channel, why: str) -> None:
    """Count it; warn the leads at some, and switch it off at many."""
    channel = Channel.objects.select_for_update(of=("self",)).select_related("community").get(pk=channel.pk)
    channel.failures += 1
    channel.why = why[:300]
    if channel.failures == OFF_AT:
        channel.switched_off_at = clock.now()
    channel.save(update_fields=["failures", "why", "switched_off_at"])
    verb = {WARN_AT: "channel_failing", OFF_AT: "channel_switched_off"}.get(channel.failures)
    if verb:
        record(verb, by=None, about=channel, community=channel.community, data={"why": channel.why})
