"""Of two who need the same rows at once, the second waits for the first: neither waits for each other."""

from collections.abc import Callable
from threading import Event as Sign
from threading import Thread
from time import sleep

import pytest
from django.db import connection, transaction

from folkmoot.communities.models import Community
from folkmoot.events.models import Event
from folkmoot.meetings.actions import add_item, change_item, decide, give_action, write_minutes
from folkmoot.meetings.models import Action, Item
from folkmoot.meetings.tests.world import meeting_of
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
Verb = Callable[[], object]


@pytest.fixture
def item(people: dict[str, Person], data: Community) -> Item:
    return add_item(by=people["ada"], event=meeting_of(people, data, ahead=-1), title="News")


def amid(first: Verb, last: Verb, other: Verb) -> list[Exception]:
    """Both in one transaction, and what somebody else does in between; the errors. A deadlock would be one."""
    begun, errors = Sign(), list[Exception]()

    def one() -> None:
        with transaction.atomic():
            first()
            begun.set()
            sleep(0.5)  # until the other waits for what is held, or holds what is wanted
            last()

    def another() -> None:
        begun.wait(10)
        other()

    def run(verb: Verb) -> None:
        try:
            verb()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(verb,)) for verb in (one, another)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_a_page_of_minutes_is_saved_while_its_item_is_called_otherwise(people: dict[str, Person], item: Item):
    ada, sam, event = people["ada"], people["sam"], item.event
    assert not amid(
        lambda: write_minutes(by=ada, item=item, text="Said."),
        lambda: decide(by=ada, event=event, item=item, text="We go on."),
        lambda: change_item(by=sam, item=item, title="Good news", owner=None, minutes=None),
    )
    item.refresh_from_db()
    assert (item.text, item.title) == ("Said.", "Good news")


def test_two_give_actions_at_a_meeting(people: dict[str, Person], data: Community, item: Item):
    ada, sam, event = people["ada"], people["sam"], Event.objects.get()
    assert not amid(
        lambda: decide(by=ada, event=event, text="We go on."),
        lambda: give_action(by=ada, community=data, text="Ring them", owner=sam),
        lambda: give_action(by=sam, community=data, text="Write to them", owner=ada, event=event),
    )
    assert Action.objects.count() == 2
