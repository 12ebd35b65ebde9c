"""What calendars are sent and what they read, read back by an independent parser."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.communities.models import Community, Membership
from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.actions import answer, cancel_event, change_event, feeds_of, record_event, renew_feed
from folkmoot.events.calendars import _folded
from folkmoot.events.calendars import feed as as_feed
from folkmoot.events.models import Answer, Event, Feed
from folkmoot.events.tasks import invite, send_invitation
from folkmoot.notifications.models import BadAddress
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


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
    """A talk on an afternoon of next summer."""
    starts = datetime(datetime.now(UTC).year + 1, 7, 3, 14, 0, tzinfo=LONDON)
    return record_event(
        by=people["ada"], community=data, kind="talk", title="Charts; and maps, “plainly”", starts_at=starts,
        ends_at=starts + timedelta(hours=1), timezone="Europe/London", place="Room 1", summary="Line one\nLine two",
    )  # fmt: skip


def work() -> None:
    """What the worker does with the jobs that wait."""
    tasks: dict[str, Any] = {"events.invite": invite, "events.send_invitation": send_invitation}
    while jobs := list(ProcrastinateJob.objects.filter(task_name__in=tasks, status="todo").order_by("id")):
        for job in jobs:
            ProcrastinateJob.objects.filter(pk=job.pk).delete()
            tasks[job.task_name].func(**job.args)


def sent() -> list[tuple[str, str, Any, Any]]:
    """(to, subject, calendar, its event) of each letter; and they are taken out of the box."""
    found: list[tuple[str, str, Any, Any]] = []
    for letter in outbox.outbox:
        assert isinstance(letter, EmailMultiAlternatives)
        _page, (content, kind) = letter.alternatives
        calendar = Calendar.from_ical(str(content))
        (event,) = calendar.walk("VEVENT")
        assert kind == f"text/calendar; method={calendar['METHOD']}"
        found.append((letter.to[0], str(letter.subject), calendar, event))
    outbox.outbox.clear()
    return found


def test_an_answer_puts_it_into_the_calendar_a_move_changes_it_and_a_no_takes_it_out(
    people: dict[str, Person], talk: Event
):
    answer(by=people["dan"], event=talk, said="going")
    work()
    ((to, subject, calendar, event),) = sent()
    assert (to, calendar["METHOD"]) == ("dan@uni.example", "REQUEST")
    assert subject.startswith("Going: Charts; and maps, “plainly”, ")
    assert event["SUMMARY"] == talk.title
    assert event["DTSTART"].dt == talk.starts
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert event["ORGANIZER"].params["CN"] == "Data"
    uid, sequence = event["UID"], event["SEQUENCE"]
    change_event(
        by=people["ada"],
        event=talk,
        starts_at=talk.starts_at + timedelta(hours=1),
        ends_at=talk.ends_at + timedelta(hours=1),
    )
    work()
    ((_to, subject, calendar, event),) = sent()
    assert subject.startswith("Changed: ")
    assert (calendar["METHOD"], event["UID"]) == ("REQUEST", uid)
    assert event["SEQUENCE"] > sequence
    assert event["DTSTART"].dt == talk.starts + timedelta(hours=1)
    sequence = event["SEQUENCE"]
    answer(by=people["dan"], event=talk, said="no")
    work()
    ((_to, subject, calendar, event),) = sent()
    assert subject.startswith("Not coming: ")
    assert (calendar["METHOD"], event["STATUS"], event["UID"]) == ("CANCEL", "CANCELLED", uid)
    assert event["SEQUENCE"] > sequence
    work()
    assert sent() == []


def test_cancelling_takes_it_out_of_every_calendar_that_has_it(people: dict[str, Person], talk: Event):
    for name, said in (("dan", "going"), ("eve", "maybe"), ("fay", "no")):
        answer(by=people[name], event=talk, said=said)
    work()
    assert [(to, calendar["METHOD"]) for to, _subject, calendar, _event in sent()] == [
        ("dan@uni.example", "REQUEST"), ("eve@uni.example", "REQUEST"),
    ]  # fmt: skip
    cancel_event(by=people["ada"], event=talk)
    work()
    letters = sent()
    assert {(to, calendar["METHOD"]) for to, _subject, calendar, _event in letters} == {
        ("dan@uni.example", "CANCEL"), ("eve@uni.example", "CANCEL"),
    }  # fmt: skip
    assert all(subject.startswith("Cancelled: ") for _to, subject, _calendar, _event in letters)
    change_event(by=people["ada"], event=talk, status="scheduled")
    work()
    assert "- it takes place after all" in outbox.outbox[-1].body
    letters = sent()
    assert {calendar["METHOD"] for _to, _subject, calendar, _event in letters} == {"REQUEST"}
    assert all(subject.startswith("Changed: ") for _to, subject, _calendar, _event in letters)


def test_who_waits_has_it_in_the_calendar_once_there_is_a_place(people: dict[str, Person], talk: Event):
    change_event(by=people["ada"], event=talk, capacity=1)
    answer(by=people["dan"], event=talk, said="going")
    answer(by=people["eve"], event=talk, said="going")
    work()
    assert [to for to, *_rest in sent()] == ["dan@uni.example"]
    answer(by=people["dan"], event=talk, said="no")
    work()
    assert {(to, calendar["METHOD"]) for to, _subject, calendar, _event in sent()} == {
        ("dan@uni.example", "CANCEL"), ("eve@uni.example", "REQUEST"),
    }  # fmt: skip


def test_many_changes_before_the_worker_comes_are_one_letter(people: dict[str, Person], talk: Event):
    for said in ("going", "no", "maybe"):
        answer(by=people["dan"], event=talk, said=said)
    work()
    ((_to, _subject, _calendar, event),) = sent()
    assert event["ATTENDEE"].params["PARTSTAT"] == "TENTATIVE"


def test_a_mail_server_that_is_down_is_tried_again(
    people: dict[str, Person], talk: Event, monkeypatch: pytest.MonkeyPatch
):
    answer(by=people["dan"], event=talk, said="going")
    with monkeypatch.context() as down:

        def refuse(_letter: object) -> bool:
            raise ConnectionRefusedError

        down.setattr("folkmoot.events.invitations.deliver", refuse)
        with pytest.raises(ConnectionRefusedError):
            send_invitation.func(event=talk.pk, person=people["dan"].pk)
    assert Answer.objects.get().invited is None
    send_invitation.func(event=talk.pk, person=people["dan"].pk)
    assert len(sent()) == 1


def test_nobody_is_written_to_who_cannot_be(people: dict[str, Person], talk: Event):
    BadAddress.objects.create(email="dan@uni.example", reason="550")
    Person.objects.filter(ref="eve").update(email=None)
    for name in ("dan", "eve"):
        answer(by=people[name], event=talk, said="going")
    work()
    assert sent() == []


def read(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_a_feed_needs_no_session_and_shows_what_its_owner_may_see(
    people: dict[str, Person], data: Community, talk: Event, settings: Any
):
    starts = datetime.now(UTC) + timedelta(days=2)
    meeting = record_event(
        by=people["ada"],
        community=data,
        kind="sponsor_meeting",
        starts_at=starts,
        ends_at=starts,
        timezone="Europe/London",
    )
    mine = {name: feeds_of(by=people[name])[1] for name in ("ada", "fay")}

    def uids(person: str) -> set[str]:
        answered = Client().get(f"/calendars/{mine[person].secret}.ics")
        assert answered.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return {event["UID"] for event in read(answered.content)}

    assert uids("ada") == {talk.uid, meeting.uid}
    assert uids("fay") == {talk.uid}
    settings.FOLKMOOT_URL = "https://moved.example"
    assert uids("fay") == {talk.uid}
    assert Client().get("/calendars/nonsense.ics").status_code == 404
    Person.objects.filter(ref="fay").update(left="2024-01-01")
    assert Client().get(f"/calendars/{mine['fay'].secret}.ics").status_code == 410


def test_a_feed_that_has_not_changed_is_a_304(people: dict[str, Person], talk: Event):
    path = f"/calendars/{feeds_of(by=people['dan'])[0].secret}.ics"
    first = Client().get(path)
    assert read(first.content) == []
    stamp = {"If-None-Match": first.headers["ETag"]}
    assert Client().get(path, headers=stamp).status_code == 304
    answer(by=people["dan"], event=talk, said="going")
    second = Client().get(path, headers=stamp)
    assert [event["SUMMARY"] for event in read(second.content)] == [talk.title]
    stamp = {"If-None-Match": second.headers["ETag"]}
    assert Client().get(path, headers=stamp).status_code == 304
    for several in (f"W/{stamp['If-None-Match']}", f'"another", {stamp["If-None-Match"]}'):
        assert Client().get(path, headers={"If-None-Match": several}).status_code == 304
    change_event(by=people["ada"], event=talk, title="Maps")
    assert [event["SUMMARY"] for event in read(Client().get(path, headers=stamp).content)] == ["Maps"]


def test_another_address_ends_the_one_before(people: dict[str, Person], data: Community):
    dan = client_of(people["dan"])
    assert "/calendars/" in dan.get("/calendars/").content.decode()
    assert set(Feed.objects.values_list("kind", flat=True)) == {"mine", "programme", "community"}
    feed = Feed.objects.get(kind="mine")
    assert dan.post("/calendars/", {"feed": feed.pk}).status_code == 302
    assert Client().get(f"/calendars/{feed.secret}.ics").status_code == 404
    feed.refresh_from_db()
    assert Client().get(f"/calendars/{feed.secret}.ics").status_code == 200
    assert client_of(people["eve"]).post("/calendars/", {"feed": feed.pk}).status_code == 404
    assert renew_feed(by=people["dan"], feed=feed).secret != ""


def test_the_address_of_a_community_that_one_has_left_can_be_renewed(
    people: dict[str, Person], data: Community, talk: Event
):
    dan = client_of(people["dan"])
    dan.get("/calendars/")
    feed = Feed.objects.get(person=people["dan"], community=data)
    Membership.objects.filter(person=people["dan"]).update(until="2024-06-01")
    assert f'name="feed" value="{feed.pk}"' in dan.get("/calendars/").text
    dan.post("/calendars/", {"feed": feed.pk})
    assert Client().get(f"/calendars/{feed.secret}.ics").status_code == 404


def test_one_event_is_a_file(people: dict[str, Person], talk: Event):
    answered = Client().get(f"/events/{talk.pk}/event.ics")
    (event,) = read(answered.content)
    assert (event["SUMMARY"], event["LOCATION"]) == (talk.title, "Room 1")
    assert "Line one\nLine two" in event["DESCRIPTION"]


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(list(",;:\\\"'\n\t=")), max_size=300
)


@given(title=TEXTS.filter(lambda text: text.strip()), place=TEXTS)
def test_whatever_a_title_says_a_calendar_reads_it(title: str, place: str):
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    event = Event(
        pk=7, title=title, place=place, starts_at=at, ends_at=at + timedelta(hours=1), timezone="Europe/London",
        status="scheduled", created_at=at,
    )  # fmt: skip
    content = "".join(as_feed("Name, and; more", [event]))
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))
    (found,) = read(content.encode())
    assert str(found["SUMMARY"]) == title
    assert str(found.get("LOCATION", "")) == place
    assert found["DTSTART"].dt == at


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_lines_are_folded_within_their_octets_and_never_within_a_letter(text: str):
    folded = _folded(text).split("\r\n ")
    assert "".join(folded) == text
    assert [len(part.encode()) <= 75 - (number > 0) for number, part in enumerate(folded)] == [True] * len(
        folded
    )
