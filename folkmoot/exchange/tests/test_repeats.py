"""Rules of calendars: no other times than `dateutil` finds, and none takes long."""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice, takewhile

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.exchange.repeats import read_rule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def some(values: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=4, unique=True).map(lambda found: ",".join(map(str, found)))


def either(most: int) -> st.SearchStrategy[int]:
    return st.integers(-most, most).filter(bool)


PARTS = {
    "INTERVAL": st.integers(1, 5).map(str),
    "COUNT": st.integers(1, 9).map(str),
    "WKST": st.sampled_from(DAYS),
    "BYMONTH": some(st.integers(1, 12)),
    "BYMONTHDAY": some(either(31)),
    "BYYEARDAY": some(either(366)),
    "BYHOUR": some(st.integers(0, 23)),
    "BYMINUTE": some(st.integers(0, 59)),
    "BYSETPOS": some(either(9)),
}


@st.composite
def rules(draw: st.DrawFn) -> str:
    often = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]))
    names = draw(st.sets(st.sampled_from(sorted(PARTS)), max_size=3))
    parts = {name: draw(PARTS[name]) for name in sorted(names)}
    if draw(st.booleans()):
        # dateutil takes a weekday with and one without a number to be two conditions.
        which = st.just("") if often in {"WEEKLY", "DAILY"} or draw(st.booleans()) else either(5).map(str)
        parts["BYDAY"] = draw(some(st.builds("{}{}".format, which, st.sampled_from(DAYS))))
    if often == "WEEKLY":
        parts.pop("BYSETPOS", None)  # dateutil counts in the first week from the day on which it begins
    return ";".join([f"FREQ={often}", *(f"{name}={value}" for name, value in parts.items())])


# dateutil looks on to the year 9999 where nothing comes, so that it is asked about days shortly before.
@given(rules(), st.datetimes(datetime(9988, 1, 1), datetime(9996, 1, 1)))
@settings(max_examples=150)
def test_the_times_are_those_that_dateutil_finds(rule: str, begins: datetime):
    begins = begins.replace(microsecond=0)
    last = begins + timedelta(days=730)
    found = list(islice(read_rule(rule, begins).times(begins, last), 40))
    expected = takewhile(lambda at: at <= last, rrulestr(rule, dtstart=begins))
    known = []
    with suppress(OverflowError, ValueError):  # it looks beyond the end of its years where nothing comes
        for at in islice(expected, 40):
            known.append(at)
    assert found == known


@given(rules(), st.datetimes(datetime(2001, 1, 1), datetime(2009, 1, 1)), st.integers(0, 2500))
@settings(max_examples=150)
def test_later_on_the_rule_goes_on_as_from_its_beginning(rule: str, begins: datetime, days: int):
    begins = begins.replace(microsecond=0)
    read, by = read_rule(rule, begins), begins + timedelta(days=days, minutes=7)
    last = by + timedelta(days=400)
    later = read.later(begins, by)
    assert begins <= later <= by
    assert [at for at in read.times(later, last) if at > by] == [
        at for at in read.times(begins, last) if at > by
    ]


def test_weeks_are_those_of_the_standard():
    begins, last = datetime(2018, 1, 1), datetime(2030, 12, 31)
    every = [begins + timedelta(days=gone) for gone in range((last - begins).days + 1)]
    for week in (1, 2, 52, 53):
        found = read_rule(f"FREQ=YEARLY;BYWEEKNO={week}", begins).times(begins, last)
        assert list(found) == [day for day in every if day.isocalendar().week == week]
    found = read_rule("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO", begins).times(begins, datetime(2021, 12, 31))
    assert [f"{at:%Y-%m-%d}" for at in found] == ["2018-12-24", "2019-12-23", "2020-12-28", "2021-12-27"]
