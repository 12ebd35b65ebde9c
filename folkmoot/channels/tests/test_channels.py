"""A community's channel: what is posted there, where it may be, and what happens when it fails."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.test import Client
from microsoft_teams.cards import AdaptiveCard, OpenUrlAction, TextBlock
from procrastinate.contrib.django.models import ProcrastinateJob
from pydantic import ValidationError

from folkmoot.activity.models import Entry
from folkmoot.channels import posting
from folkmoot.channels.actions import OFF_AT, WARN_AT, link_channel, post_card
from folkmoot.channels.cards import Card, as_slack, as_teams, card_of
from folkmoot.channels.models import Channel
from folkmoot.channels.posting import Failed, checked
from folkmoot.channels.sealing import opened, sealed
from folkmoot.channels.tasks import fan_out, find_summaries, post_entry, post_summary
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.core.refused import Refused
from folkmoot.discussions.actions import remove_post, reply, start_thread
from folkmoot.events.actions import cancel_event, record_event
from folkmoot.events.models import Event
from folkmoot.events.tasks import begin
from folkmoot.notifications.actions import tell
from folkmoot.notifications.inbox import inbox_of
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
ADDRESS = "https://flows.example.org/workflows/1?sig=secret"


class Receiver(BaseHTTPRequestHandler):
    """The other end: takes what is posted, and answers as the server is told to."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.taken.append((self.path, json.loads(body)))
        if server.answer == "slow":
            time.sleep(1)
        if server.answer == "garbage":
            self.wfile.write(b"\x00\xff nonsense\r\n\r\n")
            return
        self.send_response(server.answer if isinstance(server.answer, int) else 200)
        self.send_header("Location", "http://169.254.169.254/latest/")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A receiver on loopback, in the place of the public one."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.taken, server.answer = [], 202
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def here(host: str, address: str) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=0.4)

    monkeypatch.setattr(posting, "_Pinned", here)
    monkeypatch.setattr(posting, "public_addresses", lambda host: ["203.0.113.1"])
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def ada() -> Person:
    return Person.objects.create(ref="ada", name="Ada")


@pytest.fixture
def data(ada: Person) -> Community:
    """A community that Ada leads."""
    community = Community.objects.create(slug="data", name="Data", since=date(2024, 1, 8))
    StageChange.objects.create(community=community, stage="active", since=community.since)
    Membership.objects.create(community=community, person=ada, role="lead", since=community.since)
    return community


@pytest.fixture
def channel(ada: Person, data: Community, receiver: Any) -> Channel:
    return link_channel(by=ada, community=data, program="teams", address=ADDRESS)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def work() -> None:
    """What the worker does with the jobs that wait."""
    tasks: dict[str, Any] = {"channels.fan_out": fan_out, "channels.post": post_entry}
    while jobs := list(ProcrastinateJob.objects.filter(task_name__in=tasks, status="todo").order_by("id")):
        for job in jobs:
            ProcrastinateJob.objects.filter(pk=job.pk).delete()
            tasks[job.task_name].func(**job.args)


def test_announcements_and_planned_events_are_posted_and_nothing_else(
    ada: Person, data: Community, channel: Channel, receiver: Any
):
    start_thread(by=ada, community=data, kind="announcement", title="News", text="Hear this")
    start_thread(by=ada, community=data, kind="conversation", title="Chat", text="Not this")
    soon = datetime.now(UTC) + timedelta(days=3)
    for kind, starts in (("talk", soon), ("sponsor_meeting", soon), ("talk", soon - timedelta(days=9))):
        record_event(
            by=ada, community=data, kind=kind, title=f"A {kind}", starts_at=starts,
            ends_at=starts + timedelta(hours=1), timezone="Europe/London", place="Room 1",
        )  # fmt: skip
    work()
    posted = [body["attachments"][0]["content"]["body"][0]["text"] for _path, body in receiver.taken]
    assert posted == ["News", "A talk"]
    assert receiver.taken[0][0] == "/workflows/1?sig=secret"
    channel.refresh_from_db()
    assert channel.succeeded_at is not None


def test_a_card_is_what_teams_and_slack_take():
    card = Card("<b>Title</b> & more", "Text", "/communities/data/")
    (attachment,) = as_teams(card)["attachments"]
    assert as_teams(card)["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    content = attachment["content"]
    assert set(content) == {"$schema", "type", "version", "body", "actions"}
    assert (content["type"], content["version"]) == ("AdaptiveCard", "1.4")
    assert all(block["type"] == "TextBlock" and block["wrap"] and block["text"] for block in content["body"])
    (action,) = content["actions"]
    assert (action["type"], action["url"]) == ("Action.OpenUrl", "http://127.0.0.1:8000/communities/data/")
    assert as_slack(card)["text"].startswith(
        "*&lt;b&gt;Title&lt;/b&gt; &amp; more*\nText\n<http://127.0.0.1:8000/"
    )
    assert len(as_teams(Card("T", "", "/"))["attachments"][0]["content"]["body"]) == 1


@pytest.mark.parametrize("address", [
    "http://example.org/x", "ftp://example.org", "example.org", "https://", "https://user@example.org/", "https://[::1",
    "https://example.org:8443/", "https://127.0.0.1/", "https://10.1.2.3/", "https://169.254.169.254/latest/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/", "https://[2002:7f00:1::]/", "https://0.0.0.0/",
    "https://localhost/", "https://2130706433/", "https://224.0.0.1/", "https://192.168.0.1\\@example.org/",
])  # fmt: skip
def test_an_address_that_must_not_be_posted_to_is_refused(address: str):
    with pytest.raises(Refused):
        checked(address)


def test_a_name_that_leads_into_our_network_is_refused_also_when_it_does_so_later(
    monkeypatch: pytest.MonkeyPatch, ada: Person, data: Community
):
    answers = ["203.0.113.7", "93.184.216.34"]

    def resolve(host: str, port: int, **_more: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, port)) for address in answers]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(Refused, match="not in the public internet"):
        checked("https://flows.example.org/")  # one of two is a documentation address
    answers[:] = ["93.184.216.34"]
    channel = link_channel(by=ada, community=data, program="teams", address=ADDRESS)
    answers[:] = ["127.0.0.1"]
    with pytest.raises(Failed, match="not in the public internet"):
        post_card(channel, Card("T", "x", "/"))


@pytest.mark.parametrize("answer", [500, 404, 302, 307, "slow", "garbage"])
def test_whatever_is_no_success_is_a_failure(channel: Channel, receiver: Any, answer: object):
    receiver.answer = answer
    with pytest.raises(Failed, match="flows"):
        post_card(channel, Card("T", "x", "/"))
    assert len(receiver.taken) == 1, "nothing is followed"
    channel.refresh_from_db()
    assert channel.failures == 1
    receiver.answer = 200
    post_card(channel, Card("T", "x", "/"))
    channel.refresh_from_db()
    assert (channel.failures, channel.why) == (0, "")


def test_leads_are_warned_and_it_is_switched_off(
    ada: Person, data: Community, channel: Channel, receiver: Any
):
    receiver.answer = 500
    said = []
    for _attempt in range(OFF_AT):
        with pytest.raises(Failed):
            post_card(channel, Card("T", "x", "/"))
        said.append(Entry.objects.filter(verb__startswith="channel_").exclude(verb="channel_linked").count())
    assert said[WARN_AT - 2 : WARN_AT] == [0, 1]
    assert said[-2:] == [1, 2]
    for entry in Entry.objects.order_by("id"):
        tell(entry)
    (group,) = inbox_of(ada.pk)
    assert (
        group.sentence
        == "The channel of Data was switched off after many failures: flows.example.org answered with 500."
    )
    before = len(receiver.taken)
    start_thread(by=ada, community=data, kind="announcement", title="News", text="Hear this")
    work()
    assert len(receiver.taken) == before
    link_channel(by=ada, community=data, program="slack", address=ADDRESS)
    receiver.answer = 200
    start_thread(by=ada, community=data, kind="announcement", title="More", text="Hear that")
    work()
    assert receiver.taken[-1][1]["text"].startswith("*More*")


def test_the_address_is_sealed_and_never_shown(ada: Person, channel: Channel, settings: LazySettings):
    assert b"secret" not in bytes(channel.sealed)
    page = client_of(ada).get("/communities/data/channel/").content.decode()
    assert "flows.example.org" in page
    assert "secret" not in page
    kept = sealed(ADDRESS)
    settings.SECRET_KEY = "another"
    assert opened(kept) is None
    with pytest.raises(Failed, match="signing key"):
        post_card(channel, Card("T", "x", "/"))


def test_leads_link_try_and_take_away_on_the_page(ada: Person, data: Community, receiver: Any):
    page, here = client_of(ada), "/communities/data/channel/"
    assert page.post(here, {"program": "teams", "address": "http://x"}).status_code == 422
    page.post(here, {"program": "teams", "address": ADDRESS})
    assert "It was taken" in page.post(f"{here}trial/", follow=True).content.decode()
    assert len(receiver.taken) == 1
    receiver.answer = 500
    assert "answered with 500" in page.post(f"{here}trial/", follow=True).content.decode()
    page.post(f"{here}removal/")
    assert not Channel.objects.exists()
    stranger = Person.objects.create(ref="fay", name="Fay")
    assert client_of(stranger).get(here).status_code == 403


def test_what_is_gone_by_then_has_no_card(ada: Person, data: Community):
    thread = start_thread(by=ada, community=data, kind="announcement", title="News", text="x")
    entry = Entry.objects.get(verb="announced")
    assert card_of(entry) == Card("News", "x", thread.get_absolute_url())
    thread.delete()
    assert card_of(entry) is None


@pytest.mark.parametrize(
    "card",
    [
        Card("Title", "Text with “quotes” & <b>marks</b>", "/communities/data/"),
        Card("T" * 300, "", "/"),
        Card("Week", "one\n\ntwo", "/communities/data/threads/1/?at=2#post-2"),
    ],
)
def test_a_card_is_valid_by_microsoft_s_own_models_of_the_schema(card: Card):
    (attachment,) = as_teams(card)["attachments"]
    content = attachment["content"]
    assert content.pop("$schema") == "http://adaptivecards.io/schemas/adaptive-card.json"
    read = AdaptiveCard.model_validate(content)
    parts = [
        read,
        *(TextBlock.model_validate(block) for block in content["body"]),
        *(OpenUrlAction.model_validate(action) for action in content["actions"]),
    ]
    # What the schema does not know would be kept as an extra.
    assert not [part.model_extra for part in parts if part.model_extra]
    assert {block["type"] for block in content["body"]} == {"TextBlock"}
    assert {action["type"] for action in content["actions"]} == {"Action.OpenUrl"}
    with pytest.raises(ValidationError):
        TextBlock.model_validate({"type": "TextBlock", "text": "x", "weight": "heavy", "size": "Huge"})


def talk_at(ada: Person, data: Community, starts: datetime, kind: str = "talk") -> Event:
    return record_event(
        by=ada, community=data, kind=kind, title=f"A {kind}", starts_at=starts,
        ends_at=starts + timedelta(hours=1), timezone="Europe/London", place="Room 1",
    )  # fmt: skip


def test_what_begins_now_is_said_once(ada: Person, data: Community, channel: Channel, receiver: Any):
    now = datetime(2026, 6, 10, 12, 25, tzinfo=UTC)
    with time_machine.travel(now - timedelta(days=1), tick=False) as clock:
        soon = talk_at(ada, data, now + timedelta(minutes=5))
        talk_at(ada, data, now + timedelta(minutes=5), "sponsor_meeting")
        talk_at(ada, data, now + timedelta(hours=2))
        cancel_event(by=ada, event=talk_at(ada, data, now + timedelta(minutes=4)))
        work()
        receiver.taken.clear()
        for minutes in (-5, 0, 5):
            clock.move_to(now + timedelta(minutes=minutes))
            begin.func()
            work()
    (taken,) = receiver.taken
    title, text = taken[1]["attachments"][0]["content"]["body"]
    assert (title["text"], text["text"]) == (f"Starting now: {soon.title}", "It begins at 13:30: Room 1.")


def test_a_community_without_a_channel_has_nothing_on_record(ada: Person, data: Community):
    now = datetime(2026, 6, 10, 12, 25, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        talk_at(ada, data, now + timedelta(minutes=5))
        begin.func()
    assert not Entry.objects.filter(verb="event_starting").exists()


def test_the_week_is_summed_up_on_monday_and_an_empty_one_is_not(
    ada: Person, data: Community, channel: Channel, receiver: Any
):
    monday = datetime(2026, 6, 8, 8, 5, tzinfo=UTC)
    with time_machine.travel(monday - timedelta(days=3), tick=False) as clock:
        find_summaries.func()
        (job,) = ProcrastinateJob.objects.filter(task_name="channels.post_summary")
        post_summary.func(**job.args)
        assert receiver.taken == []
        thread = start_thread(by=ada, community=data, kind="conversation", title="Charts", text="One")
        reply(by=ada, thread=thread, text="Two")
        remove_post(by=ada, post=reply(by=ada, thread=thread, text="Three"))
        talk_at(ada, data, monday + timedelta(days=2))
        talk_at(ada, data, monday + timedelta(days=9))
        clock.move_to(monday)
        post_summary.func(channel=channel.pk)
    (taken,) = receiver.taken
    title, text = taken[1]["attachments"][0]["content"]["body"]
    assert title["text"] == "This week in Data"
    assert text["text"] == "Wednesday 10 June, 09:05: A talk\n\n“Charts”: 2 posts"


def test_a_summary_waits_while_nobody_works(ada: Person, channel: Channel):
    sunday = datetime(2026, 6, 7, 9, tzinfo=UTC)
    with time_machine.travel(sunday, tick=False):
        find_summaries.func()
    (job,) = ProcrastinateJob.objects.filter(task_name="channels.post_summary")
    assert job.scheduled_at == datetime(2026, 6, 8, 8, tzinfo=UTC)


def test_a_summary_that_fails_is_tried_again(ada: Person, data: Community, channel: Channel, receiver: Any):
    start_thread(by=ada, community=data, kind="conversation", title="Charts", text="One")
    receiver.answer = 500
    with pytest.raises(Failed):
        post_summary.func(channel=channel.pk)
    Channel.objects.update(switched_off_at=datetime.now(UTC))
    post_summary.func(channel=channel.pk)
    assert len(receiver.taken) == 1
