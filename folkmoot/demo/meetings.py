"""Writing what meetings of a block said, what is asked of sponsors, and who comes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from folkmoot.communities.models import Community
from folkmoot.demo.copying import copy
from folkmoot.demo.invention import Block
from folkmoot.demo.invention.meetings import InventedMeeting
from folkmoot.events.models import Answer, Event
from folkmoot.meetings.models import Action, Ask, Decision, Item, Minutes
from folkmoot.people.models import Person

MORNING, NOON = 9 * 60, 12 * 60


def write_meetings(
    block: Block,
    events: Mapping[str, Event],
    people: Mapping[str, Person],
    communities: Mapping[str, Community],
    at: Callable[[date, int], datetime],
) -> None:
    """All of it; `at` makes a moment of a day and the minutes after its midnight."""
    copy(
        [
            Answer(
                event=events[ref],
                person=people[person],
                said=said,
                by=people[person],
                at=at(block.today, MORNING),
            )
            for ref, answers in block.answers.items()
            for person, said in answers
        ]
    )
    items = {
        (meeting.event, place): Item(
            event=events[meeting.event],
            title=title,
            owner=people.get(owner),
            minutes=minutes,
            place=place,
            by=people[meeting.by],
            text=text,
            written_by=people[meeting.by] if text else None,
        )
        for meeting in block.meetings
        for place, (title, owner, minutes, text) in enumerate(meeting.items, start=1)
    }
    copy(list(items.values()))
    _outcomes(block, events, people, items, at)
    copy(
        [
            Ask(
                community=communities[ask.community],
                kind=ask.kind,
                text=ask.text,
                by=people[ask.by],
                at=at(ask.day, MORNING),
            )
            for ask in block.asks
        ]
    )


def _outcomes(
    block: Block,
    events: Mapping[str, Event],
    people: Mapping[str, Person],
    items: Mapping[tuple[str, int], Item],
    at: Callable[[date, int], datetime],
) -> None:
    def item_of(meeting: InventedMeeting, place: int) -> Item:
        return items[meeting.event, min(place, len(meeting.items))]

    copy(
        [
            Decision(
                event=events[meeting.event], item=item_of(meeting, 2), text=text, by=people[meeting.by],
                at=events[meeting.event].ends_at,
            )
            for meeting in block.meetings
            for text in meeting.decisions
        ]
    )  # fmt: skip
    copy(
        [
            Action(
                community=events[meeting.event].community,
                event=events[meeting.event],
                item=item_of(meeting, place),
                text=action.text,
                owner=people[action.owner],
                due=action.due,
                by=people[action.by],
                at=events[meeting.event].ends_at,
                done_at=at(action.done, NOON) if action.done else None,
                done_by=people[action.owner] if action.done else None,
            )
            for meeting in block.meetings
            for place, action in enumerate(meeting.actions, start=1)
        ]
    )
    copy(
        [
            Minutes(event=events[meeting.event], by=people[meeting.by], at=events[meeting.event].ends_at)
            for meeting in block.meetings
            if meeting.is_published
        ]
    )
