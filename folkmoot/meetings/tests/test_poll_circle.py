"""Who leaves while a time is looked for: their answers count no more, and the meeting is not theirs."""

from datetime import date

import pytest
from django.test import Client

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import client_of
from folkmoot.events.models import Answer, Event
from folkmoot.meetings.access import poll_token
from folkmoot.meetings.actions import book, close_poll
from folkmoot.meetings.models import Poll
from folkmoot.meetings.tasks import ask_newcomers_of_polls
from folkmoot.meetings.tests.world import all_say, poll_of
from folkmoot.meetings.waiting import waiting_polls
from folkmoot.notifications.actions import tell
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll(people: dict[str, Person], data: Community) -> Poll:
    """Of the core; Dan, who can at the last time only and so could everybody, is no longer of it."""
    poll = poll_of(people, data, kind="core_meeting")
    all_say(poll, people["dan"], "no", "no", "yes")
    leave(people["dan"])
    return poll


def leave(person: Person) -> None:
    Membership.objects.filter(person=person).update(until=date(2024, 2, 1))


def test_whoever_left_the_circle_is_neither_invited_nor_opened_the_minutes(
    people: dict[str, Person], data: Community, poll: Poll
):
    Membership.objects.create(community=data, person=people["fay"], role="core", since=date(2024, 1, 8))
    event = book(by=people["ada"], poll=poll, slot=poll.slots.all()[2])
    said = dict(Answer.objects.values_list("person__ref", "said"))
    assert said == {"ada": "going", "sam": "asked", "fay": "asked"}
    assert client_of(people["dan"]).get(f"/events/{event.pk}/agenda/").status_code in {403, 404}


def test_the_best_is_that_of_those_whose_meeting_it_is(people: dict[str, Person], poll: Poll):
    assert poll.best(today()) is None, "Ada would meet nobody"
    all_say(poll, people["sam"], "yes", "yes", "if")
    poll.refresh_from_db()
    assert poll.event, "nobody waits for who has left"
    assert poll.event.starts_at == poll.slots.all()[0].starts_at


def test_nobody_waits_for_the_answer_of_who_has_left(people: dict[str, Person], data: Community):
    poll = poll_of(people, data, kind="core_meeting")
    leave(people["dan"])
    all_say(poll, people["sam"], "yes", "no", "no")
    assert Event.objects.exists()
    again = poll_of(people, data)
    leave(people["sam"])
    with pytest.raises(Refused, match="not among those"):
        all_say(again, people["sam"], "yes", "yes", "yes")
    assert close_poll(again) is None


def test_the_way_to_the_answers_is_shut_to_who_has_left(people: dict[str, Person], poll: Poll):
    here = f"/polls/answer/{poll_token(poll.pk, people['dan'].pk)}/"
    assert Client().get(here).status_code == 410
    assert client_of(people["dan"]).get(f"/polls/{poll.pk}/").status_code == 403
    assert ">Dan<" not in client_of(people["ada"]).get(f"/polls/{poll.pk}/").text


def test_no_poll_waits_for_who_has_left(people: dict[str, Person], data: Community):
    poll = poll_of(people, data, kind="core_meeting")
    asked = [list(waiting_polls(people[who].pk, today(), clock.now())) for who in ("dan", "sam", "eve")]
    assert asked == [[poll], [poll], []]
    leave(people["dan"])
    assert not waiting_polls(people["dan"].pk, today(), clock.now())
    all_say(poll, people["sam"], "no", "no", "no")
    (shown,) = waiting_polls(people["ada"].pk, today(), clock.now())
    assert (shown.is_for_me, shown.number_answered, shown.number_asked) == (False, 2, 2)


def test_who_takes_over_while_a_time_is_looked_for_is_asked(people: dict[str, Person], data: Community):
    poll = poll_of(people, data)
    leave(people["sam"])
    Membership.objects.create(community=data, person=people["fay"], role="sponsor", since=date(2024, 2, 2))
    for _twice in range(2):
        ask_newcomers_of_polls()
    (entry,) = Entry.objects.filter(verb="poll_asked")
    tell(entry)
    asked = Notice.objects.filter(kind="poll_opened").values_list("person__ref", flat=True)
    assert list(asked) == ["fay"], "the others were asked before"
    all_say(poll, people["fay"], "no", "yes", "no")
    poll.refresh_from_db()
    assert poll.event, "the new sponsor and the lead meet"


def test_who_has_left_the_organisation_is_not_counted(people: dict[str, Person], data: Community):
    poll = poll_of(people, data, kind="core_meeting")
    all_say(poll, people["dan"], "no", "no", "yes")
    Person.objects.filter(ref="dan").update(left=today())
    assert not waiting_polls(people["ada"].pk, today(), clock.now()), "Ada alone can book nothing"
