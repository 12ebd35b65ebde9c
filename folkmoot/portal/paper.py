"""The briefing on paper: one page of A4, set by typst."""

import json
import re
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.health.findings import Finding
from folkmoot.portal.briefing import Briefing, Gathering

FEW = 6  # of what is asked
_LONG = re.compile(r"\S{25,}")
_SHEET = (Path(__file__).parent / "briefing.typ").read_text(encoding="utf-8")


def as_pdf(briefing: Briefing) -> bytes:
    """The page as PDF. What people wrote reaches it as data, never as markup."""
    said = json.dumps(_said(briefing), ensure_ascii=False)
    return bytes(typst.compile(_SHEET.encode(), sys_inputs={"briefing": said}))


def _said(briefing: Briefing) -> dict[str, Any]:
    """All that is printed: plain texts."""
    meeting = briefing.meeting
    said = {
        "site": settings.FOLKMOOT_ORGANISATION or "Folkmoot",
        "community": briefing.community.name,
        "heading": _("Briefing for the sponsor"),
        "meeting": f"{meeting.starts:%A %-d %B %Y, %H:%M}, {meeting.place or meeting.online_url}".rstrip(", ")
        if meeting
        else _("No meeting is booked."),
    }
    columns = [
        [[breakable(heading), [breakable(line) for line in lines]] for heading, lines in column if lines]
        for column in (_left(briefing), _right(briefing))
    ]
    return {key: breakable(value) for key, value in said.items()} | {"columns": columns}


def breakable(text: str) -> str:
    """The same, with places at which a word too long for a column may be broken."""
    return _LONG.sub(lambda word: "\u200b".join(word.group()), text)


def _left(briefing: Briefing) -> list[tuple[str, list[str]]]:
    """What is wanted, and what to speak of."""
    asked = [f"{ask.get_kind_display()}: {_short(ask.text)}" for ask in briefing.asks[:FEW]]
    return [
        (_("Asked of you"), asked + _more(len(briefing.asks) - FEW)),
        (_("To speak of"), briefing.points),
    ]


def _right(briefing: Briefing) -> list[tuple[str, list[str]]]:
    """How it stands, who belongs to it, what was done and what is coming."""
    findings = briefing.health.findings if briefing.health else ()
    since = [_gathering(each) for each in briefing.gatherings] + _more(briefing.gatherings_more)
    since += [_("Decided: %(what)s") % {"what": _short(decision.text)} for decision in briefing.decisions]
    coming = [f"{event.starts:%-d %b}: {event.title}" for event in briefing.coming]
    return [
        (_("Where it stands"), [*(_standing(finding) for finding in findings), briefing.reach]),
        (_("Since %(day)s") % {"day": date_format(briefing.since, "j F")}, [*since, briefing.to_do]),
        (_("Coming"), coming + _more(briefing.coming_more)),
    ]


def _more(number: int) -> list[str]:
    """How many there is no room for."""
    return [ngettext("and one more", "and %(n)d more", number) % {"n": number}] if number > 0 else []


def _standing(finding: Finding) -> str:
    """“Sponsor meeting: due soon (by 4 Dec)”."""
    label = str(finding.status.label)
    said = f"{finding.commitment.title}: {label.lower()}"
    return said if finding.short == label else f"{said} ({finding.short})"


def _short(text: str) -> str:
    """Enough of it for paper."""
    return Truncator(text).chars(220)


def _gathering(each: Gathering) -> str:
    day, people = f"{each.event.starts:%-d %b}: {each.event.title}", each.people
    return f"{day} ({_('%(n)d there') % {'n': people}})" if people else day
