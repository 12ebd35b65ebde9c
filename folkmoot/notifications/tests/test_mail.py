"""Letters: at once and as a digest, never of what was read, never lost; and the one click out of them."""

import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.conf import LazySettings, settings
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from folkmoot.calendar.models import Calendar, Period
from folkmoot.communities.actions import ask_to_join, invite_people, join
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.notifications.actions import choose
from folkmoot.notifications.mailing import mail_at_once
from folkmoot.notifications.models import BadAddress, Notice
from folkmoot.notifications.tasks import GrowingGaps, digest, fan_out, find_digests, mail
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 6, 10, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(WEDNESDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def people() -> dict[str, Person]:
    return {
        ref: Person.objects.create(ref=ref, name=ref.title(), email=f"{ref}@uni.example")
        for ref in ("ada", "ben", "cleo", "dan", "eve")
    }


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    """A community that Ada leads."""
    community = Community.objects.create(slug="data", name="Data <& more>", since=date(2024, 1, 8))
    StageChange.objects.create(community=community, stage="active", since=community.since)
    Membership.objects.create(community=community, person=people["ada"], role="lead", since=community.since)
    return community


def work() -> None:
    """What the worker does with the jobs that wait, but for those of later than now."""
    tasks: dict[str, Any] = {
        "notifications.fan_out": fan_out,
        "notifications.mail": mail,
        "notifications.digest": digest,
    }
    while True:
        waiting = ProcrastinateJob.objects.filter(task_name__in=tasks, status="todo").order_by("id")
        ready = [job for job in waiting if not job.scheduled_at or job.scheduled_at <= datetime.now(UTC)]
        if not ready:
            return
        for job in ready:
            tasks[job.task_name].func(**job.args)
            ProcrastinateJob.objects.filter(pk=job.pk).delete()


def ask(community: Community, *people: Person) -> None:
    Community.objects.filter(pk=community.pk).update(joining="request")
    for person in people:
        ask_to_join(by=person, community=community)


def sent() -> list[EmailMultiAlternatives]:
    return [letter for letter in outbox.outbox if isinstance(letter, EmailMultiAlternatives)]


def test_what_is_about_me_comes_at_once_with_a_button(people: dict[str, Person], data: Community):
    ask(data, people["cleo"])
    work()
    (letter,) = sent()
    assert letter.to == ["ada@uni.example"]
    assert letter.subject == "Cleo asked to join Data <& more>"
    notice = Notice.objects.get()
    address = f"http://127.0.0.1:8000/inbox/{notice.pk}/"
    assert address in str(letter.body)
    assert "Data <& more>" in str(letter.body)
    html = str(letter.alternatives[0][0])
    assert f'href="{address}"' in html
    assert "Data &lt;&amp; more&gt;" in html
    assert 'style="' in html
    assert "<style" not in html
    work()
    assert len(sent()) == 1


def test_letters_about_one_thing_are_one_thread(
    people: dict[str, Person], data: Community, clock: time_machine.Traveller
):
    ask(data, people["cleo"])
    work()
    clock.shift(3600)
    ask(data, people["dan"])
    work()
    first, second = sent()
    assert first.extra_headers["References"] == second.extra_headers["References"]
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
    assert second.subject.startswith("Dan asked")


def test_in_the_evening_it_waits_for_the_morning_and_is_one_letter(
    people: dict[str, Person], data: Community, clock: time_machine.Traveller
):
    clock.move_to(datetime(2026, 6, 12, 18, tzinfo=UTC))  # Friday, after hours
    ask(data, people["cleo"], people["dan"], people["eve"])
    work()
    assert sent() == []
    clock.move_to(datetime(2026, 6, 15, 8, 0, 1, tzinfo=UTC))  # Monday, nine in London
    work()
    (letter,) = sent()
    assert letter.subject == "Eve and 2 others asked to join Data <& more>"


def test_what_comes_together_is_one_letter_and_one_click_ends_all_its_kinds(
    people: dict[str, Person], data: Community, clock: time_machine.Traveller
):
    clock.move_to(datetime(2026, 6, 12, 18, tzinfo=UTC))
    ask(data, people["cleo"])
    other = Community.objects.create(slug="other", name="Other", since=date(2024, 1, 8))
    StageChange.objects.create(community=other, stage="active", since=other.since)
    invite_people(by=people["ben"], community=other, addresses=["ada@uni.example"])
    work()
    clock.move_to(datetime(2026, 6, 15, 8, 0, 1, tzinfo=UTC))
    work()
    (letter,) = sent()
    assert letter.subject == "Ben invited you to Other, and 1 thing more"
    assert "Cleo asked to join Data <& more>." in str(letter.body)
    path = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    Client().post(path)
    assert set(people["ada"].notice_choices.values_list("kind", "when")) == {
        ("asked_to_join", "never"),
        ("invited", "never"),
    }


def test_what_was_read_meanwhile_is_not_sent(
    people: dict[str, Person], data: Community, clock: time_machine.Traveller
):
    clock.move_to(datetime(2026, 6, 12, 18, tzinfo=UTC))
    ask(data, people["cleo"])
    work()
    client = Client()
    client.force_login(people["ada"], backend=settings.AUTHENTICATION_BACKENDS[0])
    client.get(f"/inbox/{Notice.objects.get().pk}/")
    clock.move_to(datetime(2026, 6, 15, 9, tzinfo=UTC))
    work()
    assert sent() == []


def test_all_else_waits_for_one_letter_a_week(
    people: dict[str, Person], data: Community, clock: time_machine.Traveller
):
    join(by=people["cleo"], community=data)
    join(by=people["dan"], community=data)
    work()
    for hours in range(0, 5 * 24 + 1, 6):
        clock.move_to(WEDNESDAY + timedelta(hours=hours))
        find_digests.func()
        work()
        if datetime.now(UTC) < datetime(2026, 6, 15, 8, tzinfo=UTC):
            assert sent() == []
    (letter,) = sent()
    assert letter.subject == "This week: Data <& more>"
    assert "Dan and Cleo joined Data <& more>." in str(letter.body)
    clock.shift(7 * 24 * 3600)
    find_digests.func()
    work()
    assert len(sent()) == 1, "never an empty one"


def test_digests_that_wait_are_not_deferred_again(
    people: dict[str, Person], data: Community, clock: time_machine.Traveller
):
    join(by=people["cleo"], community=data)
    work()
    clock.move_to(datetime(2026, 6, 15, 10, tzinfo=UTC))
    for _ten_minutes in range(3):
        find_digests.func()
    assert ProcrastinateJob.objects.filter(task_name="notifications.digest").count() == 1
    work()
    assert len(sent()) == 1


def test_on_a_closure_the_digest_comes_on_the_next_working_day(
    people: dict[str, Person], data: Community, clock: time_machine.Traveller
):
    Period.objects.create(
        calendar=Calendar.objects.organisations(), name="Shut", kind="closure",
        start=date(2026, 6, 15), end=date(2026, 6, 16),
    )  # fmt: skip
    join(by=people["cleo"], community=data)
    work()
    for day, number in ((15, 0), (16, 0), (17, 1), (18, 1)):
        clock.move_to(datetime(2026, 6, day, 10, tzinfo=UTC))
        find_digests.func()
        work()
        assert len(sent()) == number


@pytest.mark.parametrize(("when", "at_once", "by_thursday"), [
    ("at_once", 1, 1), ("daily", 0, 1), ("weekly", 0, 0), ("never", 0, 0),
])  # fmt: skip
def test_each_hears_as_soon_as_they_chose(
    people: dict[str, Person], data: Community, clock: time_machine.Traveller,
    when: str, at_once: int, by_thursday: int,
):  # fmt: skip
    choose(by=people["ada"], kind="joined", when=when)
    join(by=people["cleo"], community=data)
    work()
    find_digests.func()
    work()
    assert len(sent()) == at_once
    clock.move_to(datetime(2026, 6, 11, 10, tzinfo=UTC))
    find_digests.func()
    work()
    assert len(sent()) == by_thursday


def test_a_mail_server_that_is_down_loses_nothing(
    people: dict[str, Person], data: Community, monkeypatch: pytest.MonkeyPatch
):
    ask(data, people["cleo"])

    def down(self: EmailMultiAlternatives, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError("nobody listens")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", down)
        with pytest.raises(ConnectionRefusedError):
            work()
    assert Notice.objects.get().mailed_at is None
    work()
    assert len(sent()) == 1
    assert Notice.objects.get().mailed_at is not None


def test_the_gaps_grow_and_the_end_is_weeks_away():
    gaps = []
    for attempts in range(40):
        job = Job(id=1, lock=None, queueing_lock=None, task_name="x", attempts=attempts, queue="default")
        decision = GrowingGaps().get_retry_decision(exception=OSError(), job=job)
        if decision is None:
            break
        assert decision.retry_at is not None
        gaps.append((decision.retry_at - datetime.now(UTC)).total_seconds())
    assert gaps[:3] == [60, 120, 240]
    assert max(gaps) == 12 * 3600
    assert sum(gaps) > 10 * 24 * 3600
    tired = Job(id=1, lock=None, queueing_lock=None, task_name="x", attempts=8, queue="default")
    assert GrowingGaps().get_retry_decision(exception=ValueError(), job=tired) is None, "it would fail again"


def test_an_address_refused_for_good_is_written_to_no_more(
    people: dict[str, Person], data: Community, monkeypatch: pytest.MonkeyPatch
):
    ask(data, people["cleo"])
    notice_of = lambda: Notice.objects.latest("id").pk  # noqa: E731

    def refuse(code: int) -> None:
        def send(self: EmailMultiAlternatives, fail_silently: bool = False) -> int:
            raise smtplib.SMTPRecipientsRefused({"ada@uni.example": (code, b"no such mailbox")})

        monkeypatch.setattr(EmailMultiAlternatives, "send", send)

    fan_out.func(entry=ProcrastinateJob.objects.get(task_name="notifications.fan_out").args["entry"])
    refuse(450)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail_at_once(notice_of())
    assert not BadAddress.objects.exists()
    refuse(550)
    assert not mail_at_once(notice_of())
    assert BadAddress.objects.get().reason == "550 no such mailbox"
    monkeypatch.undo()
    ask(data, people["dan"])
    ProcrastinateJob.objects.filter(task_name="notifications.mail").delete()
    work()
    assert sent() == []
    people["ada"].email = "new@uni.example"
    people["ada"].save()
    ask(data, people["eve"])
    work()
    assert [letter.to for letter in sent()] == [["new@uni.example"]]


def test_one_click_unsubscribes_without_signing_in(people: dict[str, Person], data: Community):
    ask(data, people["cleo"])
    work()
    headers = sent()[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    client = Client(enforce_csrf_checks=True)
    assert "Send me no more of these" in client.get(path).content.decode()
    ask(data, people["dan"])
    work()
    assert len(sent()) == 2, "looking is not choosing"
    answer = client.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert not answer.cookies
    ask(data, people["eve"])
    work()
    assert len(sent()) == 2
    invite_people(by=people["ben"], community=data, addresses=["ada@uni.example"])
    assert client.post("/unsubscribe/nonsense/").status_code == 404


def test_choices_are_kept_and_shown_again(people: dict[str, Person]):
    client = Client()
    client.force_login(people["ada"], backend=settings.AUTHENTICATION_BACKENDS[0])
    shown = client.get("/inbox/choices/").context["form"]
    typed = {bound.name: bound.value() for bound in shown} | {"joined": "daily", "weekday": "4", "hour": "15"}
    assert shown["joined"].value() == "weekly"
    assert client.post("/inbox/choices/", typed).status_code == 302
    again = client.get("/inbox/choices/").context["form"]
    assert (again["joined"].value(), again["weekday"].value(), again["hour"].value()) == ("daily", 4, 15)
    assert client.post("/inbox/choices/", typed | {"joined": "hourly"}).status_code == 422


class Mailbox:
    """A mail server's handler that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 taken"

    async def handle_RCPT(
        self, server: object, session: object, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("gone@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 fine"


def test_a_real_mail_server_goes_away_and_comes_back(
    people: dict[str, Person], data: Community, settings: LazySettings
):
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    box = Mailbox()
    ask(data, people["cleo"])
    with pytest.raises(OSError):  # noqa: PT011 - nobody listens
        work()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        work()
        (letter,) = box.taken
        assert letter["To"] == "ada@uni.example"
        assert letter["Subject"] == "Cleo asked to join Data <& more>"
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
        Person.objects.filter(ref="ada").update(email="gone@uni.example")
        ask(data, people["dan"])
        work()
        assert len(box.taken) == 1
        assert BadAddress.objects.get().email == "gone@uni.example"
    finally:
        server.stop()
