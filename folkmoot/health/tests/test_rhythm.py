"""The turning days of the rules of rhythm, one by one, in CHARTER.md's words."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from folkmoot.calendar.models import Calendar, Period
from folkmoot.charter.models import MeasuredFrom
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.events.models import Attendance, Event, Hosting
from folkmoot.health.measuring import measure
from folkmoot.people.models import Person

START = date(2025, 1, 6)
NOW = datetime(2025, 12, 1, 12, tzinfo=UTC)
TERM = (date(2025, 1, 13), date(2025, 3, 28))  # 74 days from its first to its last


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def data(db: None) -> Community:
    """A community with two leads and a sponsor, active and measured since START."""
    MeasuredFrom.objects.create(pk=1, day=START)
    community = Community.objects.create(slug="data", name="Data", since=START)
    StageChange.objects.create(community=community, stage="active", since=START)
    for name, role in (("ada", "lead"), ("ben", "lead"), ("cleo", "sponsor"), ("dan", "core")):
        person = Person.objects.create(ref=name, name=name.title())
        Membership.objects.create(community=community, person=person, role=role, since=START)
    return community


def hold(
    community: Community, kind: str, day: date, *there: str, status: str = "held", hour: int = 12
) -> Event:
    """An event of an hour, with those who were there."""
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    event = Event.objects.create(
        ref=f"{kind}-{day}-{hour}-{status}", kind=kind, title=kind, community=community, starts_at=starts,
        ends_at=starts + timedelta(hours=1), timezone="Europe/London", status=status,
    )  # fmt: skip
    Hosting.objects.create(event=event, community=community)
    for name in there:
        Attendance.objects.create(event=event, person=Person.objects.get(ref=name))
    return event


def found(key: str, on: date) -> tuple[str, date | None, date | None]:
    """(status, since, due)."""
    (health,) = measure(on)
    finding = health.finding(key)
    return str(finding.status), finding.since, finding.due


def plus(day: date, days: int) -> date:
    return day + timedelta(days=days)


def test_before_the_first_meeting_it_is_not_yet_and_missed_after_forty_two_days(data: Community) -> None:
    due = plus(START, 42)
    assert found("sponsor_meeting", START) == ("not_yet", START, due)
    assert found("sponsor_meeting", due) == ("not_yet", START, due)
    assert found("sponsor_meeting", plus(due, 1)) == ("missed", plus(due, 1), due)


def test_after_a_meeting_it_is_met_due_soon_and_missed(data: Community) -> None:
    met = date(2025, 2, 3)
    hold(data, "sponsor_meeting", met)
    due = plus(met, 42)
    assert found("sponsor_meeting", met) == ("met", met, due)
    assert found("sponsor_meeting", plus(due, -15)) == ("met", met, due)
    assert found("sponsor_meeting", plus(due, -14)) == ("due_soon", met, due)
    assert found("sponsor_meeting", due) == ("due_soon", met, due)
    assert found("sponsor_meeting", plus(due, 1)) == ("missed", plus(due, 1), due)


@pytest.mark.parametrize(
    ("there", "status", "counts"),
    [
        ((), "held", True),
        ((), "scheduled", False),
        (("ada", "cleo"), "scheduled", True),
        (("ada", "cleo"), "held", True),
        (("ada", "ben"), "held", False),
        (("cleo",), "held", False),
        (("dan",), "held", False),
        (("ada", "cleo"), "cancelled", False),
        (("ada", "cleo"), "draft", False),
    ],
)
def test_which_sponsor_meetings_count(
    data: Community, there: tuple[str, ...], status: str, counts: bool
) -> None:
    met = date(2025, 2, 3)
    hold(data, "sponsor_meeting", met, *there, status=status)
    assert found("sponsor_meeting", met)[0] == ("met" if counts else "not_yet")


def test_another_sponsor_starts_the_clock_anew(data: Community) -> None:
    hold(data, "sponsor_meeting", date(2025, 2, 3))
    Membership.objects.filter(role="sponsor").update(until=date(2025, 2, 9))
    following = Person.objects.create(ref="eve", name="Eve")
    Membership.objects.create(community=data, person=following, role="sponsor", since=date(2025, 2, 10))
    assert found("sponsor_meeting", date(2025, 2, 10)) == ("not_yet", date(2025, 2, 10), date(2025, 3, 24))
    hold(data, "sponsor_meeting", date(2025, 2, 10))
    assert found("sponsor_meeting", date(2025, 2, 10))[0] == "met"


def test_who_attended_is_judged_by_the_posts_of_that_day(data: Community) -> None:
    met = date(2025, 2, 3)
    hold(data, "sponsor_meeting", met, "ada", "cleo")
    Membership.objects.filter(person__ref__in=["ada", "cleo"]).update(until=met)
    assert found("sponsor_meeting", met)[0] == "met"
    Membership.objects.filter(person__ref="ada").update(until=plus(met, -1))
    assert found("sponsor_meeting", met)[0] == "not_yet"


def test_a_day_ahead_counts_what_is_booked_and_says_so(data: Community) -> None:
    MeasuredFrom.objects.update(day=date(2025, 11, 24))
    booked = date(2025, 12, 15)
    hold(data, "sponsor_meeting", booked, status="scheduled")
    (health,) = measure(date(2025, 12, 20))
    finding = health.finding("sponsor_meeting")
    assert (str(finding.status), finding.since) == ("met", booked)
    assert "if what is booked is held" in finding.evidence
    today = measure(NOW.date())[0].finding("sponsor_meeting")
    assert str(today.status) == "not_yet"
    assert "It is booked for 15 December." in today.evidence


def term_of(calendar: Calendar, first: date = TERM[0], last: date = TERM[1]) -> Period:
    return Period.objects.create(calendar=calendar, name="Spring", start=first, end=last)


@pytest.mark.parametrize("key", ["core_meeting", "learning_event"])
def test_a_term_from_its_first_day_to_the_day_after_its_last(data: Community, key: str) -> None:
    assert found(key, TERM[0]) == ("not_yet", None, None)
    term_of(Calendar.objects.organisations())
    first, last = TERM
    half = plus(first, 37)
    assert found(key, plus(first, -1)) == ("not_yet", None, None)
    assert found(key, first) == ("not_yet", first, last)
    assert found(key, plus(half, -1)) == ("not_yet", first, last)
    assert found(key, half) == ("due_soon", first, last)
    assert found(key, last) == ("due_soon", first, last)
    assert found(key, plus(last, 1)) == ("missed", plus(last, 1), last)
    hold(data, "core_meeting", last)
    hold(data, "talk", last)
    assert found(key, plus(last, -1))[0] == "due_soon"
    assert found(key, last) == ("met", last, last)
    assert found(key, plus(last, 30)) == ("met", last, last)


def test_one_that_became_active_within_the_term_is_not_held_against_it(data: Community) -> None:
    term_of(Calendar.objects.organisations())
    StageChange.objects.update(stage="forming")
    StageChange.objects.create(community=data, stage="active", since=TERM[0])
    assert found("core_meeting", TERM[1])[0] == "due_soon"
    StageChange.objects.filter(stage="active").update(since=plus(TERM[0], 1))
    assert found("core_meeting", TERM[1]) == ("not_yet", plus(TERM[0], 1), TERM[1])
    assert found("core_meeting", plus(TERM[1], 9))[0] == "not_yet"


def test_socials_and_meetings_are_no_learning_events(data: Community) -> None:
    term_of(Calendar.objects.organisations())
    for kind in ("social", "core_meeting", "sponsor_meeting"):
        hold(data, kind, TERM[1])
    assert found("learning_event", TERM[1])[0] == "due_soon"


def test_a_community_follows_its_own_calendar_even_without_terms(data: Community) -> None:
    term_of(Calendar.objects.organisations())
    own = Calendar.objects.create(slug="medical", name="Medical School")
    data.calendar = own
    data.save()
    assert found("core_meeting", TERM[1]) == ("not_yet", None, None)
    term_of(own, date(2025, 2, 3), date(2025, 4, 4))
    assert found("core_meeting", TERM[1]) == ("due_soon", date(2025, 2, 3), date(2025, 4, 4))


def test_an_event_is_counted_on_the_day_it_starts_and_held_when_it_has_ended(data: Community) -> None:
    term_of(Calendar.objects.organisations())
    hold(data, "workshop", TERM[1], hour=23)  # it ends at midnight, the end of the day
    assert found("learning_event", TERM[1])[0] == "met"
    Event.objects.update(ends_at=datetime(2025, 3, 29, 1, tzinfo=UTC))
    assert found("learning_event", TERM[1])[0] == "due_soon"
    assert found("learning_event", plus(TERM[1], 1)) == ("met", TERM[1], TERM[1])


def test_every_hosting_community_is_credited(data: Community) -> None:
    term_of(Calendar.objects.organisations())
    other = Community.objects.create(slug="other", name="Other", since=START)
    StageChange.objects.create(community=other, stage="active", since=START)
    event = hold(other, "talk", TERM[0])
    Hosting.objects.create(event=event, community=data)
    statuses = {
        health.community.slug: str(health.finding("learning_event").status) for health in measure(TERM[1])
    }
    assert statuses == {"data": "met", "other": "met"}


def urls(key: str, on: date) -> tuple[str, str]:
    """Where the evidence is, and the next step."""
    finding = measure(on)[0].finding(key)
    return finding.evidence_url, finding.step.url


def test_evidence_leads_to_the_very_event_or_to_the_article(data: Community) -> None:
    events, article = "/communities/data/events/", "/communities/data/charter/#finding-"
    term_of(Calendar.objects.organisations())
    early = date(2025, 1, 14)
    assert urls("sponsor_meeting", early) == (
        f"{article}sponsor_meeting",
        "/communities/data/arranging/sponsor_meeting/?by=2025-02-17",
    )
    assert urls("core_meeting", early)[0] == f"{article}core_meeting"
    assert urls("leads", early)[0] == "/communities/data/members/"
    hold(data, "sponsor_meeting", date(2025, 2, 3))
    hold(data, "core_meeting", date(2025, 2, 4))
    hold(data, "workshop", date(2025, 2, 5))
    hold(data, "sponsor_meeting", date(2025, 3, 10), status="scheduled")
    later = date(2025, 3, 6)
    assert urls("sponsor_meeting", later) == (f"{events}?kind=sponsor_meeting&day=2025-03-10",) * 2
    met = f"{events}?when=past&kind=sponsor_meeting&day=2025-02-03"
    assert urls("sponsor_meeting", date(2025, 2, 10))[0] == met
    assert urls("core_meeting", later)[0] == f"{events}?when=past&kind=core_meeting&day=2025-02-04"
    assert urls("learning_event", later)[0] == f"{events}?when=past&day=2025-02-05"


def test_quiet_is_said_as_the_charter_counts_it(data: Community) -> None:
    Community.objects.update(space_kind="teams")
    said = {day: measure(plus(START, day))[0].finding("online_space").evidence for day in (30, 31)}
    assert said[30].endswith("The charter lets it be quiet until 5 February.")
    assert said[31].endswith("The charter let it be quiet until 5 February.")
