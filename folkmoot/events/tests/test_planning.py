"""Planning an event like another, and on days on which nobody is there."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from folkmoot.calendar.models import Calendar, Period
from folkmoot.communities.models import Community
from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.actions import record_event
from folkmoot.events.models import Event
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
NEW = "/communities/data/events/new/"


@pytest.fixture
def people() -> dict[str, Person]:
    return {name: Person.objects.create(ref=name, name=name.title()) for name in ("ada", "dan", "eve", "fay")}


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    return community_of(people)


def talk(people: dict[str, Person], community: Community) -> Event:
    starts = datetime(2025, 6, 10, 11, 30, tzinfo=UTC)
    return record_event(
        by=people["ada"], community=community, kind="workshop", title="Charts by hand", starts_at=starts,
        ends_at=starts + timedelta(hours=2), timezone="Europe/London", place="Room 1", note="A secret",
        attended=[people["dan"]], speakers=[people["eve"]], capacity=12, audience="community",
    )  # fmt: skip


def test_another_one_like_it_is_planned_by_its_day_alone(people: dict[str, Person], data: Community):
    before = talk(people, data)
    ada = client_of(people["ada"])
    assert f"{NEW}?like={before.pk}" in ada.get(before.get_absolute_url()).content.decode()
    form = ada.get(f"{NEW}?like={before.pk}").context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    assert "day" not in typed
    assert (typed["note"], typed.get("attended")) == ("", None)
    day = datetime.now(UTC).date() + timedelta(days=20)
    assert ada.post(f"{NEW}?like={before.pk}", typed | {"day": day}).status_code == 302
    after = Event.objects.exclude(pk=before.pk).get()
    assert (after.title, after.place, after.capacity, after.audience) == (
        "Charts by hand",
        "Room 1",
        12,
        "community",
    )
    assert (after.starts.time(), after.ends.time()) == (before.starts.time(), before.ends.time())
    assert after.ref != before.ref
    assert [speaker.person for speaker in after.speakers.all()] == [people["eve"]]
    assert not after.attendances.exists()


def test_one_of_another_community_is_not_copied(people: dict[str, Person], data: Community):
    other = community_of(people, "other")
    elsewhere = talk(people, other)
    form = client_of(people["ada"]).get(f"{NEW}?like={elsewhere.pk}").context["form"]
    assert form["title"].value() is None
    assert client_of(people["ada"]).get(f"{NEW}?like=nonsense").status_code == 200


def test_a_day_in_a_closure_is_flagged_and_kept(people: dict[str, Person], data: Community):
    day = datetime.now(UTC).date() + timedelta(days=20)
    calendar = Calendar.objects.organisations()
    Period.objects.create(calendar=calendar, name="Winter closure", kind="closure", start=day, end=day)
    ada = client_of(people["ada"])
    typed = {"kind": "talk", "starts": "12:30", "ends": "13:30", "title": "Charts"}
    page = ada.post(NEW, typed | {"day": day}, follow=True).content.decode()
    assert "is in “Winter closure”." in page
    page = ada.post(NEW, typed | {"day": day + timedelta(days=1)}, follow=True).content.decode()
    assert "Mind that" not in page
    assert Event.objects.count() == 2


@pytest.mark.parametrize(("minutes", "shown"), [(-16, False), (-15, True), (30, True), (60, False)])
def test_the_way_into_the_room_stands_out_a_quarter_of_an_hour_before(
    people: dict[str, Person], data: Community, minutes: int, shown: bool
):
    starts = datetime(2026, 6, 10, 11, 30, tzinfo=UTC)
    with time_machine.travel(starts - timedelta(days=1), tick=False) as clock:
        event = record_event(
            by=people["ada"], community=data, kind="talk", title="Charts", starts_at=starts,
            ends_at=starts + timedelta(hours=1), timezone="Europe/London", online_url="https://meet.example/1",
        )  # fmt: skip
        clock.move_to(starts + timedelta(minutes=minutes))
        assert (
            "It begins:" in client_of(people["dan"]).get(event.get_absolute_url()).content.decode()
        ) is shown
        assert "meet.example" not in Client().get(event.get_absolute_url()).content.decode()
