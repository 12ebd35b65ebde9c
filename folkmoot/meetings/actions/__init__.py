"""The verbs of meetings."""

from folkmoot.meetings.actions.agenda import (
    add_item,
    begin_usual_agenda,
    change_item,
    move_item,
    order_items,
    remove_item,
    suggest_item,
    take_item,
)
from folkmoot.meetings.actions.asks import answer_ask, ask_sponsor, withdraw_ask
from folkmoot.meetings.actions.briefings import open_briefing, withdraw_briefing
from folkmoot.meetings.actions.minutes import decide, publish_minutes, remove_decision, write_minutes
from folkmoot.meetings.actions.polls import (
    ask_newcomers,
    book,
    close_poll,
    give_up_poll,
    open_poll,
    say_what_suits,
)
from folkmoot.meetings.actions.to_do import change_action, finish_action, give_action, reopen_action

__all__ = [
    "add_item",
    "answer_ask",
    "ask_newcomers",
    "ask_sponsor",
    "begin_usual_agenda",
    "book",
    "change_action",
    "change_item",
    "close_poll",
    "decide",
    "finish_action",
    "give_action",
    "give_up_poll",
    "move_item",
    "open_briefing",
    "open_poll",
    "order_items",
    "publish_minutes",
    "remove_decision",
    "remove_item",
    "reopen_action",
    "say_what_suits",
    "suggest_item",
    "take_item",
    "withdraw_ask",
    "withdraw_briefing",
    "write_minutes",
]
