"""Writing down what a meeting said and decided, and giving it to whom it concerns."""

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.core import clock
from folkmoot.core.meanwhile import refuse_if_changed
from folkmoot.core.refused import Refused
from folkmoot.events.models import Event
from folkmoot.meetings.actions.agenda import held, held_item
from folkmoot.meetings.models import Decision, Item, Minutes
from folkmoot.people.models import Person


@transaction.atomic
def write_minutes(
    *, by: Person, item: Item, text: str, seen: dict[str, str] | None = None, sent: str = ""
) -> Item:
    """What is written under an item, as one types. Where the minutes are out, the ledger keeps both.

    Raises Changed where somebody else wrote meanwhile something that was not `seen` (the mark of `core.meanwhile`), nor
    `sent` by the same page before, which may have gone without having heard of its being saved. Refuses what was taken
    off the agenda.
    """
    item, text = held_item(item), text.replace("\r\n", "\n")[:50_000]
    if item.text != sent:
        refuse_if_changed(item, seen, {"text": text})
    if item.text != text:
        was, item.text, item.written_by = item.text, text, by
        item.save(update_fields=["text", "written_by"])
        if Minutes.objects.filter(event=item.event_id).exists():
            event, data = item.event, {"item": item.title, "was": was, "text": text}
            record("minutes_changed", by=by, about=event, community=event.community, data=data)
    return item


@transaction.atomic
def decide(*, by: Person, event: Event, text: str, item: Item | None = None) -> Decision:
    """Put on record what was decided. The same again, as from a form that is sent twice, is one decision."""
    held(event)
    text = text.strip()[:2000]
    if not text:
        raise Refused(_("Say what was decided."), "text")
    return Decision.objects.get_or_create(event=event, item=item, text=text, defaults={"by": by})[0]


@transaction.atomic
def remove_decision(*, by: Person, decision: Decision) -> None:
    """It was not decided after all. The ledger keeps what it said, where the minutes are out."""
    if Minutes.objects.filter(event=decision.event_id).exists():
        event, data = decision.event, {"text": decision.text}
        record("decision_removed", by=by, about=event, community=event.community, data=data)
    decision.delete()


@transaction.atomic
def publish_minutes(*, by: Person, event: Event) -> Minutes:
    """Give the minutes to those whose meeting it was, who are told. Again, it goes on record that they were corrected.

    Refuses before it has begun, and where there is nothing to give.
    """
    event = held(event)
    if event.starts_at > clock.now():
        raise Refused(_("The meeting has not begun: its minutes are published once it has."))
    written = event.agenda_items.agenda().exclude(text="").exists()
    if not (written or event.decisions.exists() or event.to_do.exists()):
        raise Refused(_("Nothing is written down yet: no minutes, no decision, no action."))
    minutes, first = Minutes.objects.get_or_create(event=event, defaults={"by": by})
    verb = "minutes_published" if first else "minutes_corrected"
    record(verb, by=by, about=event, community=event.community, data={"minutes": minutes.pk})
    return minutes
