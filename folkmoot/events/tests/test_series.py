"""Events that take place again and again."""

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from dateutil.rrule import FR, MONTHLY, rrule
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.activity.models import Entry
from folkmoot.calendar.actions import add_period
from folkmoot.calendar.models import Calendar, Period
from folkmoot.communities.models import Community
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.actions import answer, answer_series, cancel_series, change_series, plan_series
from folkmoot.events.models import Answer, Attendance, Event, Series
from folkmoot.events.recurrence import Every, days_by_rule, days_by_term, rule_of
from folkmoot.people.models import Person

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
db = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Person]:
    known = {"created_at": datetime(2024, 1, 8, tzinfo=UTC)}
    return {
        name: Person.objects.create(ref=name, name=name.title(), email=f"{name}@example.org", **known)
        for name in ("ada", "dan", "eve", "fay")
    }


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    return community_of(people)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def planned(people: dict[str, Person], community: Community, **fields: object) -> list[Event]:
    """Every Thursday from 11 March to 8 April 2027: the clocks change on the 28th of March."""
    starts = datetime(2027, 3, 11, 12, 30, tzinfo=LONDON)
    values = {
        "kind": "lunch_and_learn", "title": "Charts", "starts_at": starts, "ends_at": starts + timedelta(hours=1),
        "timezone": "Europe/London", "every": "week", "until": date(2027, 4, 8),
    }  # fmt: skip
    return plan_series(by=people["ada"], community=community, **(values | fields))  # type: ignore[arg-type]


def starts(events: object) -> list[str]:
    return [f"{event.starts:%-d %b %H:%M}" for event in events]  # type: ignore[attr-defined]


@db
def test_the_wall_clock_stays_what_it_is_when_the_clocks_change(people: dict[str, Person], data: Community):
    events = planned(people, data)
    assert starts(events) == [f"{day} 12:30" for day in ("11 Mar", "18 Mar", "25 Mar", "1 Apr", "8 Apr")]
    assert [event.starts_at.astimezone(UTC).hour for event in events] == [12, 12, 12, 11, 11]
    assert {event.ends - event.starts for event in events} == {timedelta(hours=1)}


@db
def test_a_skipped_hour_is_read_by_the_offset_before(people: dict[str, Person], data: Community):
    begins = datetime(2027, 3, 21, 1, 30, tzinfo=LONDON)
    events = planned(
        people, data, starts_at=begins, ends_at=begins + timedelta(hours=1), until=date(2027, 4, 4)
    )
    assert [f"{event.starts_at.astimezone(UTC):%-d %H:%M}" for event in events] == [
        "21 01:30",
        "28 01:30",
        "4 00:30",
    ]


@db
def test_sent_twice_it_is_planned_once(people: dict[str, Person], data: Community):
    first = planned(people, data, ref="~23456789abcd")
    assert planned(people, data, ref="~23456789abcd") == first
    assert Series.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_time_it_is_planned_once(people: dict[str, Person], data: Community):
    begun, found = Barrier(2), []

    def send() -> None:
        begun.wait()
        found.append([event.pk for event in planned(people, data, ref="~23456789abcd")])
        connection.close()

    threads = [Thread(target=send) for _twice in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert (Series.objects.count(), Event.objects.count()) == (1, 5)


@db
@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (date(2027, 3, 10), "before the first"),
        (date(2027, 3, 15), "once only"),
        (date(2031, 3, 15), "three years"),
        (date(2029, 3, 15), "more than 60"),
    ],
)
def test_what_makes_no_series_is_refused(people, data, until, sentence):
    with pytest.raises(Refused, match=sentence):
        planned(people, data, until=until)
    assert not Event.objects.exists()
    assert not Series.objects.exists()


@db
def test_this_one_those_that_follow_or_all_are_changed(people: dict[str, Person], data: Community):
    events = planned(people, data)
    change_series(by=people["ada"], event=events[1], scope="this", place="Attic")
    later = events[3].starts_at + timedelta(days=1, hours=2)
    change_series(
        by=people["ada"],
        event=events[3],
        scope="following",
        starts_at=later,
        ends_at=later + timedelta(minutes=30),
    )
    change_series(by=people["ada"], event=events[0], scope="all", title="Maps", place="")
    now = list(Event.objects.order_by("occurrence"))
    assert starts(now) == ["11 Mar 12:30", "18 Mar 12:30", "25 Mar 12:30", "2 Apr 14:30", "9 Apr 14:30"]
    assert [event.place for event in now] == ["", "Attic", "", "", ""]
    assert {event.title for event in now} == {"Maps"}
    assert [event.ends - event.starts for event in now][3] == timedelta(minutes=30)


@db
def test_what_was_moved_by_itself_stays_where_it_is(people: dict[str, Person], data: Community):
    events = planned(people, data)
    moved = events[2].starts_at + timedelta(days=1)
    change_series(
        by=people["ada"], event=events[2], scope="this", starts_at=moved, ends_at=moved + timedelta(hours=1)
    )
    later = events[0].starts_at + timedelta(hours=1)
    change_series(
        by=people["ada"], event=events[0], scope="all", starts_at=later, ends_at=later + timedelta(hours=1)
    )
    assert starts(Event.objects.order_by("occurrence")) == [
        "11 Mar 13:30", "18 Mar 13:30", "26 Mar 12:30", "1 Apr 13:30", "8 Apr 13:30",
    ]  # fmt: skip


@db
def test_what_is_over_is_not_changed_with_the_rest(people: dict[str, Person], data: Community):
    events = planned(people, data)
    with time_machine.travel(events[1].starts_at, tick=False):
        change_series(by=people["ada"], event=events[2], scope="all", title="Maps")
        assert cancel_series(by=people["ada"], event=events[3], scope="following") == 2
    now = list(Event.objects.order_by("occurrence").values_list("title", "status"))
    assert now == [
        ("Charts", "scheduled"),
        *[("Maps", "scheduled")] * 2,
        *[("Maps", "cancelled")] * 2,
    ]


@db
def test_of_a_series_each_event_has_its_own_places(people: dict[str, Person], data: Community):
    events = planned(people, data, capacity=1)
    answer(by=people["dan"], event=events[1], said="going")
    answer_series(by=people["eve"], event=events[0], said="going")
    mine = Answer.objects.filter(person=people["eve"]).order_by("event__occurrence")
    assert [one.said for one in mine] == ["going", "waiting", "going", "going", "going"]


@db
def test_termly_ones_keep_their_week_of_the_term(people: dict[str, Person], data: Community):
    calendar = Calendar.objects.organisations()
    calendar.periods.all().delete()
    for name, first, last in (
        ("Spring", date(2027, 1, 11), date(2027, 3, 26)),
        ("Summer", date(2027, 4, 26), date(2027, 6, 11)),
        ("Autumn", date(2027, 9, 27), date(2027, 12, 10)),
    ):
        add_period(by=None, calendar=calendar, name=name, kind="term", start=first, end=last)
    events = planned(people, data, every="term", until=date(2027, 12, 31))
    # Thursday of the ninth week; the summer term has seven.
    assert starts(events) == ["11 Mar 12:30", "10 Jun 12:30", "25 Nov 12:30"]
    assert events[0].series
    assert events[0].series.rule == ""


@db
def test_a_lead_plans_and_a_member_answers_on_the_pages(people: dict[str, Person], data: Community):
    calendar = Calendar.objects.organisations()
    calendar.periods.all().delete()
    days = {"start": date(2027, 3, 25), "end": date(2027, 3, 30)}
    Period.objects.create(calendar=calendar, name="Easter", kind="closure", **days)
    form = {
        "kind": "lunch_and_learn", "day": "2027-03-11", "starts": "12:30", "ends": "13:30", "title": "Charts",
        "every": "week", "until": "2027-04-08", "summary": "Bring lunch",
        "html": "<p>Bring <b>lunch</b></p><script>x</script>",
        "joining": "Ring twice",
    }  # fmt: skip
    page = client_of(people["ada"]).post("/communities/data/events/new/", form, follow=True).text
    assert "5 events are planned." in page
    assert "Mind that 25 March is in “Easter”." in page
    assert "<b>lunch</b>" in page
    assert "<script>x" not in page
    assert "every week" in page
    event = Event.objects.order_by("occurrence").first()
    assert event
    assert event.summary == "Bring lunch"
    eve = client_of(people["eve"])
    eve.post(f"/events/{event.pk}/answer/", {"said": "going", "all": "1"})
    assert Answer.objects.filter(person=people["eve"], said="going", of_series=True).count() == 5
    assert "Ring twice" in eve.get(event.get_absolute_url()).text
    assert "Ring twice" not in Client().get(event.get_absolute_url()).text
    edit = client_of(people["ada"]).get(f"/events/{event.pk}/edit/")
    sent = {name: value if value is not None else "" for name, value in edit.context["form"].initial.items()}
    sent |= {
        "starts": "13:00",
        "ends": "14:00",
        "day": "2027-03-11",
        "scope": "all",
        "seen": "{}",
        "shown": "",
        "kind": "workshop",
    }
    client_of(people["ada"]).post(f"/events/{event.pk}/edit/", sent)
    assert set(Event.objects.values_list("kind", flat=True)) == {"workshop"}
    assert {f"{one.starts:%H:%M}" for one in Event.objects.all()} == {"13:00"}
    client_of(people["ada"]).post(f"/events/{event.pk}/cancellation/", {"scope": "all"})
    assert set(Event.objects.values_list("status", flat=True)) == {"cancelled"}
    assert Entry.objects.filter(verb="event_cancelled").count() == 5


@given(
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.times(),
    st.sampled_from([Every.WEEK, Every.FORTNIGHT, Every.MONTH]),
    st.integers(0, 400),
)
def test_the_rule_is_what_an_obvious_reading_says(first: date, clock: time, every: str, ahead: int):
    until = first + timedelta(days=ahead)
    begins = datetime.combine(first, clock := clock.replace(microsecond=0))
    found = days_by_rule(rule_of(every, first, until), begins, most=500)
    if every == Every.MONTH:
        fifth = first.day > 28
        wanted = []
        for day in (first + timedelta(days=n) for n in range(ahead + 1)):
            last = (day + timedelta(days=7)).month != day.month
            same = last if fifth else (day.day - 1) // 7 == (first.day - 1) // 7
            if day.weekday() == first.weekday() and same:
                wanted.append(day)
    else:
        step = 7 if every == Every.WEEK else 14
        wanted = [first + timedelta(days=n) for n in range(0, ahead + 1, step)]
    assert found == [datetime.combine(day, clock) for day in wanted]


@given(st.dates(date(2026, 9, 28), date(2026, 12, 11)), st.integers(4, 12), st.integers(0, 30))
def test_termly_days_lie_in_their_terms_on_the_same_weekday(first: date, weeks: int, later: int):
    begins = date(2027, 1, 11) + timedelta(days=later)
    terms = [
        Period(name="a", start=date(2026, 9, 28), end=date(2026, 12, 11)),
        Period(name="b", start=begins, end=begins + timedelta(days=7 * weeks)),
    ]
    days = days_by_term(first, date(2027, 12, 31), terms)
    assert days[0] == first
    for day in days[1:]:
        assert terms[1].covers(day)
        assert day.weekday() == first.weekday()


def test_the_last_friday_is_the_last_in_every_month():
    first, last = datetime(2027, 4, 30, 12), datetime(2028, 1, 1)
    found = days_by_rule(rule_of("month", first.date(), date(2027, 12, 31)), first)
    assert found == list(rrule(MONTHLY, byweekday=FR(-1), dtstart=first, until=last))


@db
def test_what_was_not_changed_in_one_stays_as_it_is_in_the_others(people: dict[str, Person], data: Community):
    first, second, *_others = planned(people, data, speakers=["A guest"])
    change_series(by=people["ada"], event=second, scope="this", speakers=["Another guest"])
    change_series(by=people["ada"], event=first, scope="all", title="Maps", speakers=["A guest"], hosts=[])
    second.refresh_from_db()
    assert (second.title, [one.name for one in second.speakers.all()]) == ("Maps", ["Another guest"])
    change_series(by=people["ada"], event=first, scope="all", speakers=[people["dan"]])
    assert [one.person for one in second.speakers.all()] == [people["dan"]]


@db
def test_nobody_was_at_what_is_still_to_come(people: dict[str, Person], data: Community):
    events = planned(people, data, attended=[people["ada"]])
    assert not Attendance.objects.exists()
    with time_machine.travel(events[0].starts_at, tick=False):
        change_series(by=people["ada"], event=events[0], scope="all", attended=[people["ada"]], title="Maps")
    assert list(Attendance.objects.values_list("event", flat=True)) == [events[0].pk]


@db
def test_an_hour_that_is_typed_is_that_of_all_and_a_length_that_is_not_is_each_ones_own(
    people, data: Community
):
    events = planned(people, data)
    early = events[3].starts_at - timedelta(hours=3)
    change_series(
        by=people["ada"],
        event=events[3],
        scope="following",
        starts_at=early,
        ends_at=early + timedelta(hours=1),
    )
    change_series(
        by=people["ada"], event=events[1], scope="this", ends_at=events[1].ends_at + timedelta(hours=1)
    )
    later = events[0].starts_at + timedelta(minutes=30)
    change_series(
        by=people["ada"], event=events[0], scope="all", starts_at=later, ends_at=later + timedelta(hours=1)
    )
    now = list(Event.objects.order_by("occurrence"))
    assert {f"{event.starts:%H:%M}" for event in now} == {"13:00"}
    assert [event.ends - event.starts for event in now] == [timedelta(hours=n) for n in (1, 2, 1, 1, 1)]


@db
def test_what_was_moved_away_and_back_moves_with_the_others_again(people: dict[str, Person], data: Community):
    events = planned(people, data)

    def move(event: Event, scope: str, days: int) -> None:
        event.refresh_from_db()
        at, ends = (moment + timedelta(days=days) for moment in (event.starts_at, event.ends_at))
        change_series(by=people["ada"], event=event, scope=scope, starts_at=at, ends_at=ends)

    move(events[0], "all", 1)
    move(events[1], "this", 3)
    assert Event.objects.get(is_apart=True) == events[1]
    move(events[1], "this", -3)
    move(events[0], "all", 1)
    assert starts(Event.objects.order_by("occurrence")) == [
        f"{day} 12:30" for day in ("13 Mar", "20 Mar", "27 Mar", "3 Apr", "10 Apr")
    ]


@db
def test_each_date_keeps_its_own_zone(people: dict[str, Person], data: Community):
    events = planned(people, data)
    there = events[1].starts.replace(tzinfo=ZoneInfo("Europe/Paris"))
    Event.objects.filter(pk=events[1].pk).update(
        timezone="Europe/Paris", starts_at=there, ends_at=there + timedelta(hours=1)
    )
    later, ends = (moment + timedelta(days=1) for moment in (events[0].starts_at, events[0].ends_at))
    change_series(by=people["ada"], event=events[0], scope="all", starts_at=later, ends_at=ends)
    now = list(Event.objects.order_by("occurrence"))
    assert {f"{event.starts:%A %H:%M}" for event in now} == {"Friday 12:30"}
