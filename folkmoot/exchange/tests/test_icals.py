"""Calendars of other programs become drafts; what does not is said in a sentence."""

import uuid
from datetime import date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from folkmoot.communities.models import Community
from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.actions import record_event
from folkmoot.events.calendars import feed
from folkmoot.events.models import Event
from folkmoot.exchange.actions import draft_events
from folkmoot.exchange.icals import Unusable, read_calendar
from folkmoot.exchange.tests.files import SHARED
from folkmoot.people.models import Person

GIVEN = SHARED / "ics"
LONDON = ZoneInfo("Europe/London")


def ics(*events: str, zones: str = "") -> bytes:
    inside = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{zones}{inside}END:VCALENDAR\n".encode()


def test_times_zones_and_lengths_are_read_as_they_are_meant():
    found = read_calendar(
        ics(
            "UID:1\nSUMMARY:Berlin\nDTSTART;TZID=Europe/Berlin:20270311T123000\nDURATION:PT45M",
            "UID:2\nSUMMARY:Windows\nDTSTART;TZID=GMT Standard Time:20270701T100000\nDURATION:PT1H",
            "UID:3\nSUMMARY:All day\nDTSTART;VALUE=DATE:20270312\nDTEND;VALUE=DATE:20270314",
            "UID:4\nSUMMARY:No zone\nDTSTART:20270315T090000\nDTEND:20270315T100000",
            "UID:5\nSUMMARY:UTC\nDTSTART:20270701T090000Z\nDTEND:20270701T100000Z",
        )
    )
    assert found.problems == []
    by = {event.title: event for event in found.events}
    assert by["Berlin"].timezone == "Europe/Berlin"
    assert by["Berlin"].ends_at - by["Berlin"].starts_at == timedelta(minutes=45)
    assert by["Windows"].starts_at == datetime(2027, 7, 1, 10, tzinfo=LONDON)
    assert (by["All day"].starts_at.date(), by["All day"].ends_at.date()) == (
        date(2027, 3, 12),
        date(2027, 3, 13),
    )
    assert by["No zone"].starts_at == datetime(2027, 3, 15, 9, tzinfo=LONDON)
    assert by["UTC"].starts_at == datetime(2027, 7, 1, 10, tzinfo=LONDON)


def test_one_that_repeats_is_as_many_events_without_what_was_taken_out_and_with_what_was_changed():
    found = read_calendar(
        ics(
            "UID:1\nSUMMARY:Weekly\nDTSTART;TZID=Europe/London:20270311T123000\nDURATION:PT1H\n"
            "RRULE:FREQ=WEEKLY;UNTIL=20270408T113000Z\nEXDATE;TZID=Europe/London:20270318T123000",
            "UID:1\nRECURRENCE-ID;TZID=Europe/London:20270401T123000\nSUMMARY:Late\n"
            "DTSTART;TZID=Europe/London:20270401T150000\nDURATION:PT1H",
        )
    )
    assert [(f"{event.starts_at:%-d %b %H:%M}", event.title) for event in found.events] == [
        ("11 Mar 12:30", "Weekly"),
        ("25 Mar 12:30", "Weekly"),
        ("1 Apr 15:00", "Late"),
        ("8 Apr 12:30", "Weekly"),
    ]


def test_the_good_ones_are_taken_and_of_the_others_a_sentence_says_why_not():
    found = read_calendar(
        ics(
            "UID:1\nSUMMARY:Good\nDTSTART:20270311T123000Z\nDTEND:20270311T133000Z\nthis line says nothing",
            "UID:2\nSUMMARY:Backwards\nDTSTART:20270311T123000Z\nDTEND:20270311T113000Z",
            "UID:3\nSUMMARY:Never\nDTSTART:sometime",
            "UID:4\nSUMMARY:Off\nSTATUS:CANCELLED\nDTSTART:20270311T123000Z",
            "UID:5\nSUMMARY:Feb 29\nDTSTART:20270229T123000Z",
            "UID:6\nSUMMARY:Leap\nDTSTART:20280229T123000Z\nDTEND:20280229T133000Z",
            "UID:7\nDTSTART:sometime",
        )
    )
    assert [event.title for event in found.events] == ["Good", "Leap"]
    assert found.problems == [
        "“Backwards”: It ends before it begins.",
        "“Never”: When it begins cannot be read.",
        "“Off”: It is cancelled.",
        "“Feb 29”: When it begins cannot be read.",
        "Event 7 of the file: When it begins cannot be read.",
    ]


@pytest.mark.parametrize(
    ("rule", "times", "sentence"),
    [
        (
            "FREQ=SECONDLY;INTERVAL=7;BYSECOND=1;BYMINUTE=1;BYHOUR=1;BYDAY=MO;BYMONTH=2;BYMONTHDAY=30",
            1,
            "within a day",
        ),
        ("FREQ=HOURLY", 1, "within a day"),
        ("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5", 1, "within a day"),
        ("FREQ=DAILY;INTERVAL=0", 1, "cannot be read"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 1, ""),
        ("FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=100;BYSETPOS=5", 1, ""),
        ("FREQ=YEARLY;BYYEARDAY=" + "366," * 100_000 + "1", 1, "cannot be read"),
        ("FREQ=DAILY;UNTIL=99991231T235959Z", 60, "the first 60"),
        ("FREQ=YEARLY", 2, ""),
    ],
)
def test_no_rule_takes_long(rule: str, times: int, sentence: str):
    begun = process_time()
    found = read_calendar(ics(f"UID:1\nSUMMARY:T\nDTSTART:20270311T123000Z\nRRULE:{rule}"))
    assert process_time() - begun < 1
    assert len(found.events) == times
    assert sentence in " ".join(found.problems)
    assert bool(sentence) == bool(found.problems)


ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Customized\n"
    "BEGIN:STANDARD\nDTSTART:16011028T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"
    "BEGIN:DAYLIGHT\nDTSTART:16010325T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)


def test_a_zone_of_the_files_own_is_read_as_it_says_and_a_rule_of_it_that_never_ends_is_not():
    event = "UID:1\nSUMMARY:T\nDTSTART;TZID=Customized:20270311T123000\nRRULE:FREQ=MONTHLY;COUNT=2"
    found = read_calendar(ics(event, zones=ZONE)).events
    assert [f"{one.starts_at:%-d %b %H:%M}" for one in found] == ["11 Mar 11:30", "11 Apr 11:30"]
    begun = process_time()
    read_calendar(ics(event, zones=ZONE.replace("YEARLY;BYDAY=-1SU", "SECONDLY;BYMONTHDAY=30;BYHOUR=2")))
    assert process_time() - begun < 1


@pytest.mark.parametrize("year", ["0001", "1969", "2201", "9998", "9999"])
def test_years_that_no_calendar_means_are_said(year: str):
    found = read_calendar(
        ics(
            f"SUMMARY:Moment\nDTSTART:{year}1231T233000\nDURATION:PT1H",
            f"SUMMARY:Day\nDTSTART;VALUE=DATE:{year}0101",
            f"SUMMARY:End\nDTSTART:20270311T123000Z\nDTEND:{year}1231T233000Z",
            f"SUMMARY:Too\nDTSTART:20270311T123000Z\nRDATE:{year}1231T233000Z",
        )
    )
    assert found.events == []
    assert [problem.split(":")[1] for problem in found.problems] == [" Check the year"] * 4


@pytest.mark.parametrize(
    ("duration", "sentence"),
    [
        ("-P999999D", "It ends before it begins."),
        ("-PT1S", "It ends before it begins."),
        ("P999999D", "It lasts more than a year."),
        ("P99999WT999999999S", "It lasts more than a year."),
        ("P9999999999D", "When it ends cannot be read."),
    ],
)
def test_durations_that_no_event_has_are_said(duration: str, sentence: str):
    found = read_calendar(ics(f"UID:1\nSUMMARY:T\nDTSTART:20270311T123000Z\nDURATION:{duration}"))
    assert (found.events, found.problems) == ([], [f"“T”: {sentence}"])


@pytest.mark.parametrize(
    ("until", "hour"),
    [
        ("99991231T235959Z", 11),
        ("99991231", 11),
        ("99991230T235959Z", 11),
        ("20260329T010000Z", 11),
        ("20250330T010000Z", 12),
    ],
)
def test_a_rule_of_a_zone_may_end_with_the_last_year(until: str, hour: int):
    zone = ZONE.replace("BYMONTH=3\n", f"BYMONTH=3;UNTIL={until}\n")
    when = "20260701T123000" if until.startswith("202") else "20270701T123000"
    found = read_calendar(ics(f"SUMMARY:T\nDTSTART;TZID=Customized:{when}", zones=zone))
    assert found.problems == []
    assert [f"{one.starts_at:%H}" for one in found.events] == [f"{hour}"]


def test_events_without_a_name_of_their_own_are_told_apart():
    told = (
        "SUMMARY:Maps\nDTSTART:20270311T123000Z",
        "SUMMARY:Tables\nDTSTART:20270311T123000Z",
        "SUMMARY:Tables\nDTSTART:20270311T123000Z\nLOCATION:Old Hall",
        "SUMMARY:Tables\nDTSTART:20270311T123000Z\nDURATION:PT1H",
        "UID:\nSUMMARY:Charts\nDTSTART:20270311T123000Z",
        "SUMMARY:Maps\nDTSTART:20270311T123000Z\nDESCRIPTION:The same again",
    )
    found = read_calendar(ics(*told))
    assert sorted(event.title for event in found.events) == ["Charts", "Maps", "Tables", "Tables", "Tables"]
    again = read_calendar(ics(*reversed(told)))
    assert {event.key for event in again.events} == {event.key for event in found.events}


def test_no_name_is_too_long_to_tell_events_apart():
    found = read_calendar(
        ics(*(f"UID:{'x' * 200}{n}\nSUMMARY:{n}\nDTSTART:20270311T123000Z" for n in range(3)))
    )
    assert len({event.key[:166] for event in found.events}) == 3


def test_of_one_that_is_told_twice_the_second_is_taken_and_a_sentence_says_so():
    told = [f"UID:1\nSUMMARY:Maps\nDTSTART:202703{day}T123000Z" for day in (11, 12, 12)]
    found = read_calendar(ics(*told))
    assert [event.starts_at.day for event in found.events] == [12]
    assert found.problems == ["“Maps”: The file tells it again further on, so only that is taken."]


def test_one_that_was_changed_is_there_whatever_names_the_one_that_it_was():
    weekly = "UID:1\nSUMMARY:Weekly\nDTSTART;TZID=Europe/London:20270311T123000\nRRULE:FREQ=WEEKLY;COUNT=3"

    def changed(which: str, title: str) -> str:
        return f"UID:1\nRECURRENCE-ID{which}\nSUMMARY:{title}\nDTSTART:20270320T150000Z"

    found = read_calendar(
        ics(
            weekly,
            changed(";VALUE=DATE:20270318", "Of a day"),
            changed(":20270317T123000Z", "Of a time that no rule makes"),
            changed(":20270501T123000Z", "Of one after the last"),
        )
    )
    assert [event.title for event in found.events] == [
        "Weekly", "Of a time that no rule makes", "Of a day", "Weekly",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no calendar"),
        (b"hello there", "no calendar"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no event"),
        (b"PK\x03\x04", "ends in .ics"),
        (b"%PDF-1.7 \xe2\xe3", "ends in .ics"),
        (b"<html>", "ends in .ics"),
    ],
)
def test_what_is_no_calendar_is_said(data: bytes, sentence: str):
    with pytest.raises(Unusable, match=f"(?i){sentence}"):
        read_calendar(data)


def test_html_and_links_become_words_and_a_link():
    (event,) = read_calendar(
        ics(
            "UID:1\nSUMMARY:T\nDTSTART:20270311T123000Z\nLOCATION:Old Hall\n"
            "DESCRIPTION:<p>Bring <b>lunch</b></p><script>alert(1)</script>\\n\nURL:https://example.org/x"
        )
    ).events
    assert (event.summary, event.place, event.online_url) == (
        "Bring lunch",
        "Old Hall",
        "https://example.org/x",
    )


def test_those_that_were_changed_are_told_apart_without_the_others_and_known_again_with_them():
    moved = [
        f"UID:1\nRECURRENCE-ID:202703{day}T123000Z\nSUMMARY:T\nDTSTART:20270330T123000Z" for day in (11, 18)
    ]
    keys = {event.key for event in read_calendar(ics(*moved)).events}
    assert len(keys) == 2
    whole = "UID:1\nSUMMARY:T\nDTSTART:20270311T123000Z\nRRULE:FREQ=WEEKLY;COUNT=3"
    assert keys < {event.key for event in read_calendar(ics(whole, *moved)).events}


@pytest.mark.skipif(not GIVEN.exists(), reason="the files of other programs are not beside this checkout")
@pytest.mark.filterwarnings("ignore")
def test_of_every_awkward_file_events_come_or_sentences():
    files = sorted(GIVEN.rglob("*.ics"))
    assert len(files) == 87
    came = 0
    for path in files:
        try:
            found = read_calendar(path.read_bytes())
        except Unusable:
            continue
        assert found.events or found.problems, path.name
        assert all(event.ends_at >= event.starts_at and event.title for event in found.events)
        came += bool(found.events)
    assert came == 65


@pytest.mark.django_db
def test_events_that_came_from_here_are_not_taken_in_again():
    people = {
        name: Person.objects.create(ref=name, name=name.title()) for name in ("ada", "dan", "eve", "fay")
    }
    community = community_of(people)
    starts = datetime(2027, 3, 11, 12, 30, tzinfo=LONDON)
    ours = record_event(
        by=people["ada"], community=community, kind="talk", title="Ours", starts_at=starts,
        ends_at=starts + timedelta(hours=1), timezone="Europe/London",
    )  # fmt: skip
    found = read_calendar(
        "".join(feed("Data", [ours])).replace("END:VCALENDAR\r\n", "").encode()
        + ics(
            f"UID:{uuid.uuid4()}\nSUMMARY:Thrown away\nDTSTART:20270311T123000Z",
            f"UID:{ours.uid}.example\nSUMMARY:Another site's\nDTSTART:20270311T123000Z",
        )
    )
    drafts = draft_events(by=people["ada"], community=community, kind="talk", found=found)
    assert sorted(draft.title for draft in drafts) == ["Another site's", "Thrown away"]
    assert found.problems == ["One event is here already."]


@pytest.mark.django_db
def test_each_of_many_is_a_draft_of_its_own_however_long_names_are():
    people = {
        name: Person.objects.create(ref=name, name=name.title()) for name in ("ada", "dan", "eve", "fay")
    }
    community = community_of(people)
    Community.objects.filter(pk=community.pk).update(slug="d" * 100)
    community.refresh_from_db()
    content = ics(
        f"UID:{'x' * 146}\nSUMMARY:Weekly\nDTSTART:20270311T123000Z\nRRULE:FREQ=WEEKLY;COUNT=3",
        "SUMMARY:Maps\nDTSTART:20270311T123000Z",
        "SUMMARY:Tables\nDTSTART:20270311T123000Z",
    )
    for _twice in range(2):
        found = read_calendar(content)
        drafts = draft_events(by=people["ada"], community=community, kind="talk", found=found)
        assert (len({draft.pk for draft in drafts}), found.problems) == (5, [])
    assert Event.objects.count() == 5


@pytest.mark.django_db
def test_a_lead_takes_a_calendar_in_twice_and_has_each_draft_once():
    people = {
        name: Person.objects.create(ref=name, name=name.title()) for name in ("ada", "dan", "eve", "fay")
    }
    community: Community = community_of(people)
    content = ics("UID:1\nSUMMARY:Weekly\nDTSTART:20270311T123000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3")
    here = "/communities/data/events/import/"
    for _twice in range(2):
        page = client_of(people["ada"]).post(
            here, {"kind": "talk", "chosen": SimpleUploadedFile("a.ics", content)}
        )
        assert "3 drafts" in page.text
    assert Event.objects.filter(status="draft", kind="talk", community=community).count() == 3
    refused = client_of(people["ada"]).post(
        here, {"kind": "talk", "chosen": SimpleUploadedFile("a.ics", b"no")}
    )
    assert refused.status_code == 422
    assert client_of(people["dan"]).get(here).status_code == 403
