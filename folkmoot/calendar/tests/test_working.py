"""Working hours, with weekends, bank holidays, closures and a clock change."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from folkmoot.calendar.models import Calendar, Period
from folkmoot.calendar.working import next_working_moment

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("2026-11-25T10:30", "2026-11-25T10:30"),
        ("2026-11-25T08:00", "2026-11-25T09:00"),
        ("2026-11-25T17:00", "2026-11-26T09:00"),
        ("2026-11-27T18:00", "2026-11-30T09:00"),  # Friday evening
        ("2026-12-22T18:00", "2027-01-04T09:00"),  # a closure, a weekend
        ("2027-05-03T12:00", "2027-05-04T09:00"),  # a bank holiday
        ("2026-10-24T12:00", "2026-10-26T09:00"),  # the clocks go back on Sunday
    ],
)
def test_mail_waits_for_working_hours(asked: str, answer: str):
    calendar = Calendar.objects.organisations()
    Calendar.objects.filter(pk=calendar.pk).update(holidays="GB-ENG")
    Period.objects.create(
        calendar=calendar, name="Christmas", kind="closure", start=date(2026, 12, 23), end=date(2027, 1, 3)
    )
    assert next_working_moment(at(asked)) == at(answer)


def test_without_a_working_day_nothing_waits_for_ever():
    Calendar.objects.filter(is_organisations=True).update(working_days=[])
    assert next_working_moment(at("2026-11-25T20:00")) == at("2026-11-25T20:00")
