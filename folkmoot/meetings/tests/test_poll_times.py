"""The times that a poll may offer: what nobody can mean is refused beside what was typed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from folkmoot.calendar.days import zone
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import client_of
from folkmoot.meetings.actions import open_poll
from folkmoot.meetings.models import Poll
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
HERE = "/communities/data/arranging/sponsor_meeting/"


def offering(day: str, starts: str, ends: str = "") -> dict[str, str]:
    """The form with one time."""
    typed = {"day": day, "starts": starts, "ends": ends}
    return {f"form-0-{name}": value for name, value in typed.items()} | {
        "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0",
    }  # fmt: skip


def test_times_that_make_no_sense_are_refused(people: dict[str, Person], data: Community):
    now = clock.now()
    for times, sentence in (
        ([], "a few times"),
        ([(now - timedelta(days=1), now)], "has passed"),
        ([(now + timedelta(days=1), now + timedelta(hours=1))], "ends before"),
        ([(datetime(9999, 12, 31, 9, tzinfo=UTC), datetime(9999, 12, 31, 10, tzinfo=UTC))], "year: 9999"),
        ([(now + timedelta(days=1), now + timedelta(days=999))], "more than a year"),
    ):
        with pytest.raises(Refused, match=sentence):
            open_poll(by=people["ada"], community=data, kind="sponsor_meeting", times=times)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2260-01-15"])
def test_a_year_that_nobody_means_is_said_beside_its_day(
    people: dict[str, Person], data: Community, day: str
):
    ada = client_of(people["ada"])
    assert ada.get(f"{HERE}?by={day}").status_code == 200
    answer = ada.post(HERE, offering(day, "23:30"))
    assert answer.status_code == 422
    assert f"Check the year: {int(day[:4])}." in answer.text
    assert not Poll.objects.exists()


@pytest.mark.parametrize(
    ("day", "starts", "ends", "sentence"),
    [
        ("2027-02-01", "15:00", "12:00", "It ends before it begins."),
        ("2027-02-01", "15:00", "15:00", "It ends when it begins. Give a later time."),
        ("2027-03-28", "01:30", "02:30", "The clocks skip this hour on that day. Choose another."),
        ("2027-03-28", "00:30", "01:30", "The clocks skip this hour on that day. Choose another."),
        ("2027-03-28", "01:30", "", "The clocks skip this hour on that day. Choose another."),
        ("2027-02-01", "", "15:00", "From when?"),
    ],
)
def test_hours_that_make_no_sense_are_said_beside_them(
    people: dict[str, Person], data: Community, day: str, starts: str, ends: str, sentence: str
):
    with time_machine.travel(datetime(2027, 1, 11, 10, tzinfo=UTC), tick=False):
        answer = client_of(people["ada"]).post(HERE, offering(day, starts, ends))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Poll.objects.exists()


def test_without_an_end_it_is_an_hour_whatever_the_clocks_do(people: dict[str, Person], data: Community):
    with time_machine.travel(datetime(2027, 1, 11, 10, tzinfo=UTC), tick=False):
        client_of(people["ada"]).post(HERE, offering("2027-10-31", "01:30"))  # an hour that comes twice
    (slot,) = Poll.objects.get().slots.all()
    assert slot.ends_at - slot.starts_at == timedelta(hours=1)


def test_times_are_compared_as_they_pass_not_as_the_clocks_show_them(
    people: dict[str, Person], data: Community
):
    with time_machine.travel(datetime(2027, 1, 11, 10, tzinfo=UTC), tick=False):
        starts, ends = (datetime(2027, 3, 28, *hour, tzinfo=zone()) for hour in ((1, 30), (2, 0)))
        with pytest.raises(Refused, match="ends before"):
            open_poll(by=people["ada"], community=data, kind="sponsor_meeting", times=[(starts, ends)])
        begins = datetime(2027, 2, 1, 10, tzinfo=UTC)
        times = [(begins, begins + timedelta(hours=length)) for length in (1, 2)]
        with pytest.raises(Refused, match="at the same moment"):
            open_poll(by=people["ada"], community=data, kind="sponsor_meeting", times=times)
