"""Calendars that are long to read, by their size or by what is in them."""

from time import process_time

import pytest

from folkmoot.exchange.icals import read_calendar
from folkmoot.exchange.tests.test_icals import ZONE, ics

EVERY_HOUR = ",".join(map(str, range(24)))
EVERY_DAY = ",".join(map(str, range(1, 32)))
LONG_ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Customized\n"
    + "".join(
        f"BEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYMONTH={n % 12 + 1};"
        f"BYHOUR={EVERY_HOUR};BYMONTHDAY={EVERY_DAY}\nEND:STANDARD\n"
        for n in range(50)
    )
    + "END:VTIMEZONE\n"
)


@pytest.mark.parametrize(
    "content",
    [
        ics(*(f"UID:{n}\nSUMMARY:T\nDTSTART;TZID=Customized:20270311T123000" for n in range(2_000)), zones=ZONE),
        ics(
            *(f"SUMMARY:{n}\nDTSTART;TZID=Customized:{1970 + n % 300}0311T123000" for n in range(2_000)),
            zones=LONG_ZONE,
        ),
        ics(*(f"UID:{n}\nDTSTART:20270311T123000Z\nDESCRIPTION:<p>{n}" + "<p></p>" * 2_800 for n in range(220))),
        ics(*(f"UID:{n}\nDTSTART:20270311T123000Z\nDESCRIPTION:<p>{n}" + "<ul><li>" * 2_400 for n in range(220))),
        ics(*(["SUMMARY:T\nDTSTART:20270311T123000Z\nRRULE:FREQ=DAILY;BYDAY=MO;BYMONTHDAY=31;BYYEARDAY=1"] * 999)),
        ics("SUMMARY:T\nDTSTART:20270311T123000Z" + "\nEXDATE:20270311T123000Z" * 200_000),
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 380_000,
    ],
)  # fmt: skip
def test_a_long_file_is_read_in_a_few_seconds_or_its_beginning_is(content: bytes):
    begun = process_time()
    found = read_calendar(content)
    assert process_time() - begun < 5
    assert found.problems


def test_of_much_html_the_rest_is_words_too():
    told = "<div>Bring &amp; share</div><div>lunch</div><script>1</script>"
    long = "<p>" + "x" * 15_000
    found = read_calendar(
        ics(
            f"UID:1\nDTSTART:20270101T000000Z\nDESCRIPTION:{told}",
            *(f"UID:{n}\nDTSTART:20270102T000000Z\nDESCRIPTION:{long}{n}" for n in range(2, 40)),
            f"UID:40\nDTSTART:20270103T000000Z\nDESCRIPTION:{told}",
        )
    ).events
    assert found[0].summary == "Bring & share\n\nlunch"
    assert found[-1].summary.split()[:4] == ["Bring", "&", "share", "lunch"]
    assert all(len(event.summary) == 8_000 for event in found[1:-1])
