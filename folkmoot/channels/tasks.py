"""Posting to channels, beside the web server."""

from typing import Any

from procrastinate.contrib.django import app

from folkmoot.activity.models import Entry
from folkmoot.calendar.working import next_working_moment
from folkmoot.channels.actions import post_card
from folkmoot.channels.cards import TASK, card_of, summary_of
from folkmoot.channels.models import Channel
from folkmoot.channels.posting import Failed
from folkmoot.core import clock
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


@app.periodic(cron="5 9 * * 1")
@app.task(name="channels.find_summaries", queueing_lock="channels.find_summaries")
def find_summaries(timestamp: int | None = None) -> None:
    """Have every channel's weekly summary posted, on Monday mornings; after a closure, when people are back."""
    jobs: list[dict[str, Any]] = [
        {"channel": pk} for pk in Channel.objects.working().values_list("pk", flat=True)
    ]
    if jobs:
        post_summary.configure(schedule_at=next_working_moment(clock.now())).batch_defer(*jobs)


@app.task(name="channels.post_summary", retry=GrowingGaps(most=8))
def post_summary(*, channel: int) -> None:
    """Post what a community's week was and will be; never an empty one. Tried again as above."""
    found = Channel.objects.working().filter(pk=channel).select_related("community").first()
    card = summary_of(found.community, clock.now()) if found else None
    if found is None or card is None:
        return
    try:
        post_card(found, card)
    except Failed:
        found.refresh_from_db()
        if not found.is_off:
            raise
