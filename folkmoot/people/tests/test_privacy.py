"""No shared cache keeps what was answered to somebody who is signed in."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from folkmoot.people.privacy import PrivateAnswers

from .browsing import by_password

pytestmark = pytest.mark.django_db
PRIVATE = "private, no-store"


def test_pages_of_who_is_signed_in_are_private_from_the_first_answer_on(hana):
    client, answer = by_password()
    assert "private" in answer["Cache-Control"]
    for path in ("/", "/people/", "/nowhere/"):
        assert client.get(path)["Cache-Control"] == PRIVATE


def test_pages_of_visitors_say_nothing():
    assert "Cache-Control" not in Client().get("/communities/")


def test_the_cookie_decides_and_nobody_is_fetched(django_assert_num_queries, settings):
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "any"
    with django_assert_num_queries(0):
        assert PrivateAnswers(lambda _request: HttpResponse())(request)["Cache-Control"] == PRIVATE


def test_what_a_view_says_itself_stands(settings):
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "any"
    said = HttpResponse(headers={"Cache-Control": "private, max-age=60"})
    assert PrivateAnswers(lambda _request: said)(request)["Cache-Control"] == "private, max-age=60"
