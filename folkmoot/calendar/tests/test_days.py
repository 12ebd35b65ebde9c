"""The organisation's day: where it begins and ends, also when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import time_machine

from folkmoot.calendar.days import moment, today


@time_machine.travel(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), tick=False)
def test_today_is_the_organisations_own():
    assert today() == date(2026, 7, 1)


@time_machine.travel(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), tick=False)
def test_the_moment_of_today_is_now_and_of_another_day_its_end():
    assert moment(date(2026, 11, 23)) == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert moment(date(2026, 11, 22)) == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@time_machine.travel(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), tick=False)
def test_days_on_which_the_clocks_change_are_as_long_as_they_are():
    def length(day: date) -> timedelta:
        return moment(day).astimezone(UTC) - moment(day - timedelta(days=1)).astimezone(UTC)

    assert length(date(2026, 3, 29)) == timedelta(hours=23)
    assert length(date(2026, 10, 25)) == timedelta(hours=25)
