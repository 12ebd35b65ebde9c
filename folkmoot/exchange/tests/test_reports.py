"""Who attended, by Microsoft Teams: UTF-16 with tabs, several tables, each generation of it."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.actions import answer, record_event
from folkmoot.events.models import Attendance, Event, Unsettled
from folkmoot.exchange.reading import Unreadable
from folkmoot.exchange.reports import read_report
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
NEW = """1. Summary
Meeting title\tCharts
Attended participants\t4
Start time\t3/11/27, 12:29:02 PM

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Ada\t3/11/27, 12:29:02 PM\t3/11/27, 1:30:00 PM\t1h 1m\tada@example.org\tada@example.org\tOrganizer
Somebody Else\t3/11/27, 12:30:00 PM\t3/11/27, 1:00:00 PM\t30m 0s\tDAN@example.org\tdan@example.org\tPresenter
Eve (Guest)\t3/11/27, 12:30:00 PM\t3/11/27, 1:00:00 PM\t12m 40s\t\t\tAttendee
Meeting Room 4\t3/11/27, 12:30:00 PM\t3/11/27, 1:00:00 PM\t30m\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Ada\t3/11/27, 12:29:02 PM\t3/11/27, 1:00:00 PM\t31m\tada@example.org\tOrganizer
Nobody Counted\t3/11/27, 12:29:02 PM\t3/11/27, 1:00:00 PM\t31m\t\tAttendee
"""
OLD = """Full Name\tUser Action\tTimestamp
Ada\tJoined\t3/11/2021, 12:29:02 PM
Ada\tLeft\t3/11/2021, 12:40:00 PM
Ada\tJoined\t3/11/2021, 12:41:00 PM
Zoë Quill\tJoined\t3/11/2021, 12:41:00 PM
"""
MIDDLE = """Meeting Summary
Total Number of Participants,2

Full Name,Join Time,Leave Time,Duration,Email,Role,Participant ID (UPN)
"Ada","3/11/2022, 12:29:02 PM","3/11/2022, 1:00:00 PM",00:31:00,ada@example.org,Organizer,ada@example.org
"Ada","3/11/2022, 1:05:02 PM","3/11/2022, 1:15:00 PM",00:10:00,ada@example.org,Organizer,ada@example.org
"""


@pytest.fixture
def people() -> dict[str, Person]:
    found = {
        name: Person.objects.create(ref=name, name=name.title(), email=f"{name}@example.org")
        for name in ("ada", "dan", "eve", "fay")
    }
    community_of(found)
    return found


def said(text: str, encoding: str) -> dict[str, tuple[int | None, int | None]]:
    return {one.name: (one.person, one.minutes) for one in read_report(text.encode(encoding))}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-8"])
def test_the_report_of_today(people: dict[str, Person], encoding: str):
    assert said(NEW, encoding) == {
        "Ada": (people["ada"].pk, 61),
        "Somebody Else": (people["dan"].pk, 30),
        "Eve": (people["eve"].pk, 13),
        "Meeting Room 4": (None, 30),
    }


def test_the_reports_of_before(people: dict[str, Person]):
    assert said(OLD, "utf-16") == {"Ada": (people["ada"].pk, None), "Zoë Quill": (None, None)}
    assert said(MIDDLE, "utf-16") == {"Ada": (people["ada"].pk, 41)}


@pytest.mark.parametrize(
    ("name", "addresses", "meant"),
    [
        ("Visitor (dan@example.org)", "", ""),
        ("Visitor (dan)", "", ""),
        ("dan@example.org", "", ""),
        ("w7", "", ""),
        ("Gil", "x@evil.example", ""),
        ("Ada", "ada@gmail.example", ""),
        ("Ada", "ada.b@uni.example", "ada"),
        ("Ada", "ada.b@uni.example\tab@uni.example", "ada"),
        ("Ada", "ada.b@uni.example\tab@evil.example", ""),
        ("Ada", "\tada_gmail.example#EXT#@uni.example", ""),
        ("Ada", "\tada_gmail.example#EXT#@uni.onmicrosoft.com", ""),
        ("Who", "ada.b@uni.example\tADA@example.org", "ada"),
        ("Who", "\tdan@example.org", "dan"),
        ("Ada", "dan@example.org", "dan"),
        ("Ada (External)", "", ""),
        ("Ada (Externe)", "ada@example.org", "ada"),
        ("Ada (Unverified)", "", "ada"),
        ("Ada (Guest)", "ada@gmail.example", ""),
        ("Gil Grove", "", "w7"),
        ("Twice", "", ""),
        ("(Guest)", "", ""),
    ],
)
def test_a_display_name_is_nothing_but_a_name_and_says_nothing_of_other_organisations(
    people: dict[str, Person], settings: LazySettings, name: str, addresses: str, meant: str
):
    settings.FOLKMOOT_DOMAINS = ["uni.example"]
    for ref, called in (("w7", "Gil Grove"), ("Gil", "Hal"), ("w8", "Twice"), ("w9", "Twice")):
        people[ref] = Person.objects.create(ref=ref, name=called)
    report = f"Name\tDuration\tEmail\tParticipant ID (UPN)\n{name}\t1m\t{addresses}\n"
    (found,) = read_report(report.encode())
    assert found.person == (people[meant].pk if meant else None)


def test_an_address_that_is_typed_as_a_name_is_not_added_to_whose_it_is(people: dict[str, Person]):
    rows = "Ada\t5m\tada@example.org\nada@example.org\t60m\t\nFay\t1m\t\nFay (External)\t9m\t\n"
    named = read_report(("Name\tDuration\tEmail\n" + rows).encode())
    assert [(one.person, one.minutes) for one in named] == [
        (people["ada"].pk, 5), (None, 60), (people["fay"].pk, 1), (None, 9),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe", b"PK\x03\x04", b"<html>"])
def test_what_is_no_report_is_said(people: dict[str, Person], data: bytes):
    with pytest.raises(Unreadable):
        read_report(data)


def row(name: str, duration: str = "1m") -> str:
    return f"{name}\t{duration}\t\n"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (row("x" * 110_000), "too long"),
        (row("x" * 140_000), "too long"),
        ("".join(row(f"N{n}") for n in range(5_001)), "more than 5000 people"),
        ("\n" * 100_001, "too long"),
    ],
)
def test_what_is_too_much_is_said(people: dict[str, Person], rows: str, sentence: str):
    with pytest.raises(Unreadable, match=sentence):
        read_report(("Name\tDuration\tEmail\n" + rows).encode())


def test_durations_and_names_that_are_none_do_no_harm(people: dict[str, Person]):
    rows = "".join(
        row(*each)
        for each in (
            ("Ada", "9" * 5_000 + "h"), ("Dan", "99999999999999d"), ("Fay", "9" * 5_000 + ":00"), ("Long", "9999d"),
        )
    ) + row("Ze\x00ro")  # fmt: skip
    named = {one.name: one.minutes for one in read_report(("Name\tDuration\tEmail\n" + rows).encode())}
    assert named == {"Ada": None, "Dan": None, "Fay": None, "Long": 31 * 24 * 60, "Zero": 1}


def test_everybody_of_a_large_report_is_found(people: dict[str, Person], django_assert_num_queries):
    Person.objects.bulk_create(
        Person(ref=f"p{n}", name=f"P {n}", sort_name=f"p {n}", email=f"p{n}@example.org") for n in range(600)
    )
    rows = "".join(f"Somebody {n}\t1m\tp{n}@example.org\n" for n in range(600))
    with django_assert_num_queries(2):
        named = read_report(("Name\tDuration\tEmail\n" + rows).encode())
    assert all(one.person for one in named)
    assert len(named) == 600


def test_a_lead_takes_it_in_twice_settles_the_rest_and_all_kinds_are_kept_apart(people: dict[str, Person]):
    starts = timezone.now() + timedelta(minutes=59)
    event = record_event(
        by=people["ada"], community=people["ada"].memberships.get().community, kind="talk", title="Charts",
        starts_at=starts, ends_at=starts + timedelta(hours=1), timezone="Europe/London",
    )  # fmt: skip
    answer(by=people["dan"], event=event, said="going")
    answer(by=people["fay"], event=event, said="going")
    ada = client_of(people["ada"])
    here = f"/events/{event.pk}/report/"
    for _twice in range(2):
        page = ada.post(here, {"chosen": SimpleUploadedFile("a.csv", NEW.encode("utf-16"))}, follow=True).text
    assert "One name is to settle." in page
    assert set(Attendance.objects.values_list("person__ref", "how")) == {
        ("ada", "report"), ("dan", "report"), ("eve", "report"),
    }  # fmt: skip
    left = Unsettled.objects.get()
    form = ada.post(f"/events/{event.pk}/unsettled/{left.pk}/", {"person": "Nobody Known"})
    assert "is nobody of the directory" in form.text
    ada.post(f"/events/{event.pk}/unsettled/{left.pk}/", {"person": "Nobody", "guest": "yes"})
    again = ada.post(here, {"chosen": SimpleUploadedFile("a.csv", NEW.encode("utf-16"))}, follow=True).text
    assert "to settle" not in again
    assert "<dt>Guests</dt><dd>1</dd>" in again
    ada.post(f"/events/{event.pk}/unsettled/{left.pk}/", {"person": "Fay"})
    page = ada.get(f"/events/{event.pk}/check-in/").text
    assert ">Nobody" not in page
    figures = [
        page.split(f"<dt>{name}</dt><dd>")[1][0] for name in ("Said they come", "of whom came", "Walked in")
    ]
    assert figures == ["2", "2", "2"]
    again = ada.post(here, {"chosen": SimpleUploadedFile("a.csv", NEW.encode("utf-16"))}, follow=True).text
    assert "to settle" not in again
    assert ada.post(here, {"chosen": SimpleUploadedFile("a.csv", b"x")}).status_code == 422
    assert client_of(people["dan"]).get(here).status_code == 403
    assert Event.objects.get().attendances.count() == 4


def test_two_who_settle_the_same_name_do_not_put_two_people_on_record(people: dict[str, Person]):
    starts = timezone.now() - timedelta(minutes=59)
    event = record_event(
        by=people["ada"], community=people["ada"].memberships.get().community, kind="talk", title="Charts",
        starts_at=starts, ends_at=starts + timedelta(hours=1), timezone="Europe/London",
    )  # fmt: skip
    left = Unsettled.objects.create(event=event, name="Tablet")
    ada, page = client_of(people["ada"]), f"/events/{event.pk}/unsettled/{left.pk}/"
    ada.post(page, {"person": "Fay"})
    again = ada.post(page, {"person": "Dan"}, follow=True).text
    assert "Somebody has said already who Tablet is." in again
    assert [each.person.ref for each in Attendance.objects.all()] == ["fay"]
