"""Who may open which page of a community, and where others are sent."""

import threading
import time
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from folkmoot.calendar.days import today
from folkmoot.communities.access import community_for, visible_to
from folkmoot.communities.models import Community, Invitation, JoinRequest, Membership, Role

from .world import belongs, community, person

pytestmark = pytest.mark.django_db


class Cast:
    """One person of every kind, and the community they belong to."""

    def __init__(self):
        self.data = community("Data", joining="request")
        self.events = community("Events")
        self.programme = person("Olu Bankole", on_programme_team=True)
        self.lead, self.sponsor = person("Grace Mensah"), person("Deborah Achebe")
        self.core, self.wider = person("Ada Adeyemi"), person("Ben Okafor")
        self.newcomer, self.elsewhere = person("Nadia New"), person("Lena Elsewhere")
        for role in ("lead", "sponsor", "core", "wider"):
            belongs(getattr(self, role), self.data, role)
        belongs(self.elsewhere, self.events, "lead")
        self.wider_membership = Membership.objects.get(person=self.wider)
        self.request = JoinRequest.objects.create(community=self.data, person=person("Asking Person"))
        self.invitation = Invitation.objects.create(community=self.data, person=person("Invited Person"))

    def client(self, role: str) -> Client:
        """A browser in which they have signed in."""
        client = Client()
        if role != "visitor":
            client.force_login(getattr(self, role), backend=settings.AUTHENTICATION_BACKENDS[0])
        return client


@pytest.fixture
def cast():
    return Cast()


ROLES = ["visitor", "newcomer", "elsewhere", "wider", "core", "sponsor", "lead", "programme"]
IN = 302  # to sign in
DOORS = {
    # page: visitor, newcomer, lead elsewhere, wider, core, sponsor, lead, programme team
    "communities": [200, 200, 200, 200, 200, 200, 200, 200],
    "community_new": [IN, 403, 403, 403, 403, 403, 403, 200],
    "community": [200, 200, 200, 200, 200, 200, 200, 200],
    "community_members": [IN, 200, 200, 200, 200, 200, 200, 200],
    "community_charter": [IN, 403, 403, 403, 200, 200, 200, 200],
    "community_membership": [IN, 200, 200, 200, 200, 200, 200, 200],
    "community_new_member": [IN, 403, 403, 403, 403, 403, 200, 200],
    "community_member": [IN, 403, 403, 403, 403, 403, 200, 200],
    "community_end_member": [IN, 403, 403, 403, 403, 403, 200, 200],
    "community_request": [IN, 403, 403, 403, 403, 403, 200, 200],
    "community_invitations": [IN, 403, 403, 403, 403, 403, 200, 200],
    "community_edit": [IN, 403, 403, 403, 403, 403, 200, 200],
    "community_stage": [IN, 403, 403, 403, 403, 403, 403, 200],
}
MORE_ARGUMENTS = {
    "community_member": lambda cast: [cast.wider.pk],
    "community_end_member": lambda cast: [cast.wider_membership.pk],
    "community_request": lambda cast: [cast.request.pk],
}


def url_of(page: str, cast: Cast, slug: str = "data") -> str:
    if page in {"communities", "community_new"}:
        return reverse(page)
    return reverse(page, args=[slug, *MORE_ARGUMENTS.get(page, lambda cast: [])(cast)])


@pytest.mark.parametrize("page", DOORS)
def test_every_door_opens_for_whom_it_should(cast, page):
    url = url_of(page, cast)
    assert [cast.client(role).get(url).status_code for role in ROLES] == DOORS[page]


@pytest.mark.parametrize("page", [page for page, doors in DOORS.items() if 403 in doors])
def test_what_one_may_not_read_one_may_not_change(cast, page):
    url = url_of(page, cast)
    before = list(Membership.objects.values_list("pk", "role", "until"))
    for role, status in zip(ROLES, DOORS[page], strict=True):
        if status != 200:
            posted = {
                "name": "Mine",
                "role": "lead",
                "answer": "accept",
                "stage": "closed",
                "addresses": "a@b.org",
            }
            assert cast.client(role).post(url, posted).status_code == status
    assert list(Membership.objects.values_list("pk", "role", "until")) == before
    cast.data.refresh_from_db()
    assert (cast.data.name, cast.data.until) == ("Data", None)


@pytest.mark.parametrize("page", [page for page in DOORS if page not in {"communities", "community_new"}])
def test_what_a_visitor_may_not_see_is_not_there_for_them(cast, page):
    community("Closed", "closed")
    community("Hidden", is_public=False)
    for slug in ("closed", "hidden", "nowhere"):
        assert cast.client("visitor").get(url_of(page, cast, slug)).status_code == 404


def test_the_reason_is_said_to_whom_a_page_is_refused(cast):
    said = cast.client("wider").get(reverse("community_charter", args=["data"])).content.decode()
    assert "leads, sponsor and core members, and the programme team" in said


@pytest.mark.parametrize("page", ["communities", "community", "community_members"])
def test_an_organisation_may_keep_all_of_it_to_its_staff(cast, page, settings):
    settings.FOLKMOOT_PUBLIC = False
    url = url_of(page, cast)
    answer = cast.client("visitor").get(url)
    assert (answer.status_code, unquote(answer.url)) == (302, f"{reverse('account_login')}?next={url}")
    assert cast.client("newcomer").get(url).status_code == 200


def test_visitors_see_exactly_what_is_public_and_not_closed(cast):
    from django.contrib.auth.models import AnonymousUser

    community("Closed", "closed")
    community("Over", until=today().replace(year=2021))
    community("Hidden", is_public=False)
    community("Proposed", "proposed")
    community("Resting", "resting")
    seen = visible_to(AnonymousUser(), today()).values_list("slug", flat=True)
    assert set(seen) == {"data", "events", "proposed", "resting"}
    assert visible_to(cast.newcomer, today()).count() == 7


def test_a_standing_says_the_roles_the_invitation_and_the_request_in_one_statement(
    cast, django_assert_num_queries
):
    belongs(cast.lead, cast.data, "sponsor")
    with django_assert_num_queries(1):
        found = community_for(cast.lead, "data", today())
        assert (found.roles, found.seat, found.requests_waiting) == (
            frozenset({"lead", "sponsor"}),
            "lead",
            1,
        )
        assert found.community.practice_area is None
    assert community_for(cast.request.person, "data", today()).has_asked
    invited = community_for(cast.invitation.person, "data", today())
    assert (invited.is_invited, invited.has_asked, invited.roles) == (True, False, frozenset())


def test_leads_give_every_role_but_sponsor_and_others_none(cast):
    def given(role: str) -> list[Role]:
        return community_for(getattr(cast, role), "data", today()).roles_to_give

    assert given("lead") == ["wider", "core", "lead"]
    assert given("programme") == ["wider", "core", "lead", "sponsor"]
    assert given("core") == given("sponsor") == given("elsewhere") == []


def test_a_community_that_is_nowhere_is_404(cast):
    with pytest.raises(Http404):
        community_for(cast.programme, "nowhere", today())


def test_a_role_that_ended_yesterday_opens_nothing_today(cast):
    from datetime import timedelta

    Membership.objects.filter(person=cast.lead).update(until=today() - timedelta(days=1))
    assert cast.client("lead").get(reverse("community_edit", args=["data"])).status_code == 403


@pytest.mark.parametrize(("inside", "wider", "newcomer"), [("staff", True, True), ("members", True, False)])
def test_the_link_to_the_online_space_follows_who_may_see_inside(cast, inside, wider, newcomer):
    type(cast.data).objects.update(inside=inside, space_kind="teams", space_url="https://teams.example/data")
    url = reverse("community", args=["data"])
    seen = {role: "teams.example" in cast.client(role).get(url).content.decode() for role in ROLES}
    assert (seen["wider"], seen["newcomer"], seen["visitor"]) == (wider, newcomer, False)


def posted_at_once(*posts) -> list:
    """The answers to these (client, address, fields), all let in before the first of them may write."""
    answers = []

    def post(client, url, fields):
        try:
            answers.append(client.post(url, fields))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=each) for each in posts]
    with transaction.atomic():
        list(Community.objects.select_for_update())
        for thread in threads:
            thread.start()
        late = time.monotonic() + 30
        while waiting_for_a_lock() < len(posts):
            assert time.monotonic() < late, "they should all wait for the community"
            time.sleep(0.02)
    for thread in threads:
        thread.join()
    return answers


def waiting_for_a_lock() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["end", "demote"])
def test_of_two_leads_who_remove_each_other_at_once_the_second_is_told_that_they_lead_no_more(cast, way):
    other = person("Luis Romero")
    belongs(other, cast.data, "lead")
    cast.other = other

    def removal(by: str, whom):
        if way == "demote":
            fields = {"role": "core", "leads_left": "1"}
            return cast.client(by), reverse("community_member", args=["data", whom.pk]), fields
        held = Membership.objects.get(person=whom, role="lead")
        return cast.client(by), reverse("community_end_member", args=["data", held.pk]), {"leads_left": "1"}

    answers = posted_at_once(removal("lead", other), removal("other", cast.lead))
    assert sorted(answer.status_code for answer in answers) == [302, 403]
    refused = next(answer for answer in answers if answer.status_code == 403)
    assert "for the leads of this community" in refused.content.decode()
    assert Membership.objects.current(today()).leads().filter(community=cast.data).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_leave_at_once_the_one_who_would_leave_too_few_is_warned(cast):
    cast.other = person("Luis Romero")
    belongs(cast.other, cast.data, "lead")
    belongs(person("Mei Tanaka"), cast.data, "lead")
    end = reverse("community_membership_end", args=["data"])
    answers = posted_at_once(*[(cast.client(who), end, {"then": "leave"}) for who in ("lead", "other")])
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert Membership.objects.current(today()).leads().filter(community=cast.data).count() == 2
