"""Answering: places, the line of those who wait, who may; and that two never get the last place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.actions import answer, cancel_event, change_event, record_event
from folkmoot.events.models import Answer, Event
from folkmoot.events.saying import say_when
from folkmoot.events.tasks import fill
from folkmoot.notifications.actions import tell
from folkmoot.notifications.inbox import inbox_of
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Person]:
    return {
        name: Person.objects.create(ref=name, name=name.title())
        for name in ("ada", "dan", "eve", "fay", "gus")
    }


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    """Ada leads it, Dan is a core and Eve a wider member; Fay and Gus do not belong."""
    return community_of(people)


def event_of(people: dict[str, Person], community: Community, **fields: object) -> Event:
    starts = datetime.now(UTC) + timedelta(days=3)
    values = {"kind": "talk", "title": "Charts", "starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    return record_event(
        by=people["ada"],
        community=community,
        timezone="Europe/London",
        **(values | fields),  # type: ignore[arg-type]
    )


def said(event: Event) -> dict[str, str]:
    return dict(Answer.objects.filter(event=event).values_list("person__ref", "said"))


def test_a_place_that_is_given_up_goes_to_the_first_who_waits(people: dict[str, Person], data: Community):
    event = event_of(people, data, capacity=2)
    for name in ("dan", "eve", "fay", "gus"):
        answer(by=people[name], event=event, said="going")
    assert said(event) == {"dan": "going", "eve": "going", "fay": "waiting", "gus": "waiting"}
    answer(by=people["fay"], event=event, said="going", note="still")
    answer(by=people["dan"], event=event, said="no")
    assert said(event) == {"dan": "no", "eve": "going", "fay": "going", "gus": "waiting"}
    answer(by=people["dan"], event=event, said="going")
    assert said(event)["dan"] == "waiting"
    change_event(by=people["ada"], event=event, capacity=3)
    assert said(event) == {"dan": "waiting", "eve": "going", "fay": "going", "gus": "going"}
    change_event(by=people["ada"], event=event, capacity=None)
    assert set(said(event).values()) == {"going"}
    for entry in Entry.objects.order_by("id"):
        tell(entry)
    when = say_when(event.starts_at, event.zone)
    assert f"You have a place at “Charts” ({when})." in [
        group.sentence for group in inbox_of(people["gus"].pk)
    ]


def test_the_same_answer_again_changes_nothing(people: dict[str, Person], data: Community):
    event = event_of(people, data)
    for _twice in range(2):
        answer(by=people["dan"], event=event, said="maybe", note="Late")
    assert (Entry.objects.filter(verb="answered").count(), Answer.objects.get().turn) == (1, 1)


def test_what_is_over_cancelled_or_a_draft_is_not_answered(people: dict[str, Person], data: Community):
    past = datetime.now(UTC) - timedelta(days=3)
    over = event_of(people, data, starts_at=past, ends_at=past + timedelta(hours=1))
    draft = event_of(people, data, status="draft")
    cancelled = cancel_event(by=people["ada"], event=event_of(people, data))
    for event in (over, draft, cancelled):
        with pytest.raises(Refused):
            answer(by=people["dan"], event=event, said="going")
    assert not Answer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_as_many_come_as_there_are_places(people: dict[str, Person], data: Community):
    event = event_of(people, data, capacity=7)
    crowd = [Person.objects.create(ref=f"c{n}", name=f"C {n}") for n in range(30)]

    def come(person: Person) -> None:
        try:
            answer(by=person, event=event, said="going")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(come, crowd))
    answers = list(Answer.objects.filter(event=event).order_by("at", "id").values_list("said", flat=True))
    assert answers == ["going"] * 7 + ["waiting"] * 23
    leavers = Answer.objects.filter(event=event).going().select_related("person")

    def leave(given: Answer) -> None:
        try:
            answer(by=given.person, event=event, said="no")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(leave, list(leavers)))
    assert Answer.objects.filter(event=event).going().count() == 7
    assert Answer.objects.filter(event=event).waiting().count() == 16


@pytest.mark.parametrize(
    ("fields", "may"),
    [
        ({}, {"ada", "dan", "eve", "fay"}),
        ({"audience": "community"}, {"ada", "dan", "eve"}),
        ({"audience": "core"}, {"ada", "dan"}),
        ({"kind": "core_meeting"}, {"ada", "dan"}),
        ({"kind": "sponsor_meeting"}, {"ada"}),
    ],
)
def test_who_may_come_is_as_was_decided(
    people: dict[str, Person], data: Community, fields: dict[str, str], may: set[str]
):
    event = event_of(people, data, **fields)
    for name in ("ada", "dan", "eve", "fay"):
        answered = client_of(people[name]).post(f"/events/{event.pk}/answer/", {"said": "going"})
        assert answered.status_code == 302 if name in may else answered.status_code in {403, 404}, name
    assert set(said(event)) == may


def test_one_answers_on_the_page_and_leads_for_others(people: dict[str, Person], data: Community):
    event = event_of(people, data, capacity=1)
    dan, ada = client_of(people["dan"]), client_of(people["ada"])
    assert "Are you coming?" in dan.get(event.get_absolute_url()).content.decode()
    page = dan.post(f"/events/{event.pk}/answer/", {"said": "going", "note": "<b>Early</b>"}, follow=True)
    assert "You are coming" in page.content.decode()
    assert dan.post(f"/events/{event.pk}/answer/", {"said": "waiting"}).status_code == 302
    assert said(event) == {"dan": "going"}
    answers = f"/events/{event.pk}/answers/"
    assert dan.get(answers).status_code == 403
    assert ada.post(answers, {"person": "Eve", "said": "going"}).status_code == 302
    assert ada.post(answers, {"person": "Nobody", "said": "going"}).status_code == 422
    shown = ada.get(answers).content.decode()
    assert "&lt;b&gt;Early&lt;/b&gt;" in shown
    assert said(event) == {"dan": "going", "eve": "waiting"}
    assert Answer.objects.get(person=people["eve"]).by == people["ada"]


def test_one_click_in_the_list_answers_and_leads_back(people: dict[str, Person], data: Community):
    event = event_of(people, data)
    core = event_of(people, data, audience="core", title="For the core")
    dan = client_of(people["dan"])
    shown = dan.get("/events/?kind=talk").content.decode()
    assert f"/events/{event.pk}/answer/" in shown
    assert f"/events/{core.pk}/answer/" in shown
    day_by_day = dan.get("/events/?view=agenda").text
    assert f"/events/{core.pk}/answer/" in day_by_day
    for page in ("/events/", "/events/?view=agenda", "/communities/data/events/"):
        assert f"/events/{core.pk}/answer/" not in client_of(people["eve"]).get(page).text, (
            "it is for the core"
        )
    answered = dan.post(f"/events/{event.pk}/answer/", {"said": "going", "next": "/events/?kind=talk"})
    assert answered.headers["Location"] == "/events/?kind=talk"
    assert "Going</span>" in dan.get("/events/").content.decode()
    for hostile in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        away = dan.post(f"/events/{event.pk}/answer/", {"said": "maybe", "next": hostile})
        assert away.headers["Location"] == event.get_absolute_url()


def test_the_page_costs_the_same_for_one_answer_and_for_many(
    people: dict[str, Person], data: Community, django_assert_max_num_queries
):
    event = event_of(people, data)
    for n in range(40):
        answer(by=Person.objects.create(ref=f"p{n}", name=f"P {n}"), event=event, said="going")
    dan = client_of(people["dan"])
    dan.get(event.get_absolute_url())
    with django_assert_max_num_queries(9):
        dan.get(event.get_absolute_url())


def test_an_answer_in_the_list_keeps_the_note_and_one_that_cannot_be_says_so(
    people: dict[str, Person], data: Community
):
    event, eve = event_of(people, data), client_of(people["eve"])
    here = f"/events/{event.pk}/answer/"
    eve.post(here, {"said": "maybe", "note": "By bus"})
    eve.post(here, {"said": "going"})
    assert event.answers.get().note == "By bus"
    assert "That was not an answer" in eve.post(here, {"said": "going", "note": "\x00"}, follow=True).text
    eve.post(here, {"said": "going", "note": "On foot"})
    assert event.answers.get().note == "On foot"


def test_a_place_of_who_has_left_the_organisation_goes_to_who_waits_and_not_to_a_newcomer(
    people: dict[str, Person], data: Community
):
    event = event_of(people, data, capacity=2)
    for name in ("dan", "eve", "fay"):
        answer(by=people[name], event=event, said="going")
    Person.objects.filter(ref="dan").update(left=clock.today())
    answer(by=people["gus"], event=event, said="going")
    assert said(event) == {"dan": "going", "eve": "going", "fay": "going", "gus": "waiting"}
    Person.objects.filter(ref="eve").update(left=clock.today())
    fill()
    assert said(event)["gus"] == "going"
    assert Entry.objects.filter(verb="promoted").count() == 2


def test_who_answers_for_somebody_leaves_them_their_note(people: dict[str, Person], data: Community):
    event = event_of(people, data)
    answer(by=people["eve"], event=event, said="maybe", note="By wheelchair")
    ada, page = client_of(people["ada"]), f"/events/{event.pk}/answers/"
    ada.post(page, {"person": "Eve", "said": "going", "note": ""})
    given = Answer.objects.get(person=people["eve"])
    assert (given.said, given.note, given.by) == ("going", "By wheelchair", people["ada"])
    ada.post(page, {"person": "Eve", "said": "going", "note": "By bus"})
    assert Answer.objects.get(person=people["eve"]).note == "By bus"
