"""A series in somebody's calendar: one thing, each letter newer than the one before, dates left out and moved."""
# ruff: noqa: F811  - fixtures of another module

from datetime import date, datetime, timedelta
from typing import Any

from django.core import mail
from icalendar import Calendar as Ical

from folkmoot.calendar.models import Calendar, Period
from folkmoot.communities.models import Community
from folkmoot.events.actions import answer, answer_series, cancel_series, change_series, plan
from folkmoot.events.invitations import bring_up_to_date, whose_calendars
from folkmoot.events.models import Event
from folkmoot.events.tests.test_series import LONDON, _now, data, db, people, planned, starts  # noqa: F401
from folkmoot.people.models import Person


def letters(person: Person) -> list[Any]:
    """Bring their calendar up to date as the jobs do, and read what was sent."""
    mail.outbox.clear()
    for event, who in whose_calendars(list(Event.objects.values_list("pk", flat=True))):
        if who == person.pk:
            bring_up_to_date(event, who)
    found = []
    for letter in mail.outbox:
        content = letter.attachments[0][1]
        found.append(Ical.from_ical(content))
    return found


@db
def test_who_answers_all_has_it_in_their_calendar_as_one_thing(people: dict[str, Person], data: Community):
    events = planned(people, data)
    answer_series(by=people["eve"], event=events[2], said="going")
    (sent,) = letters(people["eve"])
    (whole,) = sent.walk("VEVENT")
    assert sent["METHOD"] == "REQUEST"
    assert whole["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=5"
    assert whole["DTSTART"].dt == events[0].starts
    assert letters(people["eve"]) == []
    answer(by=people["eve"], event=events[1], said="no")
    later = events[3].starts_at + timedelta(hours=2)
    change_series(
        by=people["ada"], event=events[3], scope="this", starts_at=later, ends_at=later + timedelta(hours=1)
    )
    (again,) = letters(people["eve"])
    whole, moved = again.walk("VEVENT")
    assert int(whole["SEQUENCE"]) > 0
    assert [each.dt for each in whole["EXDATE"].dts] == [events[1].starts]
    assert (moved["RECURRENCE-ID"].dt, moved["DTSTART"].dt) == (events[3].starts, later.astimezone(LONDON))
    assert moved["UID"] == whole["UID"]
    assert again.walk("VTIMEZONE")
    cancel_series(by=people["ada"], event=events[0], scope="all")
    (off,) = letters(people["eve"])
    assert (off["METHOD"], off.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    assert letters(people["eve"]) == []


@db
def test_every_letter_about_a_series_is_newer_and_says_what_was_said(
    people: dict[str, Person], data: Community
):
    events, numbers = planned(people, data), []
    answer_series(by=people["eve"], event=events[0], said="maybe")
    said = []
    for step in range(5):
        (sent,) = letters(people["eve"])
        whole, *parts = sent.walk("VEVENT")
        numbers.append(int(whole["SEQUENCE"]))
        said.append([part["ATTENDEE"].params["PARTSTAT"] for part in (whole, *parts)])
        subject = mail.outbox[0].subject
        match step:
            case 0:
                assert subject == "Maybe: Charts, 5 dates"
                answer(by=people["eve"], event=events[1], said="no")
            case 1:
                answer(by=people["eve"], event=events[2], said="going")
            case 2:
                cancel_series(by=people["ada"], event=events[3], scope="this")
            case 3:
                assert subject == "Changed: Charts, Thu 1 Apr, 12:30"
                assert "No longer: Thursday 1 April, 12:30" in mail.outbox[0].body
                answer_series(by=people["eve"], event=events[0], said="no")
    assert (sent["METHOD"], subject) == ("CANCEL", "Not coming: Charts, 3 dates")
    assert numbers == sorted(set(numbers))
    assert said == [
        ["TENTATIVE"], ["TENTATIVE"], ["TENTATIVE", "ACCEPTED"], ["TENTATIVE", "ACCEPTED"], ["DECLINED"]
    ]  # fmt: skip


@db
def test_what_a_calendar_has_by_itself_goes_on_beside_the_series(people: dict[str, Person], data: Community):
    events = planned(people, data)
    answer(by=people["eve"], event=events[1], said="going")
    (single,) = letters(people["eve"])
    answer_series(by=people["eve"], event=events[0], said="going")
    (sent,) = letters(people["eve"])
    assert [each.dt for each in sent.walk("VEVENT")[0]["EXDATE"].dts] == [events[1].starts]
    cancel_series(by=people["ada"], event=events[1], scope="this")
    (off,) = letters(people["eve"])
    assert off["METHOD"] == "CANCEL"
    assert off.walk("VEVENT")[0]["UID"] == single.walk("VEVENT")[0]["UID"]


@db
def test_dates_that_are_left_out_are_no_dates_of_the_series(people: dict[str, Person], data: Community):
    calendar = Calendar.objects.organisations()
    calendar.periods.all().delete()
    days = {"start": date(2027, 3, 25), "end": date(2027, 3, 30)}
    Period.objects.create(calendar=calendar, name="Easter", kind="closure", **days)
    events = planned(people, data, leave_out=True)
    assert starts(events) == [f"{day} 12:30" for day in ("11 Mar", "18 Mar", "1 Apr", "8 Apr")]
    answer_series(by=people["eve"], event=events[0], said="going")
    (sent,) = letters(people["eve"])
    (whole,) = sent.walk("VEVENT")
    assert "RRULE" not in whole
    assert [each.dt for each in whole["RDATE"].dts] == [event.starts for event in events[1:]]


@db
def test_whose_meetings_they_are_gets_one_invitation_to_all_of_them(
    people: dict[str, Person], data: Community
):
    begins = datetime(2027, 3, 11, 10, tzinfo=LONDON)
    plan(
        by=people["ada"], community=data, kind="core_meeting", every="week", until=date(2027, 4, 8),
        starts_at=begins, ends_at=begins + timedelta(hours=1), timezone="Europe/London", title="Core",
    )  # fmt: skip
    (sent,) = letters(people["dan"])
    assert mail.outbox[0].subject == "Invitation: Core, 5 dates"
    assert sent.walk("VEVENT")[0]["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert letters(people["eve"]) == []


@db
def test_of_a_series_whose_first_date_is_off_the_others_take_place(
    people: dict[str, Person], data: Community
):
    events = planned(people, data)
    cancel_series(by=people["ada"], event=events[0], scope="this")
    later = events[1].starts_at + timedelta(hours=1)
    change_series(
        by=people["ada"],
        event=events[1],
        scope="following",
        starts_at=later,
        ends_at=later + timedelta(hours=1),
    )
    answer_series(by=people["eve"], event=events[1], said="going")
    (sent,) = letters(people["eve"])
    assert {str(part["STATUS"]) for part in sent.walk("VEVENT")} == {"CONFIRMED"}
