"""How a poll ends without a meeting, and how it goes on from there."""

import pytest

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.discussions.tests.world import client_of, told
from folkmoot.events.actions import cancel_event
from folkmoot.meetings.access import poll_token
from folkmoot.meetings.actions import book, close_poll, give_up_poll
from folkmoot.meetings.tests.world import all_say, poll_of
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
OTHER_TIMES = '<a class="button" href="/communities/data/arranging/core_meeting/">Offer other times</a>'


def test_where_nobody_has_answered_the_lead_is_told_just_that(people: dict[str, Person], data: Community):
    poll = poll_of(people, data)
    assert close_poll(poll) is None
    assert Entry.objects.latest("id").verb == "poll_unanswered"
    said = "Nobody has answered which time suits for a meeting of Data: Sponsor meeting."
    assert told()["ada"] == [said]


def test_a_no_is_an_answer(people: dict[str, Person], data: Community):
    poll = poll_of(people, data)
    all_say(poll, people["sam"], "no", "no", "no")
    close_poll(poll)
    assert Entry.objects.latest("id").verb == "poll_failed"


def test_whoever_plans_goes_on_from_a_poll_that_ended(people: dict[str, Person], data: Community):
    poll = poll_of(people, data, kind="core_meeting")
    ada, dan, here = client_of(people["ada"]), client_of(people["dan"]), f"/polls/{poll.pk}/"
    assert OTHER_TIMES not in ada.get(here).text
    give_up_poll(by=people["ada"], poll=poll)
    assert OTHER_TIMES in ada.get(here).text
    assert OTHER_TIMES not in dan.get(here).text


def test_what_was_booked_and_called_off_is_not_said_to_be_booked(
    client, people: dict[str, Person], data: Community
):
    poll = poll_of(people, data, kind="core_meeting")
    ada, here = client_of(people["ada"]), f"/polls/{poll.pk}/"
    answer = f"/polls/answer/{poll_token(poll.pk, people['dan'].pk)}/"
    event = book(by=people["ada"], poll=poll, slot=poll.slots.all()[0])
    assert "It is booked" in ada.get(here).text
    assert "It is booked" in client.get(answer).text
    cancel_event(by=people["ada"], event=event)
    for page in (ada.get(here).text, client.get(answer).text):
        assert "The meeting was called off" in page
        assert "booked" not in page
    assert OTHER_TIMES in ada.get(here).text
