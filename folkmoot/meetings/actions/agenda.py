"""Making an agenda: what is spoken of, in which order, by whom and for how long."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.activity.actions import record
from folkmoot.core import clock
from folkmoot.core.meanwhile import refuse_if_changed
from folkmoot.core.refused import Refused
from folkmoot.events.models import Event, Kind
from folkmoot.meetings.models import Item, Minutes
from folkmoot.people.models import Person

MOST, MOST_SUGGESTED = 60, 5  # suggestions of one person that nobody has looked at yet
TAKEN_OFF = gettext_lazy(
    "Somebody took this off the agenda meanwhile. Add it again if you want to speak of it."
)
# What such a meeting usually speaks of, with the minutes.
USUAL = {
    Kind.SPONSOR_MEETING.value: (
        (gettext_lazy("What happened since last time"), 15),
        (gettext_lazy("What we ask, and decisions wanted"), 15),
        (gettext_lazy("What is coming"), 15),
        (gettext_lazy("Anything else"), 15),
    ),
    Kind.CORE_MEETING.value: (
        (gettext_lazy("News from the practice area"), 10),
        (gettext_lazy("How our projects and events go"), 15),
        (gettext_lazy("Ideas for what to do next"), 25),
        (gettext_lazy("Anything else"), 10),
    ),
}


@transaction.atomic
def begin_usual_agenda(*, by: Person, event: Event) -> None:
    """Put on it what such a meeting usually speaks of, where nothing is yet; what members suggest stays beside it."""
    if not held(event).agenda_items.agenda().exists():
        for title, minutes in USUAL[event.kind]:
            _added(by, event, str(title), minutes=minutes)


@transaction.atomic
def add_item(
    *, by: Person, event: Event, title: str, owner: Person | None = None, minutes: int | None = None
) -> Item:
    """Put something on the agenda, at its end. Refuses more than anybody could speak of."""
    return _added(by, event, title, owner=owner, minutes=minutes)


@transaction.atomic
def suggest_item(*, by: Person, event: Event, title: str, minutes: int | None = None) -> Item:
    """Suggest something to speak of; those who run the meeting take it in, or do not.

    Refuses once it is over, and more at a time than one person's share.
    """
    if event.is_over(clock.now()) or Minutes.objects.filter(event=event).exists():
        raise Refused(_("The meeting is over: suggest it for the next one."))
    if held(event).agenda_items.filter(is_suggestion=True, by=by).count() >= MOST_SUGGESTED:
        raise Refused(
            _("Your suggestions so far come first: the leads have not looked at them yet."), "title"
        )
    item = _added(by, event, title, owner=by, minutes=minutes, is_suggestion=True)
    record("item_suggested", by=by, about=event, community=event.community, data={"item": item.title})
    return item


def _added(by: Person, event: Event, title: str, **fields: object) -> Item:
    event = held(event)
    if event.agenda_items.count() >= MOST:
        raise Refused(_("No meeting gets through more than %(most)d items.") % {"most": MOST}, "title")
    last = event.agenda_items.order_by("-place").values_list("place", flat=True).first()
    return Item.objects.create(event=event, title=title.strip()[:200], by=by, place=(last or 0) + 1, **fields)


@transaction.atomic
def take_item(*, by: Person, item: Item) -> Item:
    """Take in what a member suggested. What stands on the agenda already stays there. Refuses what was taken off."""
    item = held_item(item)
    if item.is_suggestion:
        item.is_suggestion = False
        item.save(update_fields=["is_suggestion"])
        data = {"item": item.title, "by": item.by_id}
        record("item_taken_in", by=by, about=item.event, community=item.event.community, data=data)
    return item


@transaction.atomic
def change_item(
    *,
    by: Person,
    item: Item,
    title: str,
    owner: Person | None,
    minutes: int | None,
    seen: Mapping[str, str] | None = None,
) -> Item:
    """Call it otherwise, or give it to somebody else, or another length.

    Refuses what was taken off, and to overwrite what changed since it was `seen` (the marks of `core.meanwhile`).
    """
    item, title = held_item(item), title.strip()[:200]
    refuse_if_changed(item, seen, {"title": title, "owner": owner, "minutes": minutes})
    item.title, item.owner, item.minutes = title, owner, minutes
    item.save(update_fields=["title", "owner", "minutes"])
    return item


@transaction.atomic
def remove_item(*, by: Person, item: Item) -> None:
    """Take it off the agenda. Refuses where something was written under it, which would be lost."""
    held(item.event)
    found = Item.objects.select_for_update().filter(pk=item.pk).first()
    if found is None:
        return
    if found.text or found.decisions.exists() or found.to_do.exists():
        raise Refused(_("Something was written under it. Empty that first, or leave it where it is."))
    found.delete()


@transaction.atomic
def move_item(*, by: Person, item: Item, up: bool) -> bool:
    """One place up or down; at the end of the list it stays. Whether it can go further that way."""
    order = list(held(item.event).agenda_items.agenda().values_list("pk", flat=True))
    if item.pk not in order:
        return False
    at = order.index(item.pk)
    order.insert(max(0, at - 1) if up else at + 1, order.pop(at))
    _write_order(order)
    return order[0 if up else -1] != item.pk


@transaction.atomic
def order_items(*, by: Person, event: Event, order: Sequence[int]) -> None:
    """The items in this order; those that it does not name follow as they stood."""
    known = list(held(event).agenda_items.agenda().values_list("pk", flat=True))
    named = [pk for pk in dict.fromkeys(order) if pk in known]
    _write_order(named + [pk for pk in known if pk not in named])


def _write_order(order: Sequence[int]) -> None:
    Item.objects.bulk_update([Item(pk=pk, place=place) for place, pk in enumerate(order, 1)], ["place"])


def held_item(item: Item) -> Item:
    """The item as it stands, held for the transaction. Refuses what was taken off.

    Whoever needs several holds first the meeting, then the item, then the community: so nobody waits for each other.
    """
    held(item.event)
    items = Item.objects.select_for_update(of=("self",)).select_related("event__community", "owner")
    found = items.filter(pk=item.pk).first()
    if found is None:
        raise Refused(str(TAKEN_OFF))
    return found


def held(event: Event) -> Event:
    """The meeting, held for the transaction: two who order its agenda do it one after the other."""
    return Event.objects.held().get(pk=event.pk)
