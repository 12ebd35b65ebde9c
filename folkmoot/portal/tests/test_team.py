"""The page that appoints and removes the programme team."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from folkmoot.activity.models import Entry
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
PAGE = "/programme/people/"


def person(ref: str, name: str, **fields) -> Person:
    return Person.objects.create(ref=ref, name=name, email=f"{ref.replace('/', '')}@example.org", **fields)


@pytest.fixture
def olga():
    return person("olga", "Olga Owner", on_programme_team=True)


def signed_in(who: Person) -> Client:
    client = Client()
    client.force_login(who)
    return client


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def test_others_are_told_why_they_may_not(olga):
    ada = person("ada", "Ada Adeyemi")
    for answer in (signed_in(ada).get(PAGE), signed_in(ada).post(PAGE, {"person": "ada", "on_team": "yes"})):
        assert "for the programme team" in text(answer, 403)
    assert not Person.objects.get(ref="ada").on_programme_team


def test_visitors_sign_in_first():
    assert Client().get(PAGE)["Location"] == "/accounts/login/?next=%2Fprogramme%2Fpeople%2F"


def test_somebody_is_found_and_appointed(olga):
    person("a/b", "Ada Yıldız")
    client = signed_in(olga)
    page = text(client.get(PAGE, {"q": "yildiz"}))
    assert 'value="a/b"' in page
    answer = client.post(PAGE, {"person": "a/b", "on_team": "yes"})
    assert answer["Location"] == PAGE
    assert Person.objects.get(ref="a/b").on_programme_team
    assert Entry.objects.get().by_id == olga.pk
    assert "Ada Yıldız is on the programme team." in text(client.get(PAGE))


def test_nobody_is_listed_before_one_looks_for_them(olga):
    person("ada", "Ada Adeyemi")
    assert "Ada Adeyemi" not in text(signed_in(olga).get(PAGE))


def test_somebody_is_removed(olga):
    person("ada", "Ada Adeyemi", on_programme_team=True)
    client = signed_in(olga)
    client.post(PAGE, {"person": "ada", "on_team": "no"})
    assert not Person.objects.get(ref="ada").on_programme_team


def test_the_last_one_cannot_be_removed(olga):
    page = text(signed_in(olga).post(PAGE, {"person": "olga", "on_team": "no"}), 422)
    assert "is the last of the programme team" in page
    assert Person.objects.get(ref="olga").on_programme_team


def test_who_removes_themselves_is_led_to_a_page_they_may_see(olga):
    person("ada", "Ada Adeyemi", on_programme_team=True)
    answer = signed_in(olga).post(PAGE, {"person": "olga", "on_team": "no"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("ref", ["nobody", "", "\x00"])
def test_a_person_who_is_not_there_is_not_found(olga, ref):
    assert signed_in(olga).post(PAGE, {"person": ref, "on_team": "yes"}).status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_team_or_what_is_found(olga):
    client = signed_in(olga)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            text(client.get(PAGE, {"q": "person"}))
        return len(seen)

    person("p", "Person")
    few = statements()
    for number in range(50):
        person(f"p{number}", f"Person {number}", on_programme_team=number % 2 == 0)
    assert statements() == few <= 5
