"""On the day and afterwards: checking in, the list, feedback that nobody is told from, slides."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from time_machine import Traveller

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import TOLD, client_of, community_of, told
from folkmoot.events.actions import (
    answer,
    change_event,
    check_in,
    give_feedback,
    record_attendance,
    record_event,
)
from folkmoot.events.code import code_of
from folkmoot.events.models import Attendance, Event, Feedback, FeedbackGiven
from folkmoot.events.saying import say_when
from folkmoot.events.tasks import ask_feedback
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
STARTS = datetime(2027, 3, 11, 12, 30, tzinfo=UTC)


@pytest.fixture
def people() -> dict[str, Person]:
    TOLD.clear()
    known = {"created_at": datetime(2024, 1, 8, tzinfo=UTC)}
    names = ("ada", "dan", "eve", "fay", "gus", "hal", "ivy")
    return {name: Person.objects.create(ref=name, name=name.title(), **known) for name in names}


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    return community_of(people)


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with time_machine.travel(STARTS - timedelta(days=1), tick=False) as clock:
        yield clock


@pytest.fixture
def talk(people: dict[str, Person], data: Community, clock: Traveller) -> Event:
    return record_event(
        by=people["ada"], community=data, kind="talk", title="Charts", starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=1), timezone="Europe/London",
    )  # fmt: skip


def test_whoever_is_in_the_room_presses_one_button(people, talk: Event, clock):
    here = f"/events/{talk.pk}/check-in/{code_of(talk)}/"
    eve = client_of(people["eve"])
    assert eve.get(f"/events/{talk.pk}/check-in/wrong/").status_code == 404
    assert Client().get(here).status_code == 302
    for early in (eve.get(here).text, eve.post(here).text):
        assert "too early" in early
        assert "I am here" not in early
    assert "You are checked in." not in eve.get(talk.get_absolute_url()).text
    clock.move_to(STARTS - timedelta(minutes=59))
    assert not Attendance.objects.exists()
    eve.get(here)
    assert not Attendance.objects.exists()
    for _twice in range(2):
        assert "You are checked in." in eve.post(here).text
    assert "You are checked in." in eve.get(talk.get_absolute_url()).text
    assert list(Attendance.objects.values_list("person__ref", "how")) == [("eve", "code")]
    clock.move_to(STARTS + timedelta(hours=3, minutes=1))
    assert "over" in client_of(people["fay"]).post(here).text
    assert Entry.objects.filter(verb="checked_in").count() == 1


def test_the_code_is_a_picture_for_those_who_hold_it(people, talk: Event):
    answer = client_of(people["ada"]).get(f"/events/{talk.pk}/check-in.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<path" in answer.content
    assert client_of(people["eve"]).get(f"/events/{talk.pk}/check-in.svg").status_code == 403


def test_the_list_keeps_who_checked_in_while_it_was_open(people, talk: Event, clock):
    for name in ("dan", "eve"):
        answer(by=people[name], event=talk, said="going")
    clock.move_to(STARTS)
    check_in(by=people["eve"], event=talk)
    ada = client_of(people["ada"])
    here = f"/events/{talk.pk}/check-in/"
    shown = [people["eve"].pk]
    check_in(by=people["fay"], event=talk)  # after the list was shown
    ada.post(here, {"shown": shown, "there": [people["dan"].pk], "others": "Gus"})
    assert set(Attendance.objects.values_list("person__ref", flat=True)) == {"dan", "fay", "gus"}
    page = ada.post(here, {"shown": [], "there": [], "others": "Nobody Known"})
    assert page.status_code == 422
    assert "is nobody of the directory" in page.text
    assert "2 walked in" in ada.get(talk.get_absolute_url()).text


def test_feedback_is_for_those_who_came_once_and_without_a_name(people, talk: Event, clock):
    came = ("dan", "eve", "fay", "gus", "hal")
    answer(by=people["ivy"], event=talk, said="going")
    clock.move_to(STARTS + timedelta(minutes=30))
    record_attendance(by=people["ada"], event=talk, there=[people[name].pk for name in came])
    with pytest.raises(Refused, match="not over"):
        give_feedback(by=people["eve"], event=talk, useful=3)
    clock.move_to(STARTS + timedelta(hours=2))
    here = f"/events/{talk.pk}/feedback/"
    assert client_of(people["ivy"]).get(here).status_code == 403
    for number, name in enumerate(came, 1):
        client = client_of(people[name])
        assert "What did you think?" in client.get(here).text
        sent = client.post(here, {"useful": "4", "text": f"<b>Words of {number}</b>"}, follow=True)
        assert "Nobody sees that it was you." in sent.text
        page = client_of(people["ada"]).get(here).text
        assert (f"Words of {number}" in page) == (number == 5)
        assert ("Very useful</th>" in page) == (number == 5)
    assert "&lt;b&gt;Words" in client_of(people["ada"]).get(here).text
    assert "You have given yours" in client_of(people["eve"]).post(here, {"useful": "1"}).text
    assert Feedback.objects.count() == FeedbackGiven.objects.count() == 5
    assert {field.name for field in Feedback._meta.get_fields()} == {"id", "event", "useful", "text"}
    assert not Entry.objects.filter(verb__startswith="feedback_g").exists()


def test_those_who_came_are_asked_once_also_who_is_added_later(people, talk: Event, clock):
    clock.move_to(STARTS + timedelta(hours=2))
    record_attendance(by=people["ada"], event=talk, there=[people["eve"].pk])
    for _twice in range(2):
        ask_feedback()
        told()
    record_attendance(by=people["ada"], event=talk, there=[people["fay"].pk])
    ask_feedback()
    when = say_when(talk.starts_at, talk.zone)
    asked = f"What did you think of “Charts” ({when})? Two questions, without your name."
    assert {ref for ref, said in told().items() if asked in said} == {"eve", "fay"}
    assert Entry.objects.filter(verb="feedback_wanted").count() == 2


def test_slides_and_the_recording_are_for_the_staff(people, talk: Event, clock):
    clock.move_to(STARTS + timedelta(hours=2))
    ada, here = client_of(people["ada"]), f"/events/{talk.pk}/material/"
    files = SimpleUploadedFile("Charts.txt", b"A chart")
    ada.post(here, {"recording_url": "https://example.org/watch", "slides": files})
    bad = ada.post(here, {"recording_url": "", "slides": SimpleUploadedFile("x.exe", b"MZ")})
    assert bad.status_code == 422
    page = client_of(people["fay"]).get(talk.get_absolute_url()).text
    assert "https://example.org/watch" in page
    assert "Charts.txt" in page
    assert "example.org/watch" not in Client().get(talk.get_absolute_url()).text
    one = talk.slides.get()
    assert client_of(people["fay"]).get(f"/events/{talk.pk}/slides/{one.pk}/").status_code == 302
    assert client_of(people["fay"]).post(f"/events/{talk.pk}/slides/{one.pk}/").status_code == 403
    ada.post(f"/events/{talk.pk}/slides/{one.pk}/")
    assert not talk.slides.exists()


def test_a_correction_that_calendars_do_not_show_sends_no_letter(people, talk: Event, clock):
    before = Event.objects.get().sequence
    clock.move_to(STARTS + timedelta(hours=2))
    record_attendance(by=people["ada"], event=talk, there=[people["eve"].pk])
    assert Event.objects.get().sequence == before


def test_what_people_thought_is_in_no_order_that_tells_whose_it_is(people, talk: Event, clock):
    names = ["dan", "eve", "fay", "gus", "hal", "ivy"]
    with pytest.raises(Refused, match="It has not begun"):
        record_attendance(by=people["ada"], event=talk, there=[people["dan"].pk])
    clock.move_to(STARTS + timedelta(hours=2))
    record_attendance(by=people["ada"], event=talk, there=[people[name].pk for name in names])
    orders = set()
    for _again in range(8):
        for name in names:
            give_feedback(by=people[name], event=talk, useful=3, text=name)
        # As a copy of the table has them: by where they are kept, and by the transaction that wrote them.
        rows = Feedback.objects.raw("SELECT id, text, xmin::text AS wrote FROM events_feedback ORDER BY ctid")
        assert len({row.wrote for row in rows}) == 1  # type: ignore[attr-defined]
        orders.add(tuple(row.text for row in rows))
        Feedback.objects.all().delete()
        FeedbackGiven.objects.all().delete()
    assert len(orders) > 1


def test_whoever_checks_in_while_the_event_is_being_corrected_stays(people, talk: Event, clock):
    clock.move_to(STARTS)
    check_in(by=people["dan"], event=talk)
    ada = client_of(people["ada"])
    form = ada.get(f"/events/{talk.pk}/edit/").context["form"]
    check_in(by=people["eve"], event=talk)
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    sent = ada.post(f"/events/{talk.pk}/edit/", typed | {"place": "Room 9", "attended": []})
    assert sent.status_code == 302, sent.context["form"].errors
    assert [each.person for each in talk.attendances.all()] == [people["eve"]]


def test_who_adds_slides_keeps_the_link_that_another_added_meanwhile(people, talk: Event, clock):
    clock.move_to(STARTS + timedelta(hours=2))
    ada, here = client_of(people["ada"]), f"/events/{talk.pk}/material/"
    shown = {"recording_url": "", "seen": json.dumps(ada.get(here).context["form"].initial["seen"])}
    assert shown["seen"] in unescape(ada.get(here).text)
    change_event(by=people["dan"], event=talk, recording_url="https://example.org/watch")
    slides = SimpleUploadedFile("Charts.txt", b"A chart")
    assert ada.post(here, shown | {"slides": slides}).status_code == 302
    assert Event.objects.get().recording_url == "https://example.org/watch"
    assert talk.slides.count() == 1
    page = ada.post(here, shown | {"recording_url": "https://example.org/mine"})
    assert page.status_code == 422
    assert "Changed meanwhile, to: “https://example.org/watch”." in page.text
    again = {"recording_url": "https://example.org/mine", "seen": page.context["form"]["seen"].value()}
    assert ada.post(here, again | {"seen": json.dumps(again["seen"])}).status_code == 302
    assert Event.objects.get().recording_url == "https://example.org/mine"
