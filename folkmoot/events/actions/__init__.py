"""The verbs of events: recording, correcting and cancelling them, answering, talking, subscribing."""

from folkmoot.events.actions.answers import answer, fill_places, invite
from folkmoot.events.actions.events import cancel_event, change_event, record_event, talk_about
from folkmoot.events.actions.feeds import feed_of, renew_feed
from folkmoot.events.actions.series import Scope, answer_series, cancel_series, change_series, plan_series

__all__ = [
    "Scope",
    "answer",
    "answer_series",
    "cancel_event",
    "cancel_series",
    "change_event",
    "change_series",
    "feed_of",
    "fill_places",
    "invite",
    "plan_series",
    "record_event",
    "renew_feed",
    "talk_about",
]
