"""Who is told of events."""
# ruff: noqa: F811  - fixtures of another module

import pytest

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.events.actions import cancel_event
from folkmoot.events.tests.test_events import _now, data, hold, people  # noqa: F401
from folkmoot.notifications.actions import tell
from folkmoot.notifications.inbox import inbox_of
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
