"""What the letters say that put events into calendars, and answering from one without signing in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail, signing
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.test import Client

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.access import answer_token
from folkmoot.events.actions import (
    Scope,
    answer,
    answer_series,
    cancel_event,
    cancel_series,
    change_event,
    change_series,
    feeds_of,
    invite,
    plan_series,
    record_event,
)
from folkmoot.events.invitations import bring_up_to_date
from folkmoot.events.models import Answer, Event
from folkmoot.events.tasks import calendars_follow
from folkmoot.events.tests.test_calendars import work
from folkmoot.notifications import mailing
from folkmoot.notifications.actions import tell
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
STARTS = datetime(2026, 12, 3, 12, 30, tzinfo=ZoneInfo("Europe/London"))
NEW_YORK = {"timezone": "America/New_York"}
CODE = {"online_url": "https://meet.example/1", "joining": "Passcode swordfish"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 25, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def people() -> dict[str, Person]:
    return {
        name: Person.objects.create(ref=name, name=name.title(), email=f"{name}@uni.example")
        for name in ("ada", "dan", "eve", "fay")
    }


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    return community_of(people)


@pytest.fixture
def talk(people: dict[str, Person], data: Community) -> Event:
    return talk_of(people, data)


def talk_of(people: dict[str, Person], data: Community, **fields: Any) -> Event:
    values = (
        {"timezone": "Europe/London", "place": "Room 1", "summary": "How to draw <b>them</b>."}
        | CODE
        | fields
    )
    return record_event(
        by=people["ada"], community=data, kind="talk", title="Charts", starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=1), speakers=[people["fay"], "A guest"], **values,
    )  # fmt: skip


def letters() -> list[tuple[str, str]]:
    """(subject, text) of what is sent by now; its page says the same, and both are taken out of the box."""
    work()
    found = []
    for letter in mail.outbox:
        assert isinstance(letter, EmailMultiAlternatives)
        (page, kind), (_content, act) = letter.alternatives
        assert kind == "text/html"
        assert act.startswith("text/calendar")
        assert "<b>them" not in str(page)
        found.append((str(letter.subject), str(letter.body)))
    mail.outbox.clear()
    return found


def test_an_invitation_says_what_it_is_and_keeps_the_way_in_for_those_who_come(
    people: dict[str, Person], talk: Event
):
    invite(by=people["ada"], event=talk, people=[people["dan"].pk])
    work()
    (letter,) = mail.outbox
    content = letter.message().as_string()
    ((subject, text),) = letters()
    assert subject == "Invitation: Charts, Thu 3 Dec, 12:30"
    for said in (
        "Ada invites you.", "Thursday 3 December, 12:30–13:30 (Europe/London)", "Room 1", "Held by Data",
        "Speaking: Fay, A guest", "How to draw <b>them</b>.", "/events/answer/",
        "what a calendar answers by mail is not read",
    ):  # fmt: skip
        assert said in text
    for secret in ("meet.example", "swordfish"):
        assert secret not in text
        assert secret not in content
        assert secret not in client_of(people["dan"]).get(talk.get_absolute_url()).text
        assert secret not in client_of(people["dan"]).get(f"/events/{talk.pk}/event.ics").text
        assert secret in client_of(people["ada"]).get(talk.get_absolute_url()).text, "who holds it"
        assert secret in client_of(people["fay"]).get(talk.get_absolute_url()).text, "who speaks"
    answer(by=people["dan"], event=talk, said="maybe")
    ((subject, text),) = letters()
    assert subject == "Maybe: Charts, Thu 3 Dec, 12:30", "one's own answer has not moved it"
    assert "Perhaps you are coming." in text
    for secret in ("meet.example", "swordfish"):
        assert secret in text
        assert secret in client_of(people["dan"]).get(talk.get_absolute_url()).text


def test_the_hour_is_that_of_the_events_own_clock(people: dict[str, Person], data: Community):
    event = talk_of(people, data, **NEW_YORK)
    answer(by=people["dan"], event=event, said="going")
    ((_subject, text),) = letters()
    assert "Thursday 3 December, 07:30–08:30 (America/New_York)" in text


def test_a_feed_has_the_link_for_those_who_come(people: dict[str, Person], data: Community):
    event = talk_of(people, data, place="")
    feed = f"/calendars/{feeds_of(by=people['dan'])[1].secret}.ics"
    before = Client().get(feed)
    assert "LOCATION:Online" in before.text
    assert "meet.example" not in before.text
    answer(by=people["dan"], event=event, said="going")
    after = Client().get(feed, headers={"If-None-Match": before.headers["ETag"]})
    assert "LOCATION:https://meet.example/1" in after.text


def test_what_changed_is_said_since_the_letter_before(people: dict[str, Person], talk: Event):
    for name, said in (("dan", "going"), ("eve", "maybe")):
        answer(by=people[name], event=talk, said=said)
    letters()
    change_event(
        by=people["ada"],
        event=talk,
        starts_at=STARTS + timedelta(hours=1),
        ends_at=STARTS + timedelta(hours=2),
    )
    later = STARTS + timedelta(days=1)
    change_event(
        by=people["ada"], event=talk, starts_at=later, ends_at=later + timedelta(hours=1), place="Room 2"
    )
    change_event(by=people["ada"], event=talk, capacity=9)
    moved = "moved from Thursday 3 December, 12:30 to Friday 4 December, 12:30"
    for subject, text in letters():
        assert subject == "Changed: Charts, Fri 4 Dec, 12:30"
        assert text.startswith("This has changed.")
        assert f"- {moved}\n- the place is Room 2 now (it was Room 1)\n" in text
    answer(by=people["dan"], event=talk, said="maybe")
    ((subject, text),) = letters()
    assert (subject, moved in text) == ("Maybe: Charts, Fri 4 Dec, 12:30", False)
    change_event(by=people["ada"], event=talk, online_url="https://meet.example/2")
    assert all("- the link to join is another one now\n" in text for _subject, text in letters())
    cancel_event(by=people["ada"], event=talk)
    for subject, text in letters():
        assert subject == "Cancelled: Charts, Fri 4 Dec, 12:30"
        assert "/events/answer/" not in text
        assert "meet.example" not in text


def test_what_a_letter_has_said_the_next_does_not_say_again(people: dict[str, Person], talk: Event):
    """An import changes events without a line of the ledger for each."""
    answer(by=people["dan"], event=talk, said="going")
    change_event(by=people["ada"], event=talk, place="Room 2")
    letters()
    Event.objects.filter(pk=talk.pk).update(title="Maps", sequence=F("sequence") + 1)
    calendars_follow([talk.pk])
    ((subject, text),) = letters()
    assert subject == "Going: Maps, Thu 3 Dec, 12:30"
    assert "it was Room 1" not in text


def test_of_a_series_each_date_says_where_it_was(people: dict[str, Person], data: Community):
    events = plan_series(
        by=people["ada"], community=data, kind="talk", title="Maps", starts_at=STARTS, every="week",
        ends_at=STARTS + timedelta(hours=1), timezone="Europe/London", until=(STARTS + timedelta(days=14)).date(),
    )  # fmt: skip
    answer_series(by=people["dan"], event=events[0], said="going")
    ((subject, _text),) = letters()
    assert subject == "Going: Maps, 3 dates"
    later = STARTS + timedelta(hours=1)
    change_series(
        by=people["ada"],
        event=events[0],
        scope=Scope.ALL,
        starts_at=later,
        ends_at=later + timedelta(hours=1),
    )
    ((subject, text),) = letters()
    assert subject == "Changed: Maps, 3 dates"
    assert text.startswith("This has changed. You are coming;")
    assert "moved from Thursday 17 December, 12:30 to Thursday 17 December, 13:30" in text
    cancel_event(by=people["ada"], event=events[1], why="Snow")
    ((subject, text),) = letters()
    assert subject == "Changed: Maps, Thu 10 Dec, 13:30"
    assert "- No longer: Thursday 10 December, 13:30–14:30 (Europe/London): Snow" in text
    change_series(by=people["ada"], event=events[0], scope=Scope.THIS, place="Attic")
    ((subject, text),) = letters()
    assert subject == "Changed: Maps, Thu 3 Dec, 13:30"
    assert "- Thursday 3 December, 13:30–14:30 (Europe/London): the place is Attic\n" in text
    answer(by=people["dan"], event=events[2], said="no")
    ((subject, text),) = letters()
    assert subject == "Not coming: Maps, Thu 17 Dec, 13:30"
    assert "\nNot coming: Thursday 17 December" in text
    cancel_series(by=people["ada"], event=events[0], scope=Scope.ALL)
    ((subject, text),) = letters()
    assert subject == "Cancelled: Maps, Thu 3 Dec, 13:30"
    assert "\nThursday 3 December, 13:30–14:30 (Europe/London)\n" in text


def test_a_series_that_was_cancelled_is_brought_back_as_a_whole(people: dict[str, Person], data: Community):
    events = plan_series(
        by=people["ada"], community=data, kind="talk", title="Maps", starts_at=STARTS, every="week",
        ends_at=STARTS + timedelta(hours=1), timezone="Europe/London", until=(STARTS + timedelta(days=14)).date(),
    )  # fmt: skip
    answer_series(by=people["dan"], event=events[0], said="going")
    letters()
    cancel_series(by=people["ada"], event=events[0], scope=Scope.ALL)
    letters()
    ada, edit = client_of(people["ada"]), f"/events/{events[0].pk}/edit/"
    typed = {"kind": "talk", "title": "Maps", "day": "2026-12-03", "starts": "12:30", "ends": "13:30"}
    page = ada.post(edit, typed | {"status": "scheduled", "scope": "all"}, follow=True).text
    assert "3 events are changed." in page
    assert {event.status for event in Event.objects.all()} == {"scheduled"}
    ((subject, text),) = letters()
    assert subject == "Changed: Maps, 3 dates"
    assert text.count("it takes place after all") == 3


def test_who_gets_a_place_has_one_letter_that_says_so(people: dict[str, Person], talk: Event):
    change_event(by=people["ada"], event=talk, capacity=1)
    for name in ("dan", "eve"):
        answer(by=people[name], event=talk, said="going")
    letters()
    answer(by=people["dan"], event=talk, said="no")
    place = next((subject, text) for subject, text in letters() if "place" in subject)
    assert place[0] == "You have a place: Charts, Thu 3 Dec, 12:30"
    assert place[1].startswith("A place has become free, and you have it. If you cannot come, give it up")
    entry = Entry.objects.get(verb="promoted")
    tell(entry)
    assert mailing.due_at_once(entry.pk) == []
    assert people["eve"].pk not in mailing.due_for_digest(STARTS)
    assert people["eve"].notices.get().about.startswith("“Charts”"), "the inbox has it all the same"


def address(event: Event, person: Person) -> str:
    return f"/events/answer/{answer_token(event.pk, person.pk)}/"


def said(event: Event) -> dict[str, str]:
    return dict(Answer.objects.filter(event=event).values_list("person__ref", "said"))


def test_one_answers_from_the_letter_by_a_button_and_not_by_looking(people: dict[str, Person], talk: Event):
    answer(by=people["eve"], event=talk, said="going")
    invite(by=people["ada"], event=talk, people=[people["dan"].pk])
    here, visitor = address(talk, people["dan"]), Client()
    page = visitor.get(here).text
    for shown in ("Charts", "Room 1", "You are invited. Are you coming?", "This is the answer of Dan."):
        assert shown in page
    for hidden in ("/people/eve", "1 is coming", "meet.example", "swordfish"):
        assert hidden not in page
    visitor.head(here)
    assert said(talk) == {"eve": "going", "dan": "asked"}, "looking is not answering"
    assert visitor.post(here, {"said": "waiting"}).status_code == 200
    page = visitor.post(here, {"said": "going"}, follow=True).text
    assert said(talk) == {"eve": "going", "dan": "going"}
    for shown in ("You are coming", "meet.example", "swordfish"):
        assert shown in page
    assert Entry.objects.filter(verb="answered").latest("id").by_id == people["dan"].pk
    assert visitor.get("/inbox/").status_code == 302, "it opens nothing else"


def test_a_link_is_for_one_person_and_one_event_and_ends_with_it(
    people: dict[str, Person], data: Community, talk: Event, clock: time_machine.Traveller
):
    invite(by=people["ada"], event=talk, people=[people["dan"].pk])
    other = talk_of(people, data)
    here = address(talk, people["dan"])
    for nothing in (
        address(other, people["dan"]),
        address(talk, people["eve"]),
        f"/events/answer/{signing.dumps([talk.pk, people['dan'].pk], salt='folkmoot.meetings.poll')}/",
        here[:-3] + "xx/",
    ):
        assert Client().post(nothing, {"said": "going"}).status_code == 410
    token = here.split("/")[3]
    assert Client().get(f"/polls/answer/{token}/").status_code == 410
    assert Client().get(here).status_code == 200
    Person.objects.filter(ref="dan").update(left="2026-11-01")
    assert Client().get(here).status_code == 410
    Person.objects.filter(ref="dan").update(left=None)
    cancel_event(by=people["ada"], event=talk)
    assert Client().post(here, {"said": "going"}).status_code == 410
    change_event(by=people["ada"], event=talk, status="scheduled")
    clock.move_to(STARTS + timedelta(hours=1))
    assert Client().post(here, {"said": "going"}).status_code == 410
    assert said(talk) == {"dan": "asked"}


def test_why_it_is_cancelled_is_for_those_who_come(people: dict[str, Person], talk: Event):
    answer(by=people["eve"], event=talk, said="going")
    bring_up_to_date(talk.pk, people["eve"].pk)
    mail.outbox.clear()
    client_of(people["ada"]).post(f"/events/{talk.pk}/cancellation/", {"why": "The speaker is ill."})
    bring_up_to_date(talk.pk, people["eve"].pk)
    assert "It does not take place; it leaves your calendar. The speaker is ill." in mail.outbox[0].body
    assert "The speaker is ill." in client_of(people["eve"]).get(talk.get_absolute_url()).text


def test_what_is_brought_back_says_so_to_who_had_heard_of_it(people: dict[str, Person], talk: Event):
    change_event(by=people["ada"], event=talk, capacity=1)
    for name in ("dan", "eve"):
        answer(by=people[name], event=talk, said="going")
    answer(by=people["dan"], event=talk, said="no")
    assert "You have a place: Charts, Thu 3 Dec, 12:30" in dict(letters())
    cancel_event(by=people["ada"], event=talk)
    letters()
    change_event(by=people["ada"], event=talk, status="scheduled")
    invite(by=people["ada"], event=talk, people=[people["fay"].pk])
    said = dict(letters())
    assert set(said) == {"Changed: Charts, Thu 3 Dec, 12:30", "Invitation: Charts, Thu 3 Dec, 12:30"}
    assert "it takes place after all" in said["Changed: Charts, Thu 3 Dec, 12:30"]
    assert "after all" not in said["Invitation: Charts, Thu 3 Dec, 12:30"]
