"""The minutes as one reads them in the letter: what was decided, what its reader is to do, what was said."""

from dataclasses import dataclass
from datetime import date
from textwrap import indent

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator

from folkmoot.calendar.days import today
from folkmoot.core.address import site_address
from folkmoot.core.dates import say_day
from folkmoot.events.models import Event
from folkmoot.meetings.access import action_token, meeting_for
from folkmoot.meetings.models import Action, Decision, Item
from folkmoot.notifications.kinds import Body
from folkmoot.people.models import Person
from folkmoot.ui.dates import local

# In characters: a letter, and the text of one item in it. Whatever stands in it costs some for what is around it.
LONGEST, LONGEST_TEXT, AROUND = 20_000, 2_000, 100


@dataclass(frozen=True)
class Said:
    """A piece of the minutes as far as the letter holds it: `rest` is where one reads on, if that is not all of it.

    `under` is the item of a decision, `due` the day of an action, and `done` the address that says it is done.
    """

    text: str
    title: str = ""
    under: str = ""
    due: str = ""
    done: str = ""
    rest: str = ""

    @property
    def indented(self) -> str:
        """Each line set in, so that none of them can pass for a line of the letter, as the one before a signature."""
        return indent(self.text, "  ")


@dataclass
class Space:
    """How many characters a letter can still take; it `is_short` once something found no room."""

    left: int = LONGEST
    is_short: bool = False

    def take(self, text: str) -> str:
        """As much of the text as there is room for; empty where there is none."""
        self.left -= AROUND
        taken = shorten(text, self.left)
        self.is_short |= taken != text
        self.left -= len(taken)
        return taken


def shorten(text: str, most: int) -> str:
    """The text in at most so many characters; where it is cut, an ellipsis is the last of them."""
    return text if len(text) <= most else Truncator(text).chars(most)


def minutes_to_read(reader: Person, event: int) -> Body | None:
    """The minutes of the meeting of that id for a letter to `reader`; None for whom they are not, or no more.

    Five statements, however much was said.
    """
    try:
        meeting = meeting_for(reader, event).event
    except (Http404, PermissionDenied):
        return None
    space, on = Space(), today()
    # In the order of what matters most, should there be no room for all.
    given = {action.pk: _to_do(action, reader, space, on) for action in _open(meeting, reader)}
    mine = {number: said for number, said in given.items() if said.text}
    decisions = [_decision(decision, space) for decision in _decided(meeting)]
    items = [_item(item, space) for item in _written(meeting)]
    context = {
        "event": meeting,
        "held": date_format(local(meeting.starts_at), "D j M Y, H:i"),
        "mine": list(mine.values()),
        "decisions": [said for said in decisions if said.text],
        "items": [said for said in items if said.text],
        "is_short": space.is_short,
        "url": _page(meeting.pk),
    }
    text, html = (render_to_string(f"meetings/letters/minutes.{form}", context) for form in ("txt", "html"))
    return Body(text, html, frozenset(f"action_given:{number}" for number in mine))


def _open(meeting: Event, reader: Person) -> list[Action]:
    return list(Action.objects.open().filter(event=meeting, owner=reader))


def _decided(meeting: Event) -> list[Decision]:
    decided = Decision.objects.filter(event=meeting).select_related("item")
    return list(decided.order_by(F("item__place").asc(nulls_last=True), "item", "id"))


def _written(meeting: Event) -> list[Item]:
    return list(Item.objects.filter(event=meeting).agenda().exclude(text=""))


def _to_do(action: Action, reader: Person, space: Space, on: date) -> Said:
    path = reverse("action_done", args=[action_token(action, reader.pk)])
    due = say_day(action.due, on) if action.due else ""
    return Said(space.take(_one_line(action.text)), due=due, done=site_address() + path)


def _decision(decision: Decision, space: Space) -> Said:
    under = decision.item.title if decision.item else ""
    return Said(space.take(_one_line(decision.text)), under=_one_line(under))


def _item(item: Item, space: Space) -> Said:
    title, text = space.take(_one_line(item.title)), item.text.strip()
    taken = space.take(shorten(text, LONGEST_TEXT))
    rest = "" if taken == text else f"{_page(item.event_id)}#item-{item.pk}"
    return Said(taken, title=title, rest=rest)


def _page(meeting: int) -> str:
    return site_address() + reverse("meeting_minutes", args=[meeting])


def _one_line(text: str) -> str:
    return " ".join(text.split())
