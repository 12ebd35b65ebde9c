"""Asking, answering and inviting."""

from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities import actions
from folkmoot.communities.models import Invitation, JoinRequest
from folkmoot.core.refused import Refused

from .world import belongs, community, days_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("Ada Adeyemi")


@pytest.fixture
def grace():
    return person("Grace Mensah")


@pytest.fixture
def data(grace):
    made = community("Data", joining="request")
    belongs(grace, made, "lead")
    return made


def test_asking_twice_is_one_request(ada, data):
    first = actions.ask_to_join(by=ada, community=data, message="  I keep dashboards. ")
    assert actions.ask_to_join(by=ada, community=data) == first
    assert first.message == "I keep dashboards."
    assert Entry.objects.filter(verb="asked_to_join").count() == 1


def test_asking_is_refused_to_members_to_the_invited_and_where_one_simply_joins(ada, grace, data):
    with pytest.raises(Refused, match="member already"):
        actions.ask_to_join(by=grace, community=data)
    with pytest.raises(Refused, match="not joined by request"):
        actions.ask_to_join(by=ada, community=community("Events"))
    Invitation.objects.create(community=data, person=ada)
    with pytest.raises(Refused, match="invited"):
        actions.ask_to_join(by=ada, community=data)


def test_accepting_makes_a_member_and_keeps_the_note(ada, grace, data):
    asked = actions.ask_to_join(by=ada, community=data)
    actions.answer_request(by=grace, request=asked, accept=True, note=" Welcome! ")
    asked.refresh_from_db()
    assert (asked.answer, asked.note, asked.answered_by) == ("accepted", "Welcome!", grace)
    assert days_of(ada, data) == [("wider", today(), None)]


def test_declining_makes_no_member_and_they_may_ask_again(ada, grace, data):
    asked = actions.ask_to_join(by=ada, community=data)
    assert actions.answer_request(by=grace, request=asked, accept=False) is None
    assert days_of(ada, data) == []
    assert actions.ask_to_join(by=ada, community=data) != asked


def test_a_request_is_answered_once(ada, grace, data):
    asked = actions.ask_to_join(by=ada, community=data)
    actions.answer_request(by=grace, request=asked, accept=False)
    with pytest.raises(Refused, match="answered already"):
        actions.answer_request(by=grace, request=asked, accept=True)


def test_a_withdrawn_request_says_so_to_the_lead_who_answers_late(ada, grace, data):
    asked = actions.ask_to_join(by=ada, community=data)
    actions.withdraw_request(by=ada, community=data)
    actions.withdraw_request(by=ada, community=data)
    with pytest.raises(Refused, match="Ada Adeyemi has withdrawn"):
        actions.answer_request(by=grace, request=asked, accept=True)
    assert not JoinRequest.objects.waiting().exists()


def test_inviting_gives_a_result_for_each_address_in_order(ada, grace, data):
    belongs(person("Ben Okafor"), data)
    person("Gone Person", left=today())
    actions.ask_to_join(by=person("Cem Kaya"), community=data)
    Invitation.objects.create(community=data, person=person("Dora Lind"))
    addresses = [
        "ada.adeyemi@example.org",
        " ADA.ADEYEMI@example.org",
        "ben.okafor@example.org",
        "gone.person@example.org",
        "cem.kaya@example.org",
        "dora.lind@example.org",
        "stranger@example.org",
        "no address",
    ]
    results = actions.invite_people(by=grace, community=data, addresses=addresses, role="core")
    assert [(r.address.split("@")[0], r.outcome) for r in results] == [
        ("ada.adeyemi", "invited"),
        ("ben.okafor", "member"),
        ("gone.person", "left"),
        ("cem.kaya", "asked"),
        ("dora.lind", "waiting"),
        ("stranger", "unknown"),
        ("no address", "invalid"),
    ]
    assert all(result.sentence for result in results)
    assert Invitation.objects.open().get(person=ada).role == "core"
    assert list(Entry.objects.filter(verb="invited").values_list("about_id", flat=True)) == [ada.pk]


def test_inviting_fifty_costs_as_many_statements_as_one(grace, data):
    from django.db import connection

    people = [person(f"Person {n}") for n in range(51)]
    counts = []
    for batch in (people[:1], people[1:]):
        with CaptureQueriesContext(connection) as caught:
            actions.invite_people(by=grace, community=data, addresses=[str(p.email) for p in batch])
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert Invitation.objects.count() == 51


@pytest.mark.parametrize(
    ("addresses", "field"),
    [([], "addresses"), (["a@b.org"] * 1 + [f"{n}@b.org" for n in range(500)], "addresses")],
)
def test_no_address_or_too_many_are_refused(grace, data, addresses, field):
    with pytest.raises(Refused) as refused:
        actions.invite_people(by=grace, community=data, addresses=addresses)
    assert refused.value.field == field


def test_nobody_is_invited_to_lead(grace, data):
    with pytest.raises(Refused):
        actions.invite_people(by=grace, community=data, addresses=["a@b.org"], role="lead")


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("a@b.org\nc@d.org", ["a@b.org", "c@d.org"]),
        ("Ada Adeyemi <Ada@B.org>; Ben <ben@b.org>,\r\n x@y.org", ["ada@b.org", "ben@b.org", "x@y.org"]),
        ("a@b.org c@d.org a@b.org", ["a@b.org", "c@d.org"]),
        ("mailto:a@b.org", ["a@b.org"]),
        ("Ada Adeyemi", ["ada adeyemi"]),
        ("Adeyemi, Ada <ada@b.org>", ["adeyemi", "ada@b.org"]),
        (" \n , ;", []),
        (
            '"Doe, Jane" <jane@uni.example>; "O\'Neil, Al" <al@uni.example>',
            ["jane@uni.example", "al@uni.example"],
        ),
    ],
)
def test_addresses_are_found_as_people_paste_them(pasted, found):
    assert actions.addresses_in(pasted) == found


def test_declining_an_invitation_twice_is_fine_and_it_can_be_withdrawn_only_while_open(ada, grace, data):
    first = Invitation.objects.create(community=data, person=ada)
    actions.decline_invitation(by=ada, community=data)
    actions.decline_invitation(by=ada, community=data)
    assert Entry.objects.filter(verb="invitation_declined").count() == 1
    with pytest.raises(Refused):
        actions.withdraw_invitation(by=grace, invitation=first)
    second = Invitation.objects.create(community=data, person=ada)
    actions.withdraw_invitation(by=grace, invitation=second)
    assert not Invitation.objects.open().exists()
    with pytest.raises(Refused):
        actions.join(by=ada, community=data)


def test_sponsoring_or_leading_one_day_answers_no_request(ada, grace, data):
    actions.ask_to_join(by=ada, community=data)
    actions.appoint_sponsor(by=grace, community=data, person=ada)
    actions.appoint_lead(by=grace, community=data, person=ada, since=today() + timedelta(days=30))
    assert JoinRequest.objects.waiting().filter(person=ada).exists()
    actions.add_member(by=grace, community=data, person=ada)
    assert not JoinRequest.objects.waiting().filter(person=ada).exists()
