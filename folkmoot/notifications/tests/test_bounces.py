"""Mail that came back."""

import pytest

from folkmoot.notifications.bounces import take_bounce
from folkmoot.notifications.models import BadAddress
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
REPORT = """\
From: MAILER-DAEMON@mail.example
To: folkmoot@uni.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; Ada@Uni.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <ada@uni.example>:
    no such user

Final-Recipient: rfc822; stranger@else.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Subject: Hello

--b--
"""


@pytest.fixture
def ada() -> Person:
    return Person.objects.create(ref="ada", name="Ada", email="ada@uni.example")


def test_an_address_that_does_not_exist_is_turned_off(ada: Person):
    report = REPORT.format(action="failed", status="5.1.1").encode()
    assert take_bounce(report) == take_bounce(report) == ["ada@uni.example"]
    bad = BadAddress.objects.get()
    assert (bad.email, bad.reason) == ("ada@uni.example", "550 5.1.1 <ada@uni.example>: no such user")


@pytest.mark.parametrize(
    "report",
    [
        REPORT.format(action="delayed", status="4.4.1"),
        REPORT.format(action="failed", status="4.2.2"),
        REPORT.format(action="delivered", status="5.0.0"),
        REPORT.format(action="failed", status="5.1.1").replace("delivery-status", "x-other"),
        "Subject: I am on holiday\n\nBack on Monday.",
        "",
        "\x00\xff nonsense",
    ],
)
def test_what_says_nothing_for_good_changes_nothing(ada: Person, report: str):
    assert take_bounce(report.encode("latin-1")) == []
    assert not BadAddress.objects.exists()
