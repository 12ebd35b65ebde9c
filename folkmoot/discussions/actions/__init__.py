"""The verbs of talk: writing and correcting, reading and reacting, answering, and looking after what is said."""

from folkmoot.discussions.actions.drafts import forget_old_drafts, keep_draft
from folkmoot.discussions.actions.moderating import (
    hide_post,
    lock_thread,
    move_thread,
    report_post,
    settle_reports,
    show_post,
)
from folkmoot.discussions.actions.reading import (
    accept_answer,
    follow_thread,
    react,
    read_all,
    read_thread,
)
from folkmoot.discussions.actions.writing import edit_post, mint_once, remove_post, reply, start_thread

__all__ = [
    "accept_answer",
    "edit_post",
    "follow_thread",
    "forget_old_drafts",
    "hide_post",
    "keep_draft",
    "lock_thread",
    "mint_once",
    "move_thread",
    "react",
    "read_all",
    "read_thread",
    "remove_post",
    "reply",
    "report_post",
    "settle_reports",
    "show_post",
    "start_thread",
]
