"""Days as spreadsheets write them."""

from datetime import date

import pytest

from folkmoot.exchange.reading.dates import Days

DAY = date(2026, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-03", "2026/4/3", "2026-04-03 00:00:00", "2026-04-03T09:30:00Z", "20260403", "3 April 2026",
        "3-Apr-2026", "3rd Apr 2026", "April 3, 2026", "Fri 3 April 2026", "Fri, 3 Apr 2026", "03 APR 2026",
    ],
)  # fmt: skip
def test_a_day_that_can_be_only_one_is_read(text):
    assert Days([text]).read(text) == DAY


@pytest.mark.parametrize(
    ("other", "day"), [("13/05/2026", DAY), ("05/13/2026", date(2026, 3, 4)), ("31.12.2025", DAY)]
)
def test_the_other_days_of_the_column_tell_which_number_is_the_month(other, day):
    assert Days(["03/04/2026", other]).read("03/04/2026") == day


@pytest.mark.parametrize("others", [[], ["05/06/2026"], ["13/05/2026", "05/13/2026"]])
def test_a_day_that_could_be_two_is_never_guessed(others):
    said = Days(["03/04/2026", *others]).read("03/04/2026")
    assert isinstance(said, str)
    assert "month" in said


@pytest.mark.parametrize(
    ("text", "day"), [("04/04/2026", date(2026, 4, 4)), ("25/12/2026", date(2026, 12, 25))]
)
def test_numbers_that_leave_no_doubt_need_no_others(text, day):
    assert Days(["01/02/2026", text]).read(text) == day


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13-01", "31/04/2026", "0001-01-01", "soon", "12", "46115", "3 Brumaire 2026"]
)
def test_what_is_no_day_says_so(text):
    assert isinstance(Days([text]).read(text), str)


def test_a_workbook_counts_its_days():
    assert Days(["46115"], serials=True).read("46115") == DAY
    assert "number for a day" in str(Days(["46115"]).read("46115"))
