"""Whose a meeting is, and whose each event of a series is: doors that answers must not open."""
# ruff: noqa: F811  - fixtures of another module

from datetime import date, timedelta

import time_machine
from django.core import mail
from icalendar import Calendar as Ical

from folkmoot.activity.models import Entry
from folkmoot.communities.actions import change_role, end_membership, join, leave
from folkmoot.communities.models import Community, Membership
from folkmoot.discussions.tests.world import client_of
from folkmoot.events.actions import answer, cancel_event, change_event, invite, plan
from folkmoot.events.invitations import bring_up_to_date
from folkmoot.events.models import Answer, Event
from folkmoot.events.tasks import follow, follow_terms
from folkmoot.events.tests.test_series import NOW, _now, data, db, people, planned  # noqa: F401
from folkmoot.people.models import Person


def meetings(people: dict[str, Person], community: Community, **fields: object) -> list[Event]:
    """Five core meetings, to which the core is invited."""
    first = NOW + timedelta(days=10)
    values = {
        "kind": "core_meeting", "title": "Core", "starts_at": first, "ends_at": first + timedelta(hours=1),
        "timezone": "Europe/London", "every": "week", "until": date(2027, 4, 8), "joining": "Passcode 7781",
        "online_url": "https://teams.example/join",
    }  # fmt: skip
    return plan(by=people["ada"], community=community, **(values | fields))


def answers(person: Person) -> list[str]:
    return list(Answer.objects.filter(person=person).order_by("event").values_list("said", flat=True))


def agendas(person: Person, events: list[Event]) -> list[int]:
    client = client_of(person)
    return [client.get(f"/events/{event.pk}/agenda/").status_code for event in events]


@db
def test_who_is_invited_to_one_of_a_series_does_not_let_themselves_into_the_others(people, data: Community):
    events, fay = meetings(people, data), client_of(people["fay"])
    invite(by=people["ada"], event=events[0], people=[people["fay"].pk])
    page = fay.get(events[0].get_absolute_url()).text
    assert not [each for each in events[1:] if f"/events/{each.pk}-" in page]
    assert fay.post(f"/events/{events[0].pk}/answer/", {"said": "maybe", "all": "on"}).status_code == 302
    assert answers(people["fay"]) == ["maybe"]
    assert agendas(people["fay"], events) == [200, 404, 404, 404, 404]


@db
def test_of_a_series_each_is_answered_by_those_whom_it_is_for(people, data: Community):
    events = planned(people, data, online_url="https://teams.example/join", joining="Passcode 7781")
    Event.objects.filter(pk=events[1].pk).update(audience="core")
    eve = client_of(people["eve"])
    eve.post(f"/events/{events[0].pk}/answer/", {"said": "going", "all": "on"})
    assert len(answers(people["eve"])) == 4
    assert "7781" in eve.get(events[0].get_absolute_url()).text
    assert "7781" not in eve.get(events[1].get_absolute_url()).text
    with time_machine.travel(events[-1].ends_at, tick=False):
        eve = client_of(people["eve"])
        page = eve.post(f"/events/{events[-1].pk}/answer/", {"said": "no", "all": "on"}, follow=True)
    assert "None of them is still to come." in page.text


@db
def test_who_is_invited_to_a_series_gets_the_way_in_once_they_come(people, data: Community):
    events = meetings(people, data)

    def letter() -> str:
        mail.outbox.clear()
        assert bring_up_to_date(events[0].pk, people["dan"].pk)
        return Ical.from_ical(mail.outbox[0].attachments[0][1]).to_ical().decode().replace("\r\n ", "")

    asked = letter()
    assert "7781" not in asked
    assert "teams.example" not in asked
    answer(by=people["dan"], event=events[2], said="going", of_series=True)
    coming = Ical.from_ical(letter()).walk("VEVENT")
    assert ["7781" in str(part.get("DESCRIPTION")) for part in coming] == [False, True]


@db
def test_invitations_follow_who_is_in_the_core(people, data: Community):
    events = meetings(people, data)
    bring_up_to_date(events[0].pk, people["dan"].pk)
    assert answers(people["dan"]) == ["asked"] * 5
    change_role(by=people["ada"], membership=Membership.objects.get(person=people["dan"]), role="wider")
    follow(entry=Entry.objects.latest("pk").pk)
    assert answers(people["dan"]) == ["no"] * 5
    assert agendas(people["dan"], events) == [404] * 5
    mail.outbox.clear()
    assert bring_up_to_date(events[0].pk, people["dan"].pk)
    assert Ical.from_ical(mail.outbox[0].attachments[0][1])["METHOD"] == "CANCEL"
    change_role(
        by=people["ada"],
        membership=Membership.objects.current(NOW.date()).get(person=people["dan"]),
        role="core",
    )
    follow(entry=Entry.objects.latest("pk").pk)
    assert answers(people["dan"]) == ["asked"] * 5
    assert agendas(people["dan"], events) == [200] * 5
    # A lead took this one back, and it stays so.
    answer(by=people["ada"], event=events[0], said="no", person=people["dan"])
    follow(entry=Entry.objects.filter(verb="role_changed").latest("pk").pk)
    assert answers(people["dan"]) == ["no", *["asked"] * 4]
    end_membership(
        by=people["ada"], membership=Membership.objects.current(NOW.date()).get(person=people["dan"])
    )
    follow(entry=Entry.objects.latest("pk").pk)
    assert answers(people["dan"]) == ["no"] * 5


@db
def test_who_was_invited_by_name_stays_invited_whatever_becomes_of_their_roles(people, data: Community):
    events, ada = meetings(people, data), people["ada"]
    for name in ("fay", "eve"):
        invite(by=ada, event=events[0], people=[people[name].pk])
    join(by=people["fay"], community=data)
    leave(by=people["eve"], community=data)
    for entry in Entry.objects.filter(verb__in=["joined", "left"]):
        follow(entry=entry.pk)
    assert (answers(people["fay"]), answers(people["eve"])) == (["asked"], ["asked"])
    end_membership(by=ada, membership=Membership.objects.get(person=people["dan"]))
    left = Entry.objects.latest("pk").pk
    follow(entry=left)
    assert answers(people["dan"]) == ["no"] * 5
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        invite(by=ada, event=events[0], people=[people["dan"].pk])
        answer(by=people["eve"], event=events[0], said="going")
        follow(entry=left)
        follow_terms()
    assert answers(people["dan"]) == ["asked", *["no"] * 4]
    assert answers(people["eve"]) == ["going"]


@db
def test_what_becomes_a_meeting_invites_whose_it_is(people, data: Community):
    (talk, *_others) = planned(people, data)
    change_event(by=people["ada"], event=talk, kind="core_meeting")
    assert (answers(people["dan"]), answers(people["eve"])) == (["asked"], [])


@db
def test_invitations_follow_terms_that_begin_and_end_by_themselves(people, data: Community):
    events = meetings(people, data)
    Membership.objects.filter(person=people["dan"]).update(until=date(2027, 3, 2))
    Membership.objects.create(community=data, person=people["fay"], role="core", since=date(2027, 3, 3))
    follow_terms()
    assert (answers(people["dan"]), answers(people["fay"])) == (["asked"] * 5, [])
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        follow_terms()
        assert (answers(people["dan"]), answers(people["fay"])) == (["no"] * 5, ["asked"] * 5)
        number = Entry.objects.count()
        follow_terms()
        assert Entry.objects.count() == number
    assert all(each.of_series for each in Answer.objects.filter(person=people["fay"]))
    assert len(events) == 5


@db
def test_who_has_left_takes_no_place_and_hears_nothing(people, data: Community):
    (event, *_others) = planned(people, data, capacity=1)
    answer(by=people["eve"], event=event, said="going")
    bring_up_to_date(event.pk, people["eve"].pk)
    for name in ("dan", "fay"):
        answer(by=people[name], event=event, said="going")
    Person.objects.filter(ref__in=["eve", "dan"]).update(left=NOW.date())
    assert "Nobody is coming" not in client_of(people["ada"]).get(event.get_absolute_url()).text
    answer(by=people["ada"], event=event, said="no", person=people["eve"])
    said = dict(Answer.objects.filter(event=event).values_list("person__ref", "said"))
    assert said == {"eve": "no", "dan": "waiting", "fay": "going"}
    mail.outbox.clear()
    bring_up_to_date(event.pk, people["eve"].pk)
    assert mail.outbox == []
    page = client_of(people["ada"]).post(f"/events/{event.pk}/answers/", {"person": "dan", "said": "going"})
    assert "Dan has left the organisation." in page.text


@db
def test_what_is_brought_back_is_for_whose_meeting_it_is_by_then(people, data: Community):
    event, *_others = meetings(people, data)
    cancel_event(by=people["ada"], event=event)
    end_membership(by=people["ada"], membership=Membership.objects.get(person=people["dan"]))
    follow(entry=Entry.objects.latest("pk").pk)
    Membership.objects.create(community=data, person=people["fay"], role="core", since=NOW.date())
    change_event(by=people["ada"], event=event, status="scheduled")
    assert (answers(people["dan"]), answers(people["fay"])) == (["no"] * 5, ["asked"])
    assert (agendas(people["dan"], [event]), agendas(people["fay"], [event])) == ([404], [200])
