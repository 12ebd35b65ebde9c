"""Dates are said as people say them, in the organisation's time zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from folkmoot.ui.dates import ago, date_box, day, when

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_that_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("style", "said"),
    [("", "4 December"), ("short", "4 Dec"), ("weekday", "Fri 4 Dec"), ("long", "Friday 4 December 2026")],
)
def test_a_day_of_this_year_goes_without_the_year(style: str, said: str):
    assert day(date(2026, 12, 4), style) == f'<time datetime="2026-12-04">{said}</time>'


def test_a_day_of_another_year_says_it():
    assert day(date(2025, 12, 4)) == '<time datetime="2025-12-04">4 December 2025</time>'


def test_no_day_says_nothing():
    assert day(None) == ""


def test_a_moment_late_in_the_evening_of_utc_is_the_next_day_in_summer_time():
    assert "2 July" in day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))


def test_an_event_says_its_day_and_its_hours():
    start = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)
    assert ">Thu 26 Nov, 12:30–13:30<" in when(start, start + timedelta(hours=1))
    assert ">Thu 26 Nov, 12:30<" in when(start)


def test_an_event_over_midnight_says_both_days():
    start = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)
    assert ">Thu 31 Dec, 22:00 – Fri 1 Jan, 01:00<" in when(start, start + timedelta(hours=3))


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=20), "20 min ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=5), "5 days ago"),
        (timedelta(days=20), "3 November"),
        (timedelta(days=-20), "13 December"),
    ],
)
def test_what_happened_lately_is_said_by_how_long_ago(before: timedelta, said: str):
    assert f">{said}<" in ago(NOW - before)


def test_the_date_block_has_the_month_over_the_day():
    assert "<span>Dec</span> <b>3</b>" in date_box(date(2026, 12, 3))
