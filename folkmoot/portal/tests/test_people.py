"""A person's page."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.people.models import Person, Unit

pytestmark = pytest.mark.django_db
LONG_AGO = today() - timedelta(days=900)


def person(ref: str, name: str = "Hana Yıldız", **fields) -> Person:
    return Person.objects.create(ref=ref, name=name, **fields)


def community(slug: str, stage: str = "active") -> Community:
    made = Community.objects.create(slug=slug, name=slug.title(), since=LONG_AGO)
    StageChange.objects.create(community=made, stage=stage, since=LONG_AGO)
    return made


@pytest.fixture
def client():
    signed_in = Client()
    signed_in.force_login(person("viewer", "Vera Viewer"))
    return signed_in


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize(
    "ref", ["a/b", "007", "x y", "ünï", "50%", "a?b", "a#b", "~k3", "a//b", "Ω\nω", "x&y;z='\"<", "+", "7"]
)
def test_the_organisation_s_own_id_is_the_address_whatever_is_in_it(client, ref):
    somebody = person(ref)
    assert "<h1>Hana Yıldız" in text(client.get(somebody.get_absolute_url()))
    assert "<h1>Hana Yıldız" in text(client.get(f"/people/{quote(ref, safe='')}/"))
    assert somebody.get_absolute_url().replace("&", "&amp;") in text(client.get("/people/?q=yildiz"))


@pytest.mark.parametrize("path", ["nobody", "07", "A/B", "%00", "a", "a/b/c"])
def test_an_id_that_nobody_has_is_not_found(client, path):
    person("007")
    person("a/b")
    assert client.get(f"/people/{path}/").status_code == 404


def test_a_visitor_signs_in_first_whether_or_not_there_is_such_a_person():
    person("007")
    for ref in ("007", "nobody"):
        assert Client().get(f"/people/{ref}/")["Location"] == f"/accounts/login/?next=%2Fpeople%2F{ref}%2F"


def test_it_shows_who_somebody_is(client):
    faculty = Unit.objects.create(code="ENG", name="Faculty of Engineering")
    civil = Unit.objects.create(code="C&V", name="Civil Engineering", parent=faculty)
    somebody = person(
        "hana",
        pronouns="she/her",
        job_title="Planner",
        unit=civil,
        email="hana@example.org",
        about="Ask me about\ntimetables.",
        skills_offered=["Facilitation & co"],
        skills_wanted=["Python"],
    )
    lead = community("timetables")
    Membership.objects.create(community=lead, person=somebody, role="lead", since=LONG_AGO)
    Membership.objects.create(community=lead, person=somebody, role="sponsor", since=LONG_AGO)
    past = community("past")
    Membership.objects.create(community=past, person=somebody, role="core", since=LONG_AGO, until=LONG_AGO)
    closed = community("closed", "closed")
    Membership.objects.create(community=closed, person=somebody, role="core", since=LONG_AGO)
    page = text(client.get("/people/hana/"))
    for shown in (
        "she/her",
        "Planner",
        "mailto:hana@example.org",
        "about<br>timetables",
        "Facilitation &amp; co",
    ):
        assert shown in page
    assert page.index("Faculty of Engineering") < page.index("Civil Engineering")
    assert 'href="/people/?unit=C%26V"' in page
    assert 'href="/people/?skill=Facilitation%20%26%20co"' in page
    assert page.index("Lead ·") < page.index("Sponsor ·")
    assert "/communities/past/" not in page
    assert "/communities/closed/" not in page


def test_somebody_who_has_left_says_so(client):
    person("lea", "Lea Vinge", left=today(), email="lea@example.org")
    page = text(client.get("/people/lea/"))
    assert "Left" in page
    assert "mailto:" not in page


def test_one_s_own_page_leads_to_editing_it(client):
    assert 'href="/profile/">Edit your profile' in text(client.get("/people/viewer/"))
    person("hana")
    assert "Edit your profile" not in text(client.get("/people/hana/"))


def test_the_number_of_statements_does_not_grow_with_units_or_communities(client):
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            text(client.get("/people/hana/"))
        return len(seen)

    unit = Unit.objects.create(code="u", name="u")
    unit = Unit.objects.create(code="u0", name="u0", parent=unit)
    somebody = person("hana", unit=unit)
    Membership.objects.create(community=community("c"), person=somebody, role="core", since=LONG_AGO)
    few = statements()
    for number in range(1, 50):
        unit = Unit.objects.create(code=f"u{number}", name=f"u{number}", parent=unit)
        Membership.objects.create(
            community=community(f"c{number}"), person=somebody, role="core", since=LONG_AGO
        )
    Person.objects.filter(ref="hana").update(unit=unit)
    assert statements() == few <= 6
