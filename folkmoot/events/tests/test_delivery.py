"""Invitations as a mail server gets them, read back by programs that are not ours.

`icalendar` reads them and `dateutil` finds their days, in the zones that they bring; where Node is, `ical.js` as well.
"""

import io
import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import time_machine
from aiosmtpd.controller import Controller
from dateutil import tz
from dateutil.rrule import rrule, rruleset, rrulestr
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
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program of `ical.js`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node is not on this computer, so ical.js reads nothing here; dateutil does.")
    folder = tmp_path_factory.mktemp("node")
    subprocess.run([npm, "install", "--silent", ICAL_JS], cwd=folder, check=True, capture_output=True)
    (folder / "read.mjs").write_text(_READ)
    return folder / "read.mjs"


class Letter(NamedTuple):
    """What a calendar is sent: the file, and what is read in it."""

    content: str
    method: str
    uid: str
    sequence: int
    starts: list[datetime]


def sent(box: Mailbox) -> list[Letter]:
    """What arrives of everything that calendars do not know yet."""
    box.taken.clear()
    for event, person in whose_calendars(list(Event.objects.values_list("pk", flat=True))):
        bring_up_to_date(event, person)
    found = []
    for letter in box.taken:
        part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
        raw = part.get_payload(decode=True)
        assert isinstance(raw, bytes)
        # Lines end as RFC 5545 §3.1 says, each of them.
        assert b"\r\n" in raw
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
        read = by_dateutil(raw.decode())
        assert part.get_param("method") == read.method
        found.append(read)
    return found


def by_dateutil(content: str) -> Letter:
    """A letter as `icalendar` reads it, with the days that `dateutil` finds in the zones that the file describes."""
    calendar = Ical.from_ical(content)
    zones = tz.tzical(io.StringIO(content))
    whole: Any
    whole, *changed = calendar.walk("VEVENT")

    def at(said: Any) -> datetime:
        wall = said.dt.replace(tzinfo=zones.get(said.params["TZID"]))
        return wall.astimezone(UTC)

    times = rruleset()
    first = whole["DTSTART"]
    begins = first.dt.replace(tzinfo=zones.get(first.params["TZID"]))
    if "RRULE" in whole:
        rule = rrulestr(whole["RRULE"].to_ical().decode(), dtstart=begins)
        assert isinstance(rule, rrule)
        times.rrule(rule)
    else:
        times.rdate(begins)
    taken_out = whole.get("EXDATE", [])
    for each in taken_out if isinstance(taken_out, list) else [taken_out]:
        for day in each.dts:
            times.exdate(day.dt.replace(tzinfo=begins.tzinfo))
    starts = {time.astimezone(UTC) for time in times}
    for one in changed:
        starts.remove(at(one["RECURRENCE-ID"]))
        starts.add(at(one["DTSTART"]))
    return Letter(content, str(calendar["METHOD"]), str(whole["UID"]), int(whole["SEQUENCE"]), sorted(starts))


def by_ical_js(content: str, reader: Path) -> Letter:
    """The same as `ical.js` reads it, which many calendars in browsers are made of."""
    run = subprocess.run(
        ["node", str(reader)], input=content, capture_output=True, text=True, check=True, cwd=reader.parent
    )
    read = json.loads(run.stdout)
    starts = [datetime.fromisoformat(each.replace("Z", "+00:00")) for each in read["starts"]]
    return Letter(content, read["method"], read["uid"], read["sequence"], sorted(starts))


def from_answer_to_cancellation(people: dict[str, Person], data: Community, box: Mailbox) -> list[Letter]:
    """Eve comes to an event, which is moved by a day and cancelled."""
    talk = record_event(
        by=people["ada"], community=data, kind="talk", title="Maps, “tables”; & ünïcode 🗺", starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=1), timezone="Europe/London",
    )  # fmt: skip
    answer(by=people["eve"], event=talk, said="going")
    letters = sent(box)
    later = STARTS + timedelta(days=1)
    change_event(by=people["ada"], event=talk, starts_at=later, ends_at=later + timedelta(hours=1))
    letters += sent(box)
    cancel_event(by=people["ada"], event=talk)
    return letters + sent(box)


def a_series(people: dict[str, Person], data: Community, box: Mailbox) -> tuple[list[Event], list[Letter]]:
    """Eve comes to a series across the change of clocks but for its second day; the fourth is three hours later."""
    events = plan_series(
        by=people["ada"], community=data, kind="talk", title="Maps", starts_at=STARTS, every="week",
        ends_at=STARTS + timedelta(hours=1), timezone="Europe/London", until=date(2027, 4, 8),
    )  # fmt: skip
    answer_series(by=people["eve"], event=events[0], said="going")
    answer(by=people["eve"], event=events[1], said="no")
    later = events[3].starts_at + timedelta(hours=3)
    change_event(by=people["ada"], event=events[3], starts_at=later, ends_at=later + timedelta(hours=1))
    return events, sent(box)


def test_from_the_answer_to_the_cancellation(people, data: Community, box: Mailbox):
    first, moved, off = from_answer_to_cancellation(people, data, box)
    assert (first.method, first.starts) == ("REQUEST", [STARTS.astimezone(UTC)])
    later = STARTS + timedelta(days=1)
    assert (moved.method, moved.uid, moved.starts) == ("REQUEST", first.uid, [later.astimezone(UTC)])
    assert (off.method, off.uid) == ("CANCEL", first.uid)
    assert first.sequence < moved.sequence < off.sequence
    assert sent(box) == []


def test_a_series_is_one_letter_and_other_programs_find_its_days(people, data: Community, box: Mailbox):
    events, (letter,) = a_series(people, data, box)
    later = events[3].starts_at + timedelta(hours=3)
    wanted = [events[0].starts_at, events[2].starts_at, later, events[4].starts_at]
    assert letter.starts == [at.astimezone(UTC) for at in wanted]
    assert "RRULE" in letter.content


def test_ical_js_reads_them_alike(people, data: Community, box: Mailbox, reader: Path):
    letters = from_answer_to_cancellation(people, data, box) + a_series(people, data, box)[1]
    assert len(letters) == 4
    for letter in letters:
        assert by_ical_js(letter.content, reader) == letter
