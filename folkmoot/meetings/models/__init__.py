"""Items of an agenda, minutes, decisions, actions; polls for a day; asks of the sponsor and the briefing's secret."""

from folkmoot.meetings.models.actions import Action, ActionQuerySet
from folkmoot.meetings.models.agenda import Decision, Item, ItemQuerySet, Minutes
from folkmoot.meetings.models.briefings import (
    Ask,
    AskQuerySet,
    BriefingLink,
    BriefingLinkQuerySet,
    sponsor_meetings,
)
from folkmoot.meetings.models.polls import Asked, Mark, Poll, PollQuerySet, Slot, Suits, held_in_circle

__all__ = [
    "Action",
    "ActionQuerySet",
    "Ask",
    "AskQuerySet",
    "Asked",
    "BriefingLink",
    "BriefingLinkQuerySet",
    "Decision",
    "Item",
    "ItemQuerySet",
    "Mark",
    "Minutes",
    "Poll",
    "PollQuerySet",
    "Slot",
    "Suits",
    "held_in_circle",
    "sponsor_meetings",
]
