"""A card, as any program shows it, and which lines of the ledger have one. Rooms above register theirs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from folkmoot.activity.actions import announce
from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.core.address import site_address

TASK = "channels.fan_out"


@dataclass(frozen=True)
class Card:
    """A title, a few words, and the way to it; `path` is one of ours."""

    title: str
    text: str
    path: str

    @property
    def url(self) -> str:
        """Where it leads."""
        return site_address() + self.path


Maker = Callable[[Entry], Card | None]
Summary = Callable[[Community, datetime], list[str]]
WEEK = timedelta(days=7)
_MAKERS: dict[str, Maker] = {}
_SUMMARIES: list[Summary] = []


def register(verbs: Iterable[str], maker: Maker) -> None:
    """Have a card for these verbs; None for a line that is not worth one. Twice is fine."""
    verbs = list(verbs)
    _MAKERS.update(dict.fromkeys(verbs, maker))
    announce(verbs, task=TASK)


def card_of(entry: Entry) -> Card | None:
    """The card of a line of the ledger, if it has one."""
    maker = _MAKERS.get(entry.verb)
    return maker(entry) if maker else None


def summarise(lines: Summary) -> None:
    """Have these lines in every community's weekly summary. Twice is fine."""
    if lines not in _SUMMARIES:
        _SUMMARIES.append(lines)


def summary_of(community: Community, now: datetime) -> Card | None:
    """A community's week; None where there is nothing to say."""
    said = [line for lines in _SUMMARIES for line in lines(community, now)]
    if not said:
        return None
    title = _("This week in %(name)s") % {"name": community.name}
    return Card(title, "\n\n".join(said)[:4000], community.get_absolute_url())


def as_teams(card: Card) -> dict[str, Any]:
    """For Workflows' trigger “When a Teams webhook request is received”: a message with one Adaptive Card (1.4)."""
    body = [
        {"type": "TextBlock", "text": card.title, "weight": "Bolder", "size": "Medium", "wrap": True},
        {"type": "TextBlock", "text": card.text, "wrap": True},
    ]
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [block for block in body if block["text"]],
        "actions": [{"type": "Action.OpenUrl", "title": _("Open"), "url": card.url}],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": content,
    }
    return {"type": "message", "attachments": [attachment]}


def as_slack(card: Card) -> dict[str, Any]:
    """For incoming webhooks as Slack has them, and Mattermost and others after it."""
    text = f"*{_plain(card.title)}*\n{_plain(card.text)}\n<{card.url}|{_('Open')}>"
    return {"text": text}


def _plain(text: str) -> str:
    """The three signs that mean something to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
