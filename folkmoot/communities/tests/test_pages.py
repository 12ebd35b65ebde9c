"""The pages on which people join and leads look after their members: what they say, keep and lead to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Invitation, JoinRequest, Membership

from .world import LONG_AGO, belongs, community, days_of, person, signed_in, statements, text, unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def ada():
    return person("Ada Adeyemi")


@pytest.fixture
def grace():
    return person("Grace Mensah")


@pytest.fixture
def olu():
    return person("Olu Bankole", on_programme_team=True)


@pytest.fixture
def data(grace):
    made = community("Data")
    belongs(grace, made, "lead")
    return made


def test_a_visitor_who_presses_join_comes_back_to_a_page_where_one_click_joins(ada, data):
    url = reverse("community_membership", args=["data"])
    assert f'href="{url}"' in text(Client().get("/communities/data/"))
    for answer in (Client().get(url), Client().post(url, {"choice": "join"})):
        assert (answer.status_code, "next=" in answer["Location"], "membership" in answer["Location"]) == (
            302,
            True,
            True,
        )
    client = signed_in(ada)
    assert 'value="join"' in text(client.get(url))
    assert "You are a member of Data now" in text(client.post(url, {"choice": "join"}, follow=True))
    assert days_of(ada, data) == [("wider", today(), None)]


def test_pressing_join_twice_says_so_kindly(ada, data):
    client, url = signed_in(ada), reverse("community_membership", args=["data"])
    client.post(url, {"choice": "join"})
    assert "You are a member already" in text(client.post(url, {"choice": "join"}))


def test_a_stale_page_without_a_choice_is_answered_with_a_sentence(ada, data):
    client, url = signed_in(ada), reverse("community_membership", args=["data"])
    assert "Choose one of the buttons" in text(client.post(url, {"choice": "fly"}))


def test_stepping_up_and_back_and_leaving_by_the_page(ada, data):
    client, url = signed_in(ada), reverse("community_membership", args=["data"])
    for choice, role in (("join", "wider"), ("core", "core"), ("wider", "wider")):
        client.post(url, {"choice": choice})
        assert days_of(ada, data) == [(role, today(), None)]
    end = reverse("community_membership_end", args=["data"])
    assert "Leave Data?" in text(client.get(end))
    assert "You have left Data" in text(client.post(end, {"then": "leave"}, follow=True))
    assert "not a member" in text(client.post(end, {"then": "leave"}, follow=True))


def test_asking_keeps_what_was_typed_when_it_is_too_long(ada):
    community("Data", joining="request")
    client, url = signed_in(ada), reverse("community_membership", args=["data"])
    page = text(client.post(url, {"choice": "ask", "message": "dash " * 250}))
    assert "dash dash" in page
    assert not JoinRequest.objects.exists()
    client.post(url, {"choice": "ask", "message": "I keep dashboards."})
    page = text(client.get(url))
    assert "You have asked to join" in page
    assert "I keep dashboards." in page


def test_a_declined_request_shows_the_note_and_may_be_asked_again(ada, grace, data):
    Community.objects.update(joining="request")
    asked = JoinRequest.objects.create(community=data, person=ada)
    url = reverse("community_request", args=["data", asked.pk])
    signed_in(grace).post(url, {"answer": "decline", "note": "We are full this term."})
    page = text(signed_in(ada).get(reverse("community_membership", args=["data"])))
    assert "We are full this term." in page
    assert 'value="ask"' in page


def test_leads_see_requests_on_the_members_page_and_accept_with_one_click(ada, grace, data):
    Community.objects.update(joining="request")
    asked = JoinRequest.objects.create(community=data, person=ada, message="Numbers are my life.")
    members = reverse("community_members", args=["data"])
    page = text(signed_in(grace).get(members))
    url = reverse("community_request", args=["data", asked.pk])
    assert "Numbers are my life." in page
    assert url in page
    assert "Numbers are my life." not in text(signed_in(ada).get(members))
    signed_in(grace).post(url, {"answer": "accept"})
    assert days_of(ada, data) == [("wider", today(), None)]
    assert "answered already" in text(signed_in(grace).post(url, {"answer": "decline"}, follow=True))
    assert "has been accepted" in text(signed_in(grace).get(url))


def test_an_answer_that_is_neither_yes_nor_no_changes_nothing(ada, grace, data):
    asked = JoinRequest.objects.create(community=data, person=ada)
    text(signed_in(grace).post(reverse("community_request", args=["data", asked.pk]), {"note": "hm"}))
    assert JoinRequest.objects.waiting().exists()


def test_a_request_of_another_community_is_not_there(ada, grace, data):
    asked = JoinRequest.objects.create(community=community("Events"), person=ada)
    url = reverse("community_request", args=["data", asked.pk])
    assert signed_in(grace).post(url, {"answer": "accept"}).status_code == 404


def test_inviting_says_what_came_of_each_address_and_keeps_the_wrong_ones(ada, grace, data):
    url = reverse("community_invitations", args=["data"])
    posted = {"addresses": "Ada <ada.adeyemi@example.org>\nstranger@example.org", "role": "core"}
    page = text(signed_in(grace).post(url, posted))
    assert "Ada Adeyemi is invited." in page
    assert "Nobody in the directory has this address." in page
    assert "stranger@example.org</textarea>" in page
    assert "invites you to join as a core member" in text(
        signed_in(ada).get(reverse("community_membership", args=["data"]))
    )
    signed_in(grace).post(reverse("community_invitation", args=["data", Invitation.objects.get().pk]))
    assert not Invitation.objects.open().exists()


def test_a_lead_appoints_a_co_lead_with_an_end_of_term(ada, grace, data):
    found = text(signed_in(grace).get(reverse("community_new_member", args=["data"]), {"q": "ADÁ ade"}))
    url = reverse("community_member", args=["data", ada.pk])
    assert url in found
    end = today() + 300 * DAY
    posted = {"role": "lead", "since": "", "until": end.isoformat()}
    assert "New role for Ada Adeyemi: lead." in text(signed_in(grace).post(url, posted, follow=True))
    assert days_of(ada, data) == [("lead", today(), end)]


def test_a_refused_appointment_keeps_what_was_typed_beside_the_sentence(ada, grace, data):
    url = reverse("community_member", args=["data", ada.pk])
    page = text(signed_in(grace).post(url, {"role": "lead", "until": (today() - DAY).isoformat()}))
    assert "The last day lies before the first." in page
    assert (today() - DAY).isoformat() in page
    assert days_of(ada, data) == []


def test_leads_cannot_appoint_or_end_a_sponsor_and_the_programme_team_can(ada, grace, olu, data):
    url = reverse("community_member", args=["data", ada.pk])
    signed_in(grace).post(url, {"role": "sponsor"})
    assert days_of(ada, data) == []
    signed_in(olu).post(url, {"role": "sponsor"})
    held = Membership.objects.get(person=ada)
    end = reverse("community_end_member", args=["data", held.pk])
    signed_in(grace).post(end)
    assert days_of(ada, data) == [("sponsor", today(), None)]
    signed_in(olu).post(end)
    assert days_of(ada, data) == []


def test_a_lead_who_would_leave_too_few_is_warned_first(grace, data):
    end = reverse("community_membership_end", args=["data"])
    page = text(signed_in(grace).get(end))
    assert "without a lead" in page
    assert days_of(grace, data) == [("lead", LONG_AGO, None)]
    assert 'name="leads_left" value="0"' in page
    for then in ("core", "leave", ""):
        for shown in (
            {},
            {"leads_left": ""},
            {"leads_left": "1"},
            {"leads_left": "None"},
            {"confirmed": "yes"},
        ):
            assert "without a lead" in text(signed_in(grace).post(end, {"then": then} | shown))
    assert days_of(grace, data) == [("lead", LONG_AGO, None)]
    signed_in(grace).post(end, {"then": "core", "leads_left": "0"})
    assert days_of(grace, data) == [("lead", LONG_AGO, today() - DAY), ("core", today(), None)]


def test_a_lead_who_is_not_one_too_many_leaves_without_a_warning(ada, grace, data):
    for name in ("Luis Romero", "Mei Tanaka"):
        belongs(person(name), data, "lead")
    end = reverse("community_membership_end", args=["data"])
    assert "You have left Data" in text(signed_in(grace).post(end, {"then": "leave"}, follow=True))


def test_ending_a_leads_membership_by_a_bare_post_warns_first(ada, grace, data):
    held = belongs(ada, data, "lead")
    end = reverse("community_end_member", args=["data", held.pk])
    for shown in ({}, {"leads_left": "2"}):
        page = text(signed_in(grace).post(end, shown))
        assert "with one lead" in page
    assert 'name="leads_left" value="1"' in page
    assert days_of(ada, data) == [("lead", LONG_AGO, None)]
    signed_in(grace).post(end, {"leads_left": "1"})
    assert days_of(ada, data) == [("lead", LONG_AGO, today() - DAY)]


def test_removing_or_moving_a_lead_warns_first_and_needs_a_second_word(ada, grace, data):
    held = belongs(ada, data, "lead")
    assert "with one lead" in text(
        signed_in(grace).get(reverse("community_end_member", args=["data", held.pk]))
    )
    url = reverse("community_member", args=["data", ada.pk])
    assert "with one lead" in text(signed_in(grace).post(url, {"role": "core"}))
    assert days_of(ada, data) == [("lead", LONG_AGO, None)]
    signed_in(grace).post(url, {"role": "core", "leads_left": "1"})
    assert days_of(ada, data)[-1] == ("core", today(), None)


def test_ending_what_has_ended_meanwhile_says_so(ada, grace, data):
    held = belongs(ada, data)
    url = reverse("community_end_member", args=["data", held.pk])
    signed_in(grace).post(url)
    assert "ended already" in text(signed_in(grace).post(url, follow=True))


def test_members_stand_by_role_and_name_with_their_units(grace, data):
    laws = unit("Faculty of Laws")
    for name, role in (
        ("Zoë Wider", "wider"),
        ("Émile Wider", "wider"),
        ("Ben Core", "core"),
        ("Dee Sponsor", "sponsor"),
    ):
        belongs(person(name, unit=laws, email=None), data, role)
    belongs(person("Past Member"), data, until=today() - DAY)
    page = text(signed_in(person("Nadia New")).get(reverse("community_members", args=["data"])))
    order = ["Grace Mensah", "Dee Sponsor", "Ben Core", "Émile Wider", "Zoë Wider"]
    assert sorted(order, key=page.index) == order
    assert "Faculty of Laws" in page
    assert "Past Member" not in page
    assert "@example.org" not in page


def test_leads_get_addresses_coming_appointments_and_ends_of_term_and_members_do_not(ada, grace, data):
    belongs(ada, data, "core")
    belongs(person("Wide Person"), data, "wider", until=today() + 20 * DAY)
    belongs(person("Next Lead"), data, "lead", since=today() + 10 * DAY)
    belongs(person("No Address", email=None), data)
    url = reverse("community_members", args=["data"])
    page = text(signed_in(grace).get(url))
    assert "ada.adeyemi@example.org; grace.mensah@example.org</textarea>" in page
    assert "ada.adeyemi@example.org; grace.mensah@example.org; wide.person@example.org</textarea>" in page
    assert "Next Lead" in page
    as_member = text(signed_in(ada).get(url))
    assert "Next Lead" not in as_member
    assert "textarea" not in as_member


def test_fifty_members_cost_as_many_statements_as_one_and_fifty_one_are_two_pages(grace, data):
    client, url, counts = signed_in(grace), reverse("community_members", args=["data"]), []
    for batch in (range(1), range(1, 49)):
        for n in batch:
            belongs(person(f"Person {n:02}", unit=unit(f"Unit {n}")), data)
            JoinRequest.objects.create(community=data, person=person(f"Asking {n}", unit=unit(f"Unit {n}")))
            Invitation.objects.create(
                community=data, person=person(f"Invited {n}"), invited_by=person(f"By {n}")
            )
        with CaptureQueriesContext(connection) as caught:
            page = text(client.get(url))
        counts.append(statements(caught))
    assert counts[0] == counts[1] <= 10
    assert "after=" not in page
    belongs(person("Person 99"), data)
    assert "after=" in text(client.get(url))
    assert "Person 07" in text(client.get(url, {"q": "07"}))


@pytest.mark.parametrize(
    "key",
    [
        "x",
        "WyJhIiwiYiIsImMiXQ",
        "WzEsImEiLCJiIl0",
        "W3sieCI6MX0sMSwyXQ",
        "WzEsImEiLDk5OTk5OTk5OTk5OTk5OTk5OTk5OV0",
    ],
)
def test_a_key_that_nobody_gave_out_is_no_error(grace, data, key):
    text(signed_in(grace).get(reverse("community_members", args=["data"]), {"after": key}))
    text(signed_in(grace).get("/communities/", {"before": key}))


def test_the_page_of_a_closed_community_offers_no_joining(ada):
    community("Data", "closed")
    page = text(signed_in(ada).get(reverse("community_membership", args=["data"])))
    assert "Data is closed" in page
    assert 'value="join"' not in page
