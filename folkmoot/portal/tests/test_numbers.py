"""Numbers that no page gave out, in forms and addresses: an answer, never an error."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from folkmoot.communities.models import Community
from folkmoot.discussions.tests.world import client_of
from folkmoot.events.actions import record_event
from folkmoot.events.models import Event
from folkmoot.meetings.actions import open_poll
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
NONE = ("9" * 5_000, "9" * 25, "²", "1\x00")


@pytest.fixture
def event(people: dict[str, Person], data: Community) -> Event:
    starts = timezone.now() + timedelta(days=3)
    return record_event(
        by=people["ada"], community=data, kind="sponsor_meeting", starts_at=starts,
        ends_at=starts + timedelta(hours=1), timezone="Europe/London",
    )  # fmt: skip


@pytest.mark.parametrize("number", NONE)
def test_forms_that_name_an_id(people: dict[str, Person], data: Community, event: Event, number: str):
    ada = client_of(people["ada"])
    starts = timezone.now() + timedelta(days=7)
    poll = open_poll(
        by=people["ada"], community=data, kind="core_meeting", times=[(starts, starts + timedelta(hours=1))]
    )
    for address, form in (
        ("/calendars/", {"feed": number}),
        (f"/events/{event.pk}/check-in/", {"shown": number, "there": number}),
        (f"/events/{event.pk}/agenda-order/", {"item": number}),
        (f"/polls/{poll.pk}/", {f"slot-{number}": "yes"}),
        (f"/polls/{poll.pk}/booking/", {"slot": number}),
        ("/communities/data/briefing/link/", {"withdraw": number}),
        ("/communities/data/events/drafts/", {"draft": number}),
        ("/communities/data/threads/draft/", {"thread": number, "once": ""}),
        ("/inbox/blocked/", {"person": number}),
    ):
        assert ada.post(address, form).status_code < 500, address
    assert ada.get("/communities/data/events/new/", {"like": number}).status_code == 200


def test_addresses_of_calendars():
    assert Client().get("/calendars/%00.ics").status_code == 404
    assert Client().get(f"/calendars/{'9' * 1_000}.ics").status_code == 404
