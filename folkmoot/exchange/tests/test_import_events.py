"""Events from a spreadsheet."""

from datetime import UTC, datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.events.actions import answer, change_event
from folkmoot.events.models import Event
from folkmoot.exchange.tests.importing import outcomes, rejections, why
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
HEADER = "id,community,kind,title,starts,ends,timezone,status,speakers,attended,hosts\n"
LUNCH = (
    "e1,research-data,Lunch and Learn,Data &amp; you,2025-06-02 12:30,2025-06-02 13:30,,,"
    "000001|A. Guest,000002|ADA@uni.example,Old Ways\n"
)
MEETING = "e2,,talk,Far away,2025-03-09T09:00,2025-03-09T10:00,America/New_York,scheduled,,,\n"


@pytest.fixture
def programme(desk):
    """The people and communities that rows name."""
    assert desk.imports_all().committed
    return desk


def one(ref: str) -> Event:
    return Event.objects.get(ref=ref)


def test_an_event_comes_in_with_its_hosts_speakers_and_who_was_there(programme):
    report = programme.imports(events=HEADER + LUNCH + MEETING)
    assert report.committed, why(report)
    assert outcomes(report, "events") == {"created": 2}
    lunch = one("e1")
    assert (lunch.kind, lunch.title, lunch.status) == ("lunch_and_learn", "Data & you", "held")
    assert lunch.starts_at == datetime(2025, 6, 2, 11, 30, tzinfo=UTC)  # summer time in London
    assert str(lunch.community) == "Research Data"
    assert sorted(host.slug for host in lunch.hosts.all()) == ["old-ways", "research-data"]
    assert [s.person.ref if s.person else s.name for s in lunch.speakers.all()] == ["000001", "A. Guest"]
    assert sorted(a.person.ref for a in lunch.attendances.all()) == ["000001", "000002"]
    far = one("e2")
    # New York's clocks went forward that night.
    assert (far.starts_at, far.status, far.community) == (
        datetime(2025, 3, 9, 13, tzinfo=UTC),
        "scheduled",
        None,
    )


def test_the_same_file_again_changes_nothing_and_another_one_what_it_changes(programme):
    programme.imports(events=HEADER + LUNCH + MEETING)
    assert outcomes(programme.imports(events=HEADER + LUNCH + MEETING), "events") == {"unchanged": 2}
    moved = (
        LUNCH.replace("12:30", "12:00").replace("000002|ADA@uni.example", "000003").replace("|A. Guest", "")
    )
    assert outcomes(programme.imports(events=HEADER + moved + MEETING), "events") == {
        "updated": 1,
        "unchanged": 1,
    }
    lunch = one("e1")
    assert lunch.starts_at == datetime(2025, 6, 2, 11, 0, tzinfo=UTC)
    assert [str(s.person) for s in lunch.speakers.all()] == ["Ada Okafor"]
    assert [a.person.ref for a in lunch.attendances.all()] == ["000003"]
    assert Event.objects.count() == 2


def test_what_people_corrected_here_stays(programme):
    programme.imports(events=HEADER + LUNCH)
    somebody = Person.objects.get(ref="000001")
    change_event(by=somebody, event=one("e1"), title="Corrected", attended=[somebody])
    assert outcomes(programme.imports(events=HEADER + LUNCH), "events") == {"kept": 1}
    assert one("e1").title == "Corrected"
    assert one("e1").attendances.count() == 1


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (LUNCH.replace("research-data", "research-dat"), "community", "The nearest is “research-data”."),
        (LUNCH.replace("Lunch and Learn", "lunch & lern"), "kind", "It is one of"),
        (LUNCH.replace("13:30", "11:30"), "ends", "It ends before it begins."),
        (LUNCH.replace("13:30", "25:30"), "ends", "There is no such time of day."),
        (LUNCH.replace("000002|", "00002|"), "attended", "The nearest is “000002”."),
        (LUNCH.replace("Old Ways", "New Ways"), "hosts", "is not known"),
        (MEETING.replace("America/New_York", "New York"), "timezone", "That is no time zone"),
        (MEETING.replace("scheduled", "maybe"), "status", "It is one of"),
        (MEETING.replace("Far away", ""), "title", "An event needs a title."),
        (MEETING.replace("e2", ""), "id", "An event needs an id of its own."),
        (MEETING + MEETING.replace("Far away", "Near"), "id", "stands for another event in line 2"),
    ],
)
def test_what_cannot_be_an_event_is_said_and_nothing_is_imported(programme, row, column, sentence):
    report = programme.imports(events=HEADER + row)
    assert [problem[2] for problem in rejections(report)] == [column]
    assert sentence in why(report)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ("2025-01-05T09:00:00Z", datetime(2025, 1, 5, 9, tzinfo=UTC)),
        ("2025-01-05 09:00+02:00", datetime(2025, 1, 5, 7, tzinfo=UTC)),
        ("25/01/2025 2:05 pm", datetime(2025, 1, 25, 14, 5, tzinfo=UTC)),
        ("5 January 2025, 12:00 am", datetime(2025, 1, 5, 0, tzinfo=UTC)),
        ("2025-07-01", datetime(2025, 6, 30, 23, tzinfo=UTC)),
    ],
)
def test_moments_as_the_world_writes_them(programme, starts, expected):
    row = f'e9,,talk,A talk,"{starts}",2025-12-31,,,,,\n'
    report = programme.imports(events=HEADER + row)
    assert report.committed, why(report)
    assert one("e9").starts_at == expected


def test_what_an_import_moves_moves_in_the_calendars_that_have_it(programme):
    row = "e9,research-data,talk,Ahead,2090-06-02 12:30,2090-06-02 13:30,,,,,\n"
    programme.imports(events=HEADER + row)
    ada = Person.objects.get(ref="000001")
    answer(by=ada, event=one("e9"), said="going")
    before = one("e9").sequence
    ProcrastinateJob.objects.all().delete()
    programme.imports(events=HEADER + row)
    assert not ProcrastinateJob.objects.filter(task_name="events.send_invitation").exists()
    programme.imports(events=HEADER + row.replace("12:30", "12:00"))
    (job,) = ProcrastinateJob.objects.filter(task_name="events.send_invitation")
    assert job.args == {"event": one("e9").pk, "person": ada.pk}
    assert one("e9").sequence == before + 1


def test_what_an_import_puts_on_a_day_that_is_over_leaves_the_calendars(programme):
    row = "e9,research-data,talk,Ahead,2090-06-02 12:30,2090-06-02 13:30,,,,,\n"
    programme.imports(events=HEADER + row)
    answer(by=Person.objects.get(ref="000001"), event=one("e9"), said="going")
    for year, jobs in (("2020", 1), ("2019", 0)):
        ProcrastinateJob.objects.all().delete()
        programme.imports(events=HEADER + row.replace("2090", year))
        assert ProcrastinateJob.objects.filter(task_name="events.send_invitation").count() == jobs
