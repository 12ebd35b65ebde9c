"""`/demo/`: the cast, and signing in as one of them; one may be somebody else at any time."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from folkmoot.calendar.days import today
from folkmoot.demo.invention import cast
from folkmoot.people.models import Person

pytestmark = pytest.mark.usefixtures("demo")
KEYS = [member.key for member in cast()]


def sign_in(key: str, client: Client):
    return client.post(reverse("demo_session", args=[key]))


def test_the_page_shows_the_six_with_their_stories(client):
    page = client.get("/demo/")
    text = page.content.decode()
    assert page.status_code == 200
    for member in cast():
        assert member.name in text
        assert f'action="{reverse("demo_session", args=[member.key])}"' in text


@pytest.mark.parametrize("key", KEYS)
def test_one_click_signs_in_as_a_member_of_the_cast(client, key):
    member = next(member for member in cast() if member.key == key)
    answer = sign_in(key, client)
    assert (answer.status_code, answer["Location"]) == (302, reverse(member.starts_at))
    assert client.get(answer["Location"]).wsgi_request.user.ref == member.ref


def test_one_may_become_somebody_else_and_the_page_says_who_one_is(client):
    sign_in("lead", client)
    sign_in("newcomer", client)
    text = client.get("/demo/").content.decode()
    assert client.session["_auth_user_id"] == str(Person.objects.get(name="Mirza Farooqui").pk)
    assert text.count("You, at the moment") == 1


def test_nobody_else_is_let_in(client):
    other = Person.objects.get_queryset().exclude(ref__in=[member.ref for member in cast()])[0]
    for key in (other.ref, str(other.pk), "nobody"):
        assert sign_in(key, client).status_code == 404
    assert "_auth_user_id" not in client.session


def test_signing_in_takes_a_click_and_not_a_link(client):
    assert client.get(reverse("demo_session", args=["lead"]))["Location"] == "/demo/"
    assert "_auth_user_id" not in client.session
    strict = Client(enforce_csrf_checks=True)
    assert sign_in("lead", strict).status_code == 403


def test_who_has_left_is_not_offered(client):
    Person.objects.filter(name="Sunniva Haugen").update(left=today() - timedelta(days=1))
    assert "Sunniva" not in client.get("/demo/").content.decode()
    assert sign_in("wider", client).status_code == 404


def test_the_page_costs_a_few_statements(client, django_assert_max_num_queries):
    client.get("/demo/")
    with django_assert_max_num_queries(3):
        client.get("/demo/")


def test_the_letters_that_would_have_been_sent_can_be_read(client, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert "No letter was written yet" in client.get("/demo/mail/").content.decode()
    letter = EmailMultiAlternatives(
        "Grüße", "Hello <you>: https://u.example/a?b=1&c=2", "a@uni.example", ["b@uni.example"]
    )
    letter.attach_alternative("<p style='color: red'>Hello</p><script>alert(1)</script>", "text/html")
    letter.send()
    (name,) = [path.name for path in tmp_path.iterdir()]
    page = client.get("/demo/mail/").content.decode()
    assert "Grüße" in page
    assert "Hello &lt;you&gt;" in page
    assert '<a href="https://u.example/a?b=1&amp;c=2"' in page
    shown = client.get(f"/demo/mail/{name}/")
    assert "color: red" in shown.content.decode()
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    (tmp_path / "secret.log").write_text("x")
    assert client.get("/demo/mail/secret.log/").status_code == 404
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert client.get("/demo/mail/").status_code == 404
    assert client.get(f"/demo/mail/{name}/").status_code == 404
