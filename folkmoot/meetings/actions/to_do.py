"""Giving somebody something to do, and its being done."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.meanwhile import refuse_if_changed
from folkmoot.core.refused import Refused
from folkmoot.events.actions import YEARS
from folkmoot.events.models import Event
from folkmoot.meetings.actions.agenda import held
from folkmoot.meetings.models import Action, Item
from folkmoot.notifications.actions import settle_notices
from folkmoot.people.models import Person


@transaction.atomic
def give_action(
    *,
    by: Person,
    community: Community,
    text: str,
    owner: Person | None,
    due: date | None = None,
    event: Event | None = None,
    item: Item | None = None,
) -> Action:
    """`owner` is to do it by the day `due`. The same given twice, while it is to be done, is one action.

    Refuses a year that nobody means, and a day before that of the meeting; where none gave it, one that has passed.
    """
    text = text.strip()[:500]
    if not text:
        raise Refused(_("Say what is to be done."), "text")
    _check_due(event, due)
    if event is not None:
        held(event)  # before the community: see `held_item`
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    mine = Action.objects.open().filter(community=community, event=event, item=item)
    if (same := mine.filter(text=text, owner=owner, due=due).first()) is not None:
        return same
    action = Action.objects.create(
        community=community, event=event, item=item, text=text, owner=owner, due=due, by=by
    )
    _say("action_given", by, action)
    return action


@transaction.atomic
def change_action(
    *,
    by: Person,
    action: Action,
    text: str,
    owner: Person | None,
    due: date | None,
    seen: Mapping[str, str] | None = None,
) -> Action:
    """Say it otherwise, give it to somebody else, or another day.

    Refuses what is done, and to overwrite what changed since it was `seen` (the marks of `core.meanwhile`).
    """
    action, text = _held(action), text.strip()[:500]
    if not action.is_open:
        raise Refused(_("It is done; open it again first."))
    refuse_if_changed(action, seen, {"text": text, "owner": owner, "due": due})
    if action.due != due:
        _check_due(action.event, due)
    was = action.owner_id
    if action.due != due:
        action.reminded_on = None
    action.text, action.owner, action.due = text, owner, due
    action.save(update_fields=["text", "owner", "due", "reminded_on"])
    if was is not None and action.owner_id != was:
        _settle(action, was)
    _say("action_given" if owner and owner.pk != was else "action_changed", by, action)
    return action


@transaction.atomic
def finish_action(*, by: Person, action: Action, dropped: bool = False) -> Action:
    """It is done, or given up (`dropped`). What is done already stays as it is."""
    action = _held(action)
    if action.is_open:
        action.done_at, action.done_by, action.is_dropped = clock.now(), by, dropped
        action.save(update_fields=["done_at", "done_by", "is_dropped"])
        if action.owner_id is not None:
            _settle(action, action.owner_id)
        _say("action_dropped" if dropped else "action_done", by, action)
    return action


@transaction.atomic
def reopen_action(*, by: Person, action: Action) -> Action:
    """It was not done after all."""
    action = _held(action)
    if not action.is_open:
        action.done_at, action.done_by, action.is_dropped = None, None, False
        action.save(update_fields=["done_at", "done_by", "is_dropped"])
        _say("action_reopened", by, action)
    return action


def _check_due(event: Event | None, due: date | None) -> None:
    if due is None:
        return
    if due.year not in YEARS:
        raise Refused(_("Check the year: %(year)d.") % {"year": due.year}, "due")
    if event is not None and due < event.day:
        raise Refused(_("It would be overdue at once: give a day not before that of the meeting."), "due")
    if event is None and due < today():
        raise Refused(_("It would be overdue at once: give a day that has not passed."), "due")


def _held(action: Action) -> Action:
    actions = Action.objects.select_for_update(of=("self",)).select_related("community", "owner", "event")
    return actions.get(pk=action.pk)


def _settle(action: Action, owner: int) -> None:
    """It waits in their inbox no longer."""
    settle_notices([owner], group__in=[f"action_given:{action.pk}", f"action_overdue:{action.pk}"])


def _say(verb: str, by: Person, action: Action) -> None:
    due = action.due.isoformat() if action.due else None
    data = {"owner": action.owner_id, "due": due, "event": action.event_id}
    record(verb, by=by, about=action, community=action.community, data=data)
