"""The briefing on paper: one page of A4, set by typst."""

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from folkmoot.portal.briefing import Briefing

FEW = 6  # of what is asked
_SHEET = (Path(__file__).parent / "briefing.typ").read_text(encoding="utf-8")


def as_pdf(briefing: Briefing) -> bytes:
    """The page as PDF. What people wrote reaches it as data, never as markup."""
    said = json.dumps(_said(briefing), ensure_ascii=False)
    return bytes(typst.compile(_SHEET.encode(), sys_inputs={"briefing": said}))


def _said(briefing: Briefing) -> dict[str, Any]:
    """All that is printed: plain texts."""
    meeting = briefing.meeting
    return {
        "site": settings.FOLKMOOT_ORGANISATION or "Folkmoot",
        "community": briefing.community.name,
        "heading": _("Briefing for the sponsor"),
        "meeting": f"{meeting.starts:%A %-d %B %Y, %H:%M}, {meeting.place or meeting.online_url}".rstrip(", ")
        if meeting
        else _("No meeting is booked."),
        "columns": [
            [[str(heading), lines] for heading, lines in column if lines]
            for column in (_left(briefing), _right(briefing))
        ],
    }


def _left(briefing: Briefing) -> list[tuple[str, list[str]]]:
    """What is to be spoken of, asked and was done."""
    counted = {"done": briefing.done, "open": briefing.open_actions, "late": len(briefing.overdue)}
    since = [_gathering(each) for each in briefing.gatherings]
    since += [_("Decided: %(what)s") % {"what": _short(decision.text)} for decision in briefing.decisions]
    since += [_("%(done)d actions done, %(open)d open, %(late)d of them overdue.") % counted]
    asked = [f"{ask.get_kind_display()}: {_short(ask.text)}" for ask in briefing.asks[:FEW]]
    return [
        (_("To speak of"), briefing.points),
        (_("Asked of you"), asked),
        (_("Since %(day)s") % {"day": date_format(briefing.since, "j F")}, since),
    ]


def _right(briefing: Briefing) -> list[tuple[str, list[str]]]:
    """How it stands, what is coming, and who belongs to it."""
    figures = briefing.figures
    counted = {"people": figures.people, "units": figures.units, "joined": briefing.joined}
    return [
        (_("Against the charter"), [finding.evidence for finding in briefing.findings]),
        (_("Coming"), [f"{event.starts:%-d %b}: {event.title}" for event in briefing.coming]),
        (
            _("Members and reach"),
            [_("%(people)d members of %(units)d units; %(joined)d of them are new.") % counted],
        ),
    ]


def _short(text: str) -> str:
    """Enough of it for paper."""
    return Truncator(text).chars(220)


def _gathering(each: Any) -> str:
    day, people = f"{each.event.starts:%-d %b}: {each.event.title}", each.people
    return f"{day} ({_('%(n)d there') % {'n': people}})" if people else day
