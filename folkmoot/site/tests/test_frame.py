"""What every page shows around its content."""

import re

import pytest
from django.test import Client

from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


def sign_in_links(path: str) -> set[str]:
    return set(re.findall(r'href="(/accounts/login/[^"]*)"', Client().get(path).content.decode()))


def test_signing_in_leads_back_to_what_a_letter_pointed_to():
    assert sign_in_links("/events/7-core-meeting/?from=letter") == {
        "/accounts/login/?next=%2Fevents%2F7-core-meeting%2F%3Ffrom%3Dletter"
    }
    # On the way it is not forgotten, and the entrance itself is nowhere to go back to.
    assert "/accounts/login/?next=%2Fpeople%2F" in sign_in_links("/accounts/login/?next=/people/")
    assert "/accounts/login/" in sign_in_links("/accounts/login/?next=//evil.example/")
    assert sign_in_links("/") == {"/accounts/login/"}


def test_calendars_are_in_the_menu_and_below_the_events():
    client = Client()
    client.force_login(Person.objects.create(ref="eve", name="Eve"))
    assert 'href="/calendars/"' in client.get("/people/").content.decode()
    assert client.get("/events/").content.decode().count('href="/calendars/"') == 2
