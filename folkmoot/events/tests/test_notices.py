"""Who is told of events."""
# ruff: noqa: F811  - fixtures of another module

import pytest

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.events.actions import cancel_event, change_event
from folkmoot.events.models import Answer
from folkmoot.events.tests.test_events import _now, data, hold, people  # noqa: F401
from folkmoot.notifications.actions import tell
from folkmoot.notifications.inbox import inbox_of
from folkmoot.notifications.mailing import due_at_once
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


def told() -> dict[str, list[str]]:
    """What everybody has in their inbox."""
    for entry in Entry.objects.order_by("id"):
        tell(entry)
    found = {person.ref: [group.sentence for group in inbox_of(person.pk)] for person in Person.objects.all()}
    return {ref: sentences for ref, sentences in found.items() if sentences}


def test_members_hear_of_what_is_planned_and_cancelled(people: dict[str, Person], data: Community):
    talk = hold(people["ada"], data, "talk", days=3, title="On trees")
    planned = "Ada planned “On trees”."
    assert told() == {ref: [planned] for ref in ("ben", "cleo", "dan", "eve")}
    cancel_event(by=people["ben"], event=talk)
    assert told()["eve"] == ["Ben cancelled “On trees”.", planned]
    assert Notice.objects.filter(person=people["eve"]).latest("id").url == talk.get_absolute_url()


def test_who_comes_hears_at_once_that_it_is_moved_or_cancelled(people: dict[str, Person], data: Community):
    talk = hold(people["ada"], data, "talk", days=3, title="On trees")
    Answer.objects.create(event=talk, person=people["eve"], said="going")
    change_event(by=people["ada"], event=talk, place="Elsewhere")
    cancel_event(by=people["ada"], event=talk)
    told()
    letters = {
        notice.person.ref: notice.kind
        for entry in Entry.objects.filter(verb__in=["event_corrected", "event_cancelled"]).order_by("id")
        for notice in Notice.objects.filter(pk__in=due_at_once(entry.pk)).select_related("person")
    }
    assert letters == {"eve": "event_called_off"}
    assert Notice.objects.filter(person=people["eve"], kind="event_moved").exists()
    assert set(Notice.objects.filter(kind="event_cancelled").values_list("person__ref", flat=True)) == {
        "ben", "cleo", "dan",
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "who"), [
    ("sponsor_meeting", {"ben", "cleo"}), ("core_meeting", {"ben", "cleo", "dan"}),
])  # fmt: skip
def test_of_meetings_those_in_post_hear(
    people: dict[str, Person],
    data: Community,
    kind: str,
    who: set[str],
):
    hold(people["ada"], data, kind, days=3)
    assert set(told()) == who


def test_nobody_hears_of_what_is_put_on_record_or_is_a_draft(people: dict[str, Person], data: Community):
    hold(people["ada"], data, "talk", days=-3)
    hold(people["ada"], data, "talk", days=3, status="draft")
    assert told() == {}
