"""Invitations as a mail server gets them, read back by programs that are not ours: `icalendar`, and `ical.js`."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from icalendar import Calendar as Ical

from folkmoot.communities.models import Community
from folkmoot.discussions.tests.world import community_of
from folkmoot.events.actions import (
    answer,
    answer_series,
    cancel_event,
    change_event,
    plan_series,
    record_event,
)
from folkmoot.events.invitations import bring_up_to_date, whose_calendars
from folkmoot.events.models import Event
from folkmoot.notifications.tests.test_mail import Mailbox
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
STARTS = datetime(2027, 3, 11, 12, 30, tzinfo=LONDON)
ICAL_JS = "ical.js@2.2.1"
_READ = """
import ICAL from 'ical.js';
const root = new ICAL.Component(ICAL.parse(await new Response(process.stdin).text()));
for (const zone of root.getAllSubcomponents('vtimezone'))
  ICAL.TimezoneService.register(new ICAL.Timezone(zone), zone.getFirstPropertyValue('tzid'));
const events = root.getAllSubcomponents('vevent').map((part) => new ICAL.Event(part));
const whole = events.find((event) => !event.isRecurrenceException());
for (const event of events) if (event.isRecurrenceException()) whole.relateException(event);
const starts = [];
if (whole.isRecurring()) {
  const times = whole.iterator();
  for (let at; (at = times.next()) && starts.length < 50;)
    starts.push(whole.getOccurrenceDetails(at).startDate.toJSDate().toISOString());
} else starts.push(whole.startDate.toJSDate().toISOString());
const method = root.getFirstPropertyValue('method');
console.log(JSON.stringify({ method, uid: whole.uid, sequence: whole.sequence, starts }));
"""


@pytest.fixture
def people() -> dict[str, Person]:
    known = {"created_at": datetime(2024, 1, 8, tzinfo=UTC)}
    names = ("ada", "dan", "eve", "fay")
    return {n: Person.objects.create(ref=n, name=n.title(), email=f"{n}@uni.example", **known) for n in names}


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    return community_of(people)


@pytest.fixture
def box(settings: LazySettings) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    with time_machine.travel(STARTS - timedelta(days=9), tick=False):
        yield box
    server.stop()


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A program of `ical.js`, where Node is there."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    folder = tmp_path_factory.mktemp("node")
    subprocess.run([npm, "install", "--silent", ICAL_JS], cwd=folder, check=True, capture_output=True)
    (folder / "read.mjs").write_text(_READ)
    return folder / "read.mjs"


def sent(box: Mailbox, reader: Path | None) -> list[dict[str, Any]]:
    """What arrives of everything that calendars do not know yet, as each program reads it; they agree."""
    box.taken.clear()
    for event, person in whose_calendars(list(Event.objects.values_list("pk", flat=True))):
        bring_up_to_date(event, person)
    found = []
    for letter in box.taken:
        part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
        assert isinstance(part, EmailMessage)
        content = part.get_content()
        said = _by_icalendar(content)
        assert part.get_param("method") == said["method"]
        assert content.count("\r\n") or content.count("\n")
        if reader is not None:
            run = subprocess.run(
                ["node", str(reader)],
                input=content,
                capture_output=True,
                text=True,
                check=True,
                cwd=reader.parent,
            )
            read = json.loads(run.stdout)
            starts = [datetime.fromisoformat(each.replace("Z", "+00:00")) for each in read["starts"]]
            said["starts"] = said["starts"] or starts
            assert (read["method"], read["uid"], read["sequence"]) == (
                said["method"],
                said["uid"],
                said["sequence"],
            )
            if not said["repeats"]:
                assert starts == said["starts"]
        found.append(said)
    return found


def _by_icalendar(content: str) -> dict[str, Any]:
    calendar = Ical.from_ical(content)
    assert calendar.walk("VTIMEZONE")
    whole: Any = calendar.walk("VEVENT")[0]
    repeats = "RRULE" in whole
    return {
        "method": str(calendar["METHOD"]),
        "uid": str(whole["UID"]),
        "sequence": int(whole["SEQUENCE"]),
        "starts": [] if repeats else [whole["DTSTART"].dt.astimezone(UTC)],
        "repeats": repeats,
    }


def test_from_the_answer_to_the_cancellation(people, data: Community, box: Mailbox, reader: Path | None):
    talk = record_event(
        by=people["ada"], community=data, kind="talk", title="Maps, “tables”; & ünïcode 🗺", starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=1), timezone="Europe/London",
    )  # fmt: skip
    answer(by=people["eve"], event=talk, said="going")
    (first,) = sent(box, reader)
    assert (first["method"], first["starts"]) == ("REQUEST", [STARTS.astimezone(UTC)])
    later = STARTS + timedelta(days=1)
    change_event(by=people["ada"], event=talk, starts_at=later, ends_at=later + timedelta(hours=1))
    (moved,) = sent(box, reader)
    assert (moved["uid"], moved["starts"]) == (first["uid"], [later.astimezone(UTC)])
    assert moved["sequence"] > first["sequence"]
    cancel_event(by=people["ada"], event=talk)
    (off,) = sent(box, reader)
    assert (off["method"], off["uid"]) == ("CANCEL", first["uid"])
    assert off["sequence"] > moved["sequence"]
    assert sent(box, reader) == []


def test_a_series_is_one_letter_and_other_programs_find_its_days(
    people, data: Community, box: Mailbox, reader: Path | None
):
    events = plan_series(
        by=people["ada"], community=data, kind="talk", title="Maps", starts_at=STARTS, every="week",
        ends_at=STARTS + timedelta(hours=1), timezone="Europe/London", until=date(2027, 4, 8),
    )  # fmt: skip
    answer_series(by=people["eve"], event=events[0], said="going")
    answer(by=people["eve"], event=events[1], said="no")
    later = events[3].starts_at + timedelta(hours=3)
    change_event(by=people["ada"], event=events[3], starts_at=later, ends_at=later + timedelta(hours=1))
    (letter,) = sent(box, reader)
    if reader is not None:
        wanted = [events[0].starts_at, events[2].starts_at, later, events[4].starts_at]
        assert letter["starts"] == [at.astimezone(UTC) for at in wanted]
    assert letter["repeats"]
