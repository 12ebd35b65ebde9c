"""Talking about an event, in the community that plans it."""

from datetime import UTC, datetime, timedelta

import pytest

from folkmoot.communities.models import Community
from folkmoot.discussions.models import Thread
from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.actions import record_event, talk_about
from folkmoot.events.models import Event
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Person]:
    known = {"created_at": datetime(2024, 1, 8, tzinfo=UTC)}
    return {
        name: Person.objects.create(ref=name, name=name.title(), **known)
        for name in ("ada", "dan", "eve", "fay")
    }


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    return community_of(people, inside="members")


def event_of(
    people: dict[str, Person], community: Community | None, kind: str = "talk", status: str = ""
) -> Event:
    starts = datetime.now(UTC) + timedelta(days=3)
    return record_event(
        by=people["ada"], community=community, kind=kind, title="Charts in an hour", starts_at=starts,
        ends_at=starts + timedelta(hours=1), timezone="Europe/London", status=status,
    )  # fmt: skip


def test_the_first_word_about_an_event_begins_its_thread(people: dict[str, Person], data: Community):
    event = event_of(people, data)
    here, dan = f"/events/{event.pk}/thread/", client_of(people["dan"])
    assert "Ask or say something about it" in dan.get(event.get_absolute_url()).content.decode()
    assert dan.get(here).status_code == 200
    assert dan.post(here, {"text": " "}).status_code == 422
    answer = dan.post(here, {"text": "Is it recorded?"})
    thread = Thread.objects.get()
    assert answer.headers["Location"] == thread.get_absolute_url()
    assert (thread.title, thread.community, thread.posts) == ("Charts in an hour", data, 1)
    talk_about(by=people["eve"], event=event, text="It is.")
    assert Thread.objects.get().posts == 2
    assert dan.get(here).headers["Location"] == thread.get_absolute_url()
    assert "2 posts about it" in dan.get(event.get_absolute_url()).content.decode()


def test_who_may_not_look_inside_does_not_come_to_the_thread(people: dict[str, Person], data: Community):
    here = f"/events/{event_of(people, data).pk}/thread/"
    assert client_of(people["fay"]).get(here).status_code == 403
    page = client_of(people["fay"]).get(Event.objects.get().get_absolute_url()).content.decode()
    assert "say something about it" not in page
    talk_about(by=people["dan"], event=Event.objects.get(), text="Hello")
    assert client_of(people["fay"]).get(here).status_code == 403


@pytest.mark.parametrize(
    ("kind", "status"), [("core_meeting", ""), ("sponsor_meeting", ""), ("talk", "draft")]
)
def test_meetings_and_drafts_have_no_thread(
    people: dict[str, Person], data: Community, kind: str, status: str
):
    event = event_of(people, data, kind, status)
    assert client_of(people["ada"]).get(f"/events/{event.pk}/thread/").status_code == 404


def test_an_event_of_the_programme_has_nowhere_to_talk(people: dict[str, Person], data: Community):
    event = event_of(people, None)
    assert client_of(people["ada"]).get(f"/events/{event.pk}/thread/").status_code == 404
