"""Looking for a time: what is offered fits; what suits most is booked, with invitations."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.activity.models import Entry
from folkmoot.calendar.actions import add_period
from folkmoot.calendar.days import today, zone
from folkmoot.calendar.models import Calendar
from folkmoot.communities.models import Community, Membership
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import client_of, told
from folkmoot.events.actions import answer, cancel_event, record_event
from folkmoot.events.models import Answer, Event
from folkmoot.meetings.access import poll_token
from folkmoot.meetings.actions import book, close_poll, give_up_poll, open_poll
from folkmoot.meetings.arranging import times_that_fit
from folkmoot.meetings.models import Mark, Poll
from folkmoot.meetings.tasks import close, close_polls
from folkmoot.meetings.tests.world import all_say, meeting_of, poll_of, work
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 11, 10, tzinfo=UTC)  # a Monday


def test_times_lie_on_working_days_in_the_term_and_miss_what_people_have(
    people: dict[str, Person], data: Community
):
    calendar = Calendar.objects.organisations()
    calendar.periods.all().delete()
    add_period(
        by=None, calendar=calendar, name="Spring", kind="term", start=date(2027, 1, 11), end=date(2027, 3, 25)
    )
    add_period(
        by=None,
        calendar=calendar,
        name="Shut",
        kind="closure",
        start=date(2027, 1, 18),
        end=date(2027, 1, 22),
    )
    busy = datetime(2027, 1, 25, 9, tzinfo=zone())
    talk = record_event(
        by=people["ada"], community=data, kind="talk", starts_at=busy, ends_at=busy + timedelta(hours=4),
        timezone="Europe/London",
    )  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        answer(by=people["sam"], event=talk, said="going")
        offers = times_that_fit(data, "sponsor_meeting", clock.now())
    assert len(offers) == 3
    assert offers[0].starts_at.date() == date(2027, 1, 25)
    for offer in offers:
        local = offer.starts_at.astimezone(zone())
        assert local.weekday() < 5
        assert not date(2027, 1, 18) <= local.date() <= date(2027, 1, 22)
        assert time(9) <= local.time()
        assert offer.ends_at.astimezone(zone()).time() <= time(17)
        assert offer.busy == 0
        assert not (offer.starts_at < talk.ends_at and offer.ends_at > talk.starts_at)


def test_by_the_day_it_is_due_if_it_can_be(people: dict[str, Person], data: Community):
    with time_machine.travel(NOW, tick=False):
        offers = times_that_fit(data, "sponsor_meeting", clock.now(), by=date(2027, 1, 15))
    assert [offer.starts_at.astimezone(zone()).date() for offer in offers] == [
        date(2027, 1, day) for day in (13, 14, 15)
    ]


def test_a_core_meeting_waits_for_the_next_term(people: dict[str, Person], data: Community):
    calendar = Calendar.objects.organisations()
    calendar.periods.all().delete()
    add_period(
        by=None, calendar=calendar, name="Summer", kind="term", start=date(2027, 5, 3), end=date(2027, 6, 18)
    )
    with time_machine.travel(NOW, tick=False):
        offers = times_that_fit(data, "core_meeting", clock.now())
    assert offers
    assert all(date(2027, 5, 3) <= offer.starts_at.date() <= date(2027, 6, 18) for offer in offers)


def test_where_nobody_ever_works_nothing_is_offered(people: dict[str, Person], data: Community):
    Calendar.objects.update(working_days=[])
    assert times_that_fit(data, "sponsor_meeting", clock.now()) == []
    page = client_of(people["ada"]).get("/communities/data/arranging/sponsor_meeting/")
    assert "Offer your own" in page.text


def test_the_lead_offers_and_the_sponsor_answers_without_signing_in(
    client, people: dict[str, Person], data: Community
):
    ada = client_of(people["ada"])
    here = "/communities/data/arranging/sponsor_meeting/"
    page = ada.get(here)
    form = {
        f"form-{name}": page.context["times"].management_form[name].value()
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    for number, one in enumerate(page.context["times"]):
        form |= {
            f"form-{number}-{name}": str(one[name].value())[: 10 if name == "day" else 5]
            for name in ("day", "starts", "ends")
        }
    assert ada.post(here, form | {"place": "Old Hall", "online_url": ""}).status_code == 302
    poll = Poll.objects.get()
    assert told() == {"sam": ["Ada looks for a time for a meeting of Data: Sponsor meeting."]}
    token = poll_token(poll.pk, people["sam"].pk)
    slots = list(poll.slots.all())
    suits = {f"slot-{slot.pk}": said for slot, said in zip(slots, ("no", "yes", "if"), strict=True)}
    answer = client.post(f"/polls/answer/{token}/", suits, follow=True)
    assert "It is booked:" in answer.text
    event = Event.objects.get()
    assert (event.starts_at, event.place, event.kind) == (slots[1].starts_at, "Old Hall", "sponsor_meeting")
    assert dict(Answer.objects.values_list("person__ref", "said")) == {"ada": "going", "sam": "going"}
    assert ada.get(here)["Content-Type"].startswith("text/html")


def test_what_is_not_said_stays_open_and_books_nothing(client, people: dict[str, Person], data: Community):
    poll = poll_of(people, data)
    here = f"/polls/answer/{poll_token(poll.pk, people['sam'].pk)}/"
    page = client.get(here).text
    assert "Ada looks for a time for a sponsor meeting of Data." in page
    assert "Yours, Sam" in page
    assert "Nothing was chosen" in client.post(here, {}, follow=True).text
    assert Mark.objects.filter(person=people["sam"]).count() == 0
    first, *others = poll.slots.all()
    answer = client.post(here, {f"slot-{first.pk}": "yes"}, follow=True).text
    assert "Noted. Still open: " in answer
    assert not Event.objects.exists()
    client.post(here, {f"slot-{slot.pk}": "no" for slot in others})
    assert Event.objects.get().starts_at == first.starts_at


def test_what_other_polls_offer_to_the_same_people_is_not_offered_again(
    people: dict[str, Person], data: Community
):
    with time_machine.travel(NOW, tick=False):
        first = times_that_fit(data, "sponsor_meeting", clock.now())
        times = [(offer.starts_at, offer.ends_at) for offer in first]
        open_poll(by=people["ada"], community=data, kind="sponsor_meeting", times=times)
        second = times_that_fit(data, "core_meeting", clock.now())
    assert not {offer.starts_at for offer in first} & {offer.starts_at for offer in second}
    assert all(offer.busy == 0 for offer in second)


def test_a_meeting_that_was_planned_meanwhile_is_said_where_one_looks_for_a_time(
    people: dict[str, Person], data: Community
):
    poll, ada = poll_of(people, data), client_of(people["ada"])
    said = "A sponsor meeting is planned already:"
    assert said not in ada.get(f"/polls/{poll.pk}/").text
    assert "See the answers" in ada.get("/communities/data/arranging/core_meeting/").text
    meeting_of(people, data)
    assert said in ada.get(f"/polls/{poll.pk}/").text
    assert said in ada.post(f"/polls/{poll.pk}/end/", follow=True).text


def test_a_second_poll_waits_for_the_first(people: dict[str, Person], data: Community):
    poll = poll_of(people, data)
    with pytest.raises(Refused, match="looked for already"):
        poll_of(people, data)
    assert (
        client_of(people["ada"]).get("/communities/data/arranging/sponsor_meeting/")["Location"]
        == f"/polls/{poll.pk}/"
    )
    give_up_poll(by=people["ada"], poll=poll)
    poll_of(people, data)


def test_when_time_is_up_the_best_is_booked_and_others_are_invited(
    people: dict[str, Person], data: Community
):
    poll = poll_of(people, data, kind="core_meeting")
    all_say(poll, people["sam"], "yes", "if", "no")
    Poll.objects.update(closes_at=clock.now())
    work(close_polls, close)
    poll.refresh_from_db()
    assert poll.event
    assert poll.event.starts_at == poll.slots.all()[0].starts_at
    said = dict(Answer.objects.values_list("person__ref", "said"))
    assert said == {"ada": "going", "sam": "going", "dan": "asked"}
    with pytest.raises(Refused, match="too late"):
        all_say(poll, people["dan"], "yes", "yes", "yes")


def test_a_poll_that_cannot_be_booked_ends_with_its_leads_told_and_stops_no_other(
    people: dict[str, Person], data: Community
):
    first, second = poll_of(people, data), poll_of(people, data, kind="core_meeting")
    Poll.objects.filter(pk=first.pk).update(by=None)
    for poll in (first, second):
        all_say(poll, people["sam"], "no", "yes", "no")
        Mark.objects.filter(slot__poll=poll, person=people["ada"]).update(suits="yes")
        assert Mark.objects.filter(slot__poll=poll, person=people["sam"]).count() == 3, "the answer is kept"
    Poll.objects.update(closes_at=clock.now())
    for _twice in range(2):
        work(close_polls, close)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ended_at
    assert first.event is None
    assert second.event
    assert Entry.objects.get(verb="poll_not_booked").data["why"].startswith("Whoever asked is no longer here")
    said = (
        "The best time for “Sponsor meeting” could not be booked: look at the answers and plan it yourself."
    )
    assert said in told()["ada"]
    assert said not in told()["sam"]


def test_each_poll_is_closed_by_a_job_of_its_own_which_stops_no_other_by_failing(
    people: dict[str, Person], data: Community
):
    polls = [poll_of(people, data), poll_of(people, data, kind="core_meeting")]
    Poll.objects.update(closes_at=clock.now())
    close_polls()
    jobs = ProcrastinateJob.objects.filter(task_name=close.name).order_by("id")
    assert [job.args for job in jobs] == [{"poll": poll.pk} for poll in polls]


def test_where_the_sponsor_can_at_none_the_lead_is_told(people: dict[str, Person], data: Community):
    poll = poll_of(people, data)
    all_say(poll, people["sam"], "no", "no", "no")
    poll.refresh_from_db()
    assert poll.ended_at is None
    assert close_poll(poll) is None
    assert told()["ada"] == [
        "None of the times for a meeting of Data suits those who are needed: Sponsor meeting."
    ]
    with pytest.raises(Refused, match="Nobody looks"):
        book(by=people["ada"], poll=poll, slot=poll.slots.all()[0])


def test_it_is_booked_once(people: dict[str, Person], data: Community):
    poll = poll_of(people, data)
    one, other, _third = poll.slots.all()
    first = book(by=people["ada"], poll=poll, slot=one)
    assert book(by=people["ada"], poll=poll, slot=one) == first
    with pytest.raises(Refused, match="booked already"):
        book(by=people["ada"], poll=poll, slot=other)
    assert Event.objects.count() == 1


def test_a_page_that_is_stale_hears_which_time_is_booked(people: dict[str, Person], data: Community):
    poll, ada = poll_of(people, data), client_of(people["ada"])
    one, other, _third = poll.slots.all()
    said = [
        ada.post(f"/polls/{poll.pk}/booking/", {"slot": slot.pk}, follow=True).text
        for slot in (one, one, other)
    ]
    assert ["It is booked, and everybody has it" in text for text in said] == [True, True, False]
    assert f"Another time is booked already: {Event.objects.get().starts:%a} " in said[2]
    cancel_event(by=people["ada"], event=Event.objects.get())
    assert "called off since" in ada.post(f"/polls/{poll.pk}/booking/", {"slot": one.pk}, follow=True).text


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["yes", "if", "no", ""]), min_size=9, max_size=9))
def test_the_best_is_what_an_obvious_reading_says(asked: tuple[Poll, list[Person]], said: list[str]):
    """Of the slots at which a lead and the sponsor can: most people, then most at ease, then the earliest."""
    poll, people = asked
    slots = list(poll.slots.all())
    Mark.objects.all().delete()
    table = {(s, p): said[3 * s + p] for s in range(3) for p in range(3)}
    Mark.objects.bulk_create(
        Mark(slot=slots[s], person=people[p], suits=word) for (s, p), word in table.items() if word
    )
    candidates = []
    for s in range(3):
        words = [table[s, p] for p in range(3)]
        lead, sponsor = words[0] in {"yes", "if"} or words[2] in {"yes", "if"}, words[1] in {"yes", "if"}
        if lead and sponsor:
            candidates.append((-sum(word in {"yes", "if"} for word in words), -words.count("yes"), s))
    best = poll.best(today())
    assert (slots.index(best) if best else None) == (min(candidates)[2] if candidates else None)


@pytest.fixture
def asked(people: dict[str, Person], data: Community) -> tuple[Poll, list[Person]]:
    """A poll of two leads and the sponsor."""
    Membership.objects.create(community=data, person=people["fay"], role="lead", since=date(2024, 1, 8))
    return poll_of(people, data), [people["ada"], people["sam"], people["fay"]]
