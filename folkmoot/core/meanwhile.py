"""Nobody overwrites unseen what somebody else wrote meanwhile.

A form carries a mark of every value that it showed, and gives the marks to its action, which compares them once
it holds the lock.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.forms.models import model_to_dict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from folkmoot.core.refused import Refused


class Changed(Refused):
    """What a form showed has changed since. `now` is {field: what it says now}, `marks` those to save it by."""

    def __init__(self, now: dict[str, str], marks: dict[str, str]) -> None:
        super().__init__(
            _(
                "Somebody changed this meanwhile, or you did elsewhere. What you typed is here and not saved yet: "
                "compare it with what the marked fields say now, then save again."
            )
        )
        self.now = now
        self.marks = marks


def mark(value: Any) -> str:
    """A short digest of a value as the database gives it."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


def marks(row: Model, fields: Collection[str]) -> dict[str, str]:
    """{field: mark} of these fields of a row."""
    return {name: mark(value) for name, value in model_to_dict(row, fields).items()}


def refuse_if_changed(row: Model, seen: Mapping[str, str] | None, changes: Mapping[str, Any]) -> None:
    """Refuse `changes` to the locked `row` where a field differs from what was `seen` and from what is wanted.

    None was seen by what shows nothing first, such as a command.
    """
    shown = [name for name in changes if name in (seen or {})]
    fresh = marks(row, shown)
    lost = [
        name for name in shown if fresh[name] != (seen or {})[name] and getattr(row, name) != changes[name]
    ]
    if lost:
        raise Changed({name: _said(row, name) for name in lost}, fresh)


def _said(row: Model, name: str) -> str:
    """What a field says, as a person would read it."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, datetime):
        return date_format(localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return "" if value is None else str(value)
