"""Posting to channels, beside the web server."""

from procrastinate.contrib.django import app

from folkmoot.activity.models import Entry
from folkmoot.channels.actions import post_card
from folkmoot.channels.cards import TASK, card_of
from folkmoot.channels.models import Channel
from folkmoot.channels.posting import Failed
from folkmoot.notifications.tasks import GrowingGaps


@app.task(name=TASK)
def fan_out(*, entry: int) -> None:
    """Have the card of a line of the ledger posted, where its community has a channel that works."""
    found = Entry.objects.filter(pk=entry).first()
    channel = Channel.objects.working().filter(community=found.community_id).first() if found else None
    if channel is not None:
        post_entry.defer(entry=entry)


@app.task(name="channels.post", retry=GrowingGaps(most=8))
def post_entry(*, entry: int) -> None:
    """Post one card; tried again for some hours, unless the channel is switched off meanwhile."""
    found = Entry.objects.get(pk=entry)
    channel = Channel.objects.working().filter(community=found.community_id).first()
    card = card_of(found)
    if channel is None or card is None:
        return
    try:
        post_card(channel, card)
    except Failed:
        channel.refresh_from_db()
        if not channel.is_off:
            raise
