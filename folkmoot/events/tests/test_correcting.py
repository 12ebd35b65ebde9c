"""Two who correct an event, and what can no longer be taken back."""
# ruff: noqa: F811  - fixtures of another module

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.activity.models import Entry
from folkmoot.calendar.actions import add_period
from folkmoot.calendar.models import Calendar
from folkmoot.channels.cards import card_of
from folkmoot.communities.models import Community
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import client_of, told
from folkmoot.events.actions import (
    answer,
    cancel_event,
    change_event,
    change_series,
    invite,
    plan,
    plan_series,
    record_attendance,
    record_event,
)
from folkmoot.events.actions.drafts import drop_drafts
from folkmoot.events.actions.series import cancel_series
from folkmoot.events.invitations import bring_up_to_date
from folkmoot.events.models import Event
from folkmoot.events.tasks import invite as invite_job
from folkmoot.events.tests.test_series import NOW, _now, data, db, people, planned  # noqa: F401
from folkmoot.people.models import Person


def talk_of(people: dict[str, Person], community: Community, **fields: Any) -> Event:
    starts = NOW + timedelta(days=10)
    values = {"kind": "talk", "title": "Maps", "starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    return record_event(by=people["ada"], community=community, timezone="Europe/London", **(values | fields))  # type: ignore[arg-type]


def typed_of(page: str) -> dict[str, str]:
    """What a form holds as it is shown."""
    found = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]*? name="(\w+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        found |= dict.fromkeys([name], "".join(re.findall(r'<option value="(\w+)" selected', options)))
    return {
        name: unescape(value) for name, value in found.items() if name not in {"q", "csrfmiddlewaretoken"}
    }


@db
def test_who_corrects_a_title_does_not_undo_what_another_made_of_the_rest(people, data: Community):
    talk = talk_of(people, data, capacity=5, speakers=["A Guest"])
    ada, edit = client_of(people["ada"]), f"/events/{talk.pk}/edit/"
    typed = typed_of(ada.get(edit).text)
    later = talk.starts_at + timedelta(days=7)
    change_event(
        by=people["dan"], event=talk, starts_at=later, ends_at=later + timedelta(hours=1), capacity=12,
        audience="core", speakers=[people["eve"]],
    )  # fmt: skip
    page = ada.post(edit, typed | {"title": "More maps"})
    assert page.status_code == 422
    assert "Changed meanwhile, to: “18 March 2027, 09:00”." in page.text
    assert "Changed meanwhile, to: “12”." in page.text
    talk.refresh_from_db()
    assert (talk.title, talk.starts_at, talk.capacity, talk.audience) == ("Maps", later, 12, "core")
    again = typed_of(page.text) | {"day": "2027-03-18", "capacity": "12", "audience": "core"}
    assert ada.post(edit, again).status_code == 302
    talk.refresh_from_db()
    assert (talk.title, talk.starts_at, talk.capacity) == ("More maps", later, 12)
    assert [speaker.person for speaker in talk.speakers.all()] == [people["eve"]]


@db
def test_what_was_published_is_cancelled_with_a_reason_or_stays(people, data: Community):
    talk, draft = talk_of(people, data), talk_of(people, data, status="draft")
    answer(by=people["eve"], event=talk, said="going")
    for status in ("draft", "cancelled"):
        with pytest.raises(Refused, match="ancel it"):
            change_event(by=people["ada"], event=talk, status=status)
    with pytest.raises(Refused, match="whose meeting it would not be"):
        change_event(by=people["ada"], event=talk, kind="core_meeting")
    assert change_event(by=people["ada"], event=talk, kind="workshop").kind == "workshop"
    with pytest.raises(Refused, match="throw it away"):
        cancel_event(by=people["ada"], event=draft)
    page = client_of(people["ada"]).post(f"/events/{draft.pk}/cancellation/", {}, follow=True)
    assert "It is a draft: throw it away instead." in page.text
    Event.objects.filter(pk=talk.pk).update(status="draft")  # as an import may
    assert drop_drafts(by=people["ada"], community=data, drafts=[talk.pk, draft.pk]) == 1
    assert Event.objects.get() == talk


@db
def test_who_comes_hears_that_it_takes_place_after_all(people, data: Community):
    talk = talk_of(people, data, capacity=1)
    for name in ("eve", "dan"):
        answer(by=people[name], event=talk, said="going")
    cancel_event(by=people["ada"], event=talk)
    told()
    change_event(by=people["ada"], event=talk, status="scheduled")
    heard = told()
    for name in ("eve", "dan"):
        assert [each for each in heard[name] if "it takes place after all" in each]


@db
def test_drafts_of_a_series_are_published_together_and_not_by_cancelling(people, data: Community):
    events = planned(people, data, status="draft")
    change_event(by=people["ada"], event=events[0], status="scheduled")
    assert cancel_series(by=people["ada"], event=events[0], scope="all") == 1
    assert list(Event.objects.order_by("occurrence").values_list("status", flat=True)) == [
        "cancelled",
        *["draft"] * 4,
    ]
    told()
    change_series(by=people["ada"], event=events[1], scope="all", status="scheduled")
    statuses = Event.objects.order_by("occurrence").values_list("status", flat=True)
    assert list(statuses) == ["cancelled", *["scheduled"] * 4]
    assert [each for each in told()["eve"] if "4 dates from 18 March to 8 April" in each]
    assert Entry.objects.filter(verb="series_planned").count() == 2
    assert cancel_series(by=people["ada"], event=events[0], scope="all") == 4


@db
def test_who_goes_back_and_plans_otherwise_is_heard(people, data: Community):
    ref = Event.MINTED + "9" * 20
    first = planned(people, data, ref=ref)
    assert planned(people, data, ref=ref) == first
    other = planned(people, data, ref=ref, title="Maps", until=date(2027, 3, 25))
    assert [event.title for event in other] == ["Maps"] * 3
    assert Event.objects.count() == 8
    once = talk_of(people, data, ref=Event.MINTED + "8" * 20)
    values: Any = {"kind": "talk", "title": "Maps", "starts_at": once.starts_at, "ends_at": once.ends_at}
    many = plan_series(
        by=people["ada"], community=data, timezone="Europe/London", every="week", until=date(2027, 3, 25),
        ref=once.ref, **values,
    )  # fmt: skip
    assert len({event.series_id for event in many}) == 1
    assert once not in many


@db
def test_another_one_lasts_as_many_nights(people, data: Community):
    starts = NOW + timedelta(days=10)
    talk_of(people, data, starts_at=starts, ends_at=starts + timedelta(days=1, hours=-2), audience="core")
    ada, new = client_of(people["ada"]), f"/communities/data/events/new/?like={Event.objects.get().pk}"
    typed = typed_of(ada.get(new).text)
    assert typed["nights"] == "1"
    assert ada.post(new, typed | {"day": "2027-06-03"}).status_code == 302
    copy = Event.objects.latest("pk")
    assert (copy.starts.day, copy.ends.day, copy.ends - copy.starts) == (3, 4, timedelta(hours=22))


@db
def test_what_no_community_holds_is_for_everybody(people):
    with pytest.raises(Refused, match="everybody on the staff"):
        record_event(
            by=people["ada"], community=None, kind="talk", title="All", audience="community", timezone="UTC",
            starts_at=NOW + timedelta(days=3), ends_at=NOW + timedelta(days=3, hours=1),
        )  # fmt: skip


@db
def test_one_date_in_a_closure_says_so_to_those_who_plan(people, data: Community):
    talk = talk_of(people, data)
    page = f"/events/{talk.pk}-maps/"
    assert "Holiday week" not in client_of(people["ada"]).get(page).text
    day = talk.day
    add_period(
        by=people["ada"], calendar=Calendar.objects.organisations(), kind="closure", name="Holiday week",
        start=day, end=day,
    )  # fmt: skip
    assert "Holiday week" in client_of(people["ada"]).get(page).text
    assert "Holiday week" not in client_of(people["eve"]).get(page).text


@db
def test_who_goes_back_and_saves_once_more_is_told_that_it_is_here_already(people, data: Community):
    ada, new = client_of(people["ada"]), "/communities/data/events/new/"
    typed = {"kind": "talk", "title": "Maps", "day": "2027-06-03", "starts": "12:30", "ends": "13:30"}
    assert ada.post(new, typed).status_code == 302
    for again in ({}, {"every": "week", "until": "2027-07-03"}):
        assert "This is here already, at the same time." in ada.post(new, typed | again).text
    assert Event.objects.count() == 1
    cancel_event(by=people["ada"], event=Event.objects.get())
    assert ada.post(new, typed).status_code == 302
    assert ada.post(new, typed | {"title": "Maps, in the other room"}).status_code == 302


@db
def test_what_is_for_the_core_is_not_announced_to_all(people, data: Community):
    told()
    plan(
        by=people["ada"], community=data, kind="talk", title="Within", audience="core", timezone="Europe/London",
        starts_at=NOW + timedelta(days=3), ends_at=NOW + timedelta(days=3, hours=1),
    )  # fmt: skip
    assert set(told()) == {"dan"}
    assert card_of(Entry.objects.get(verb="event_recorded")) is None
    Event.objects.update(audience="community")
    assert card_of(Entry.objects.get(verb="event_recorded")) is not None


@db
def test_what_people_were_told_of_is_not_put_on_a_day_that_is_over(people, data: Community):
    talk, ada = talk_of(people, data), client_of(people["ada"])
    edit = f"/events/{talk.pk}/edit/"
    typed = typed_of(ada.get(edit).text) | {"day": "2027-02-11"}
    answer(by=people["eve"], event=talk, said="going")
    assert "That day is over, and people have been told of another." in ada.post(edit, typed).text
    answer(by=people["eve"], event=talk, said="no")
    page = ada.post(edit, typed, follow=True).text
    assert "Mind that its day is over: it counts as held." in page
    events = plan(
        by=people["ada"], community=data, kind="core_meeting", starts_at=talk.starts_at, ends_at=talk.ends_at,
        timezone="Europe/London", every="week", until=date(2027, 4, 1),
    )  # fmt: skip
    past = events[0].starts_at - timedelta(days=14)
    with pytest.raises(Refused, match="That day is over"):
        change_series(by=people["ada"], event=events[0], scope="all", starts_at=past, ends_at=past)
    assert not Event.objects.filter(kind="core_meeting", starts_at__lt=NOW).exists()


@db
def test_who_was_there_is_no_guess_of_who_plans_it(people, data: Community):
    starts = NOW - timedelta(minutes=10)
    meeting = talk_of(
        people, data, starts_at=starts, ends_at=NOW + timedelta(hours=1), attended=[people["dan"]]
    )
    assert not meeting.attendances.exists()
    page = (
        client_of(people["ada"])
        .post(
            "/communities/data/events/new/?kind=core_meeting",
            {
                "kind": "core_meeting",
                "day": "2027-03-01",
                "starts": "08:45",
                "ends": "09:30",
                "attended": people["dan"].pk,
            },
            follow=True,
        )
        .text
    )
    assert "It is not over yet: who was there is put on record on the day." in page
    over = talk_of(people, data, starts_at=starts, ends_at=NOW, attended=[people["dan"]])
    assert [each.person for each in over.attendances.all()] == [people["dan"]]


@db
def test_nobody_was_at_what_was_cancelled(people, data: Community):
    talk = talk_of(people, data, starts_at=NOW - timedelta(hours=2), ends_at=NOW - timedelta(hours=1))
    cancel_event(by=people["ada"], event=talk)
    with pytest.raises(Refused, match="does not take place"):
        record_attendance(by=people["ada"], event=talk, there=[people["dan"].pk])


@db
def test_a_draft_that_was_changed_and_thrown_away_concerns_nobody(people, data: Community):
    draft = talk_of(people, data, status="draft")
    change_event(by=people["ada"], event=draft, place="Attic")
    drop_drafts(by=people["ada"], community=data, drafts=[draft.pk])
    assert told() == {}


@db
def test_what_is_marked_as_held_is_no_news_in_calendars(people, data: Community):
    talk = talk_of(people, data)
    answer(by=people["eve"], event=talk, said="going")
    bring_up_to_date(talk.pk, people["eve"].pk)
    invite(by=people["ada"], event=talk, people=[people["dan"].pk])
    with time_machine.travel(talk.ends_at, tick=False):
        change_event(by=people["ada"], event=talk, status="held", summary="As it was")
        ProcrastinateJob.objects.all().delete()
        invite_job(entry=Entry.objects.latest("pk").pk)
    assert not ProcrastinateJob.objects.filter(task_name="events.send_invitation").exists()
    talk.refresh_from_db()
    assert change_event(by=people["ada"], event=talk, status="scheduled").sequence == talk.sequence


@db
def test_whoever_moves_all_hears_of_dates_that_stay(people, data: Community):
    events, ada = planned(people, data), client_of(people["ada"])
    later = events[2].starts_at + timedelta(days=1)
    change_series(by=people["ada"], event=events[2], scope="this", starts_at=later, ends_at=later)
    edit = f"/events/{events[0].pk}/edit/"
    typed = typed_of(ada.get(edit).text) | {"scope": "all"}
    sentence = "One date that was moved by itself stays where it is."
    assert sentence not in ada.post(edit, typed | {"title": "Maps"}, follow=True).text
    typed = typed_of(ada.get(edit).text) | {"scope": "all", "starts": "13:00", "ends": "14:00"}
    assert sentence in ada.post(edit, typed, follow=True).text
