"""What a lead reads of the link that is sent to the sponsor, and does about it."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community, Membership
from folkmoot.core import clock
from folkmoot.discussions.tests.world import client_of
from folkmoot.events.actions import change_event
from folkmoot.meetings.actions import withdraw_briefing
from folkmoot.meetings.models import BriefingLink
from folkmoot.people.models import Person
from folkmoot.portal.tests.world import brief, held

pytestmark = pytest.mark.django_db
HERE = "/communities/data/briefing/"
TWO_DAYS = "It goes out by itself two days before the meeting"
SOON = "It goes out by itself within the hour"
WITHDRAWN = "It was withdrawn, so it does not go out by itself any more."
NOBODY = "This community has no sponsor yet, to whom it could be sent."


@pytest.fixture
def said(people: dict[str, Person]):
    """What the page says of when it goes out."""

    def of_page() -> list[str]:
        page = client_of(people["ada"]).get(HERE).text
        return [words for words in (TWO_DAYS, SOON, WITHDRAWN, NOBODY) if words in page]

    return of_page


def test_it_is_said_when_it_goes_out_and_only_if_it_does(people: dict[str, Person], data: Community, said):
    assert said() == [TWO_DAYS]
    event = held(people, data, "sponsor_meeting", 3)
    assert said() == [TWO_DAYS]
    sooner = clock.now() + timedelta(days=1)
    change_event(by=people["ada"], event=event, starts_at=sooner, ends_at=sooner + timedelta(hours=1))
    assert said() == [SOON]
    brief()
    assert said() == []
    withdraw_briefing(by=people["ada"], link=BriefingLink.objects.get())
    assert said() == [WITHDRAWN]
    brief()
    assert BriefingLink.objects.filter(withdrawn_at=None).count() == 0
    later = sooner + timedelta(days=20)
    change_event(by=people["ada"], event=event, starts_at=later, ends_at=later + timedelta(hours=1))
    assert said() == [TWO_DAYS]
    Membership.objects.filter(role="sponsor").delete()
    assert said() == [NOBODY]


def sent() -> list[int]:
    """To whom it was sent, in order."""
    lines = Entry.objects.filter(verb="briefing_ready").order_by("id")
    return [entry.data["person"] for entry in lines]


def test_a_link_is_sent_again_to_whom_it_is_and_once_however_often_one_clicks(
    people: dict[str, Person], data: Community
):
    fay, sam = people["fay"], people["sam"]
    Membership.objects.create(community=data, person=fay, role="sponsor", since=date(2024, 1, 8))
    held(people, data, "sponsor_meeting", 9)
    client_of(people["ada"]).post(f"{HERE}link/")
    assert sorted(sent()) == sorted([fay.pk, sam.pk])
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        ada = client_of(people["ada"])
        link = BriefingLink.objects.get(person=sam)
        assert re.search(rf'name="again" value="{link.pk}">\s*Send it again', ada.get(HERE).text)
        for _twice in range(2):
            answer = ada.post(f"{HERE}link/", {"again": link.pk}, follow=True)
            assert "It is on its way to the sponsor." in answer.text
    assert sent()[2:] == [sam.pk]
    assert BriefingLink.objects.count() == 2
