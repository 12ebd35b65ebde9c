"""Saying that the online space is alive, and which source the charter goes by."""

from datetime import timedelta

import pytest

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.channels.models import Channel
from folkmoot.charter.models import MeasuredFrom
from folkmoot.communities.actions import attest_active
from folkmoot.communities.models import ActiveDay
from folkmoot.communities.tests.world import LONG_AGO, belongs, community, person, signed_in
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.discussions.actions import remove_post, reply, start_thread
from folkmoot.health.measuring import measure

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def data():
    MeasuredFrom.objects.create(pk=1, day=LONG_AGO)
    return community("Data", space_kind="teams", space_url="https://teams.example.org/data")


@pytest.fixture
def ada(data):
    ada = person("Ada Okafor")
    belongs(ada, data, "lead")
    return ada


def finding():
    return measure(today())[0].finding("online_space")


def test_a_lead_attests_a_day_once(data, ada):
    browser = signed_in(ada)
    page = "/communities/data/space/"
    for _ in range(2):
        assert browser.post(page, {"day": today() - DAY}).status_code == 302
    assert list(ActiveDay.objects.values_list("day", "by")) == [(today() - DAY, ada.pk)]
    assert Entry.objects.filter(verb="space_active").count() == 1
    assert (str(finding().status), finding().since) == ("met", today() - DAY)
    assert "as a lead recorded" in finding().evidence


@pytest.mark.parametrize("day", [today() + DAY, LONG_AGO - DAY])
def test_days_ahead_and_before_the_community_are_refused(data, ada, day):
    with pytest.raises(Refused):
        attest_active(by=ada, community=data, day=day)
    answer = signed_in(ada).post("/communities/data/space/", {"day": day})
    assert answer.status_code == 422
    assert not ActiveDay.objects.exists()


def test_the_finding_says_what_it_goes_by(data, ada):
    attest_active(by=ada, community=data, day=today() - 5 * DAY)
    Channel.objects.create(
        community=data, sealed=b"", host="hooks.example.org", succeeded_at=clock.now() - 3 * DAY
    )
    assert "channel last took" in finding().evidence
    thread = start_thread(by=ada, community=data, kind="conversation", title="Hello", text="All.")
    post = reply(by=ada, thread=thread, text="Again.")
    assert "last written here" in finding().evidence
    assert finding().since == today()
    remove_post(by=ada, post=post)
    remove_post(by=ada, post=thread.written.get(number=1))
    assert "channel last took" in finding().evidence


def test_without_a_space_it_is_missed_until_something_is_said_here(data, ada):
    data.space_kind = data.space_url = ""
    data.save()
    assert (str(finding().status), finding().due) == ("missed", None)
    assert finding().step.url == "/communities/data/edit/"
    start_thread(by=ada, community=data, kind="conversation", title="Hello", text="All.")
    assert str(finding().status) == "met"
