"""The verbs of events: recording, correcting and cancelling them, answering, talking, subscribing."""

from folkmoot.events.actions.answers import answer, fill_places, invite
from folkmoot.events.actions.events import cancel_event, change_event, record_event, talk_about
from folkmoot.events.actions.feeds import feed_of, renew_feed

__all__ = [
    "answer",
    "cancel_event",
    "change_event",
    "feed_of",
    "fill_places",
    "invite",
    "record_event",
    "renew_feed",
    "talk_about",
]
