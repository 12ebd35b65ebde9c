"""The first page, for a visitor, a newcomer, a member, and those who answer for a community."""

from datetime import timedelta

import pytest
from django.test import Client

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Invitation, JoinRequest, Membership, StageChange
from folkmoot.core import clock
from folkmoot.people.models import Person, Unit

pytestmark = pytest.mark.django_db


def found(name: str, stage: str = "active", **fields: object) -> Community:
    """A community in a stage."""
    since = today() - timedelta(days=400)
    community = Community.objects.create(slug=name.lower(), name=name, since=since, **fields)
    StageChange.objects.create(community=community, stage=stage, since=since)
    return community


def member(of: Community, role: str, person: Person) -> Person:
    """`person`, in a role since yesterday."""
    Membership.objects.create(community=of, person=person, role=role, since=today() - timedelta(days=1))
    return person


def page_of(person: Person) -> str:
    """The first page as `person` sees it."""
    client = Client()
    client.force_login(person)
    return client.get("/").content.decode()


def test_a_visitor_sees_what_this_is_and_the_open_communities():
    found("Gardening")
    found("Secret", is_public=False)
    found("Gone", stage="closed")
    page = Client().get("/").content.decode()
    assert "Gardening" in page
    assert "Secret" not in page
    assert "Gone" not in page


def test_a_newcomer_sees_communities_that_fit_their_unit_first_and_why():
    library = Unit.objects.create(code="L", name="Library")
    found("Aardvarks")
    books = found("Books")
    for n in range(3):
        member(books, "wider", Person.objects.create(ref=f"l{n}", name=f"Librarian {n}", unit=library))
    page = page_of(Person.objects.create(ref="new", name="New Comer", unit=library))
    assert page.index("Books") < page.index("Aardvarks")
    assert "3 colleagues from your unit are members." in page
    assert "One small step" in page


def test_a_newcomer_is_led_to_who_knows_what_they_seek():
    data = found("Data")
    member(data, "core", Person.objects.create(ref="a", name="Ana", skills_offered=["sql"]))
    page = page_of(Person.objects.create(ref="new", name="New", skills_wanted=["sql"]))
    assert "1 member shares a skill with you." in page


def test_the_page_is_not_empty_where_there_is_nothing():
    assert "No community takes members yet." in page_of(Person.objects.create(ref="new", name="New"))


def test_a_lead_sees_what_the_charter_asks_next_and_who_waits():
    data = found("Data")
    lead = member(data, "lead", Person.objects.create(ref="lead", name="Lea Lead"))
    JoinRequest.objects.create(community=data, person=Person.objects.create(ref="x", name="X"))
    page = page_of(lead)
    assert "Appoint another lead" in page
    assert "One person asks to join." in page


def test_a_wider_member_is_not_asked_anything():
    data = found("Data")
    page = page_of(member(data, "wider", Person.objects.create(ref="w", name="Wim Wider")))
    assert "Data" in page
    assert "charter asks" not in page.replace("What the charter asks next", "")
    assert "Appoint" not in page


def test_an_invitation_waits_on_the_first_page():
    data = found("Data", joining="invitation")
    person = Person.objects.create(ref="new", name="New")
    Invitation.objects.create(community=data, person=person)
    page = page_of(person)
    assert "You are invited" in page
    assert "/communities/data/membership/" in page


def test_the_statements_do_not_grow_with_what_one_leads(django_assert_max_num_queries):
    lead = Person.objects.create(ref="lead", name="Lea Lead")
    for n in range(30):
        member(found(f"C{n}"), "lead", lead)
    client = Client()
    client.force_login(lead)
    client.get("/")
    with django_assert_max_num_queries(9):
        client.get("/")


def test_who_has_asked_sees_that_they_have_and_what_came_of_it():
    data = found("Data", joining="request")
    found("Books")
    asking = Person.objects.create(ref="new", name="New Comer")
    request = JoinRequest.objects.create(community=data, person=asking)
    page = page_of(asking)
    assert "You asked to join" in page
    assert "one of the leads will answer." in page
    assert page.count("Data</a>") == 1  # and is not suggested once more
    assert "You do not belong to a community yet" not in page
    request.answer, request.answered_at, request.note = "declined", clock.now(), "We are full."
    request.save()
    assert "The leads have declined: “We are full.”" in page_of(asking)
    request.answered_at = clock.now() - timedelta(days=31)
    request.save()
    assert "We are full." not in page_of(asking)


def test_what_is_not_founded_yet_or_by_invitation_is_not_suggested():
    found("Idea", stage="proposed")
    found("Closed", joining="invitation")
    found("Open")
    page = page_of(Person.objects.create(ref="new", name="New Comer"))
    assert "Open</a>" in page
    assert "Idea</a>" not in page
    assert "Closed</a>" not in page


def test_a_sponsor_is_told_whose_step_it_is_and_led_to_how_it_stands():
    data = found("Data")
    member(data, "lead", Person.objects.create(ref="l", name="Lee Lead"))
    page = page_of(member(data, "sponsor", Person.objects.create(ref="s", name="Sam Sponsor")))
    assert "Data, for the leads:" in page
    assert "How it stands" in page
    assert 'href="/communities/data/charter/"' in page
