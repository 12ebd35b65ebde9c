"""The verbs of events: planning and changing them, hosting, answering, being there, what follows; subscribing."""

from folkmoot.events.actions.afterwards import give_feedback, keep_material, remove_slides
from folkmoot.events.actions.answers import answer, fill_places, invite
from folkmoot.events.actions.attendance import (
    Named,
    check_in,
    record_attendance,
    settle,
    take_report,
    why_not_here,
)
from folkmoot.events.actions.drafts import drop_drafts, publish_drafts
from folkmoot.events.actions.events import (
    LONGEST,
    YEARS,
    cancel_event,
    change_event,
    record_event,
    talk_about,
)
from folkmoot.events.actions.feeds import feeds_of, renew_feed
from folkmoot.events.actions.hosting import answer_host_request, ask_host, leave_hosting
from folkmoot.events.actions.series import (
    Scope,
    answer_series,
    cancel_series,
    change_series,
    plan,
    plan_series,
)

__all__ = [
    "LONGEST",
    "YEARS",
    "Named",
    "Scope",
    "answer",
    "answer_host_request",
    "answer_series",
    "ask_host",
    "cancel_event",
    "cancel_series",
    "change_event",
    "change_series",
    "check_in",
    "drop_drafts",
    "feeds_of",
    "fill_places",
    "give_feedback",
    "invite",
    "keep_material",
    "leave_hosting",
    "plan",
    "plan_series",
    "publish_drafts",
    "record_attendance",
    "record_event",
    "remove_slides",
    "renew_feed",
    "settle",
    "take_report",
    "talk_about",
    "why_not_here",
]
