"""What the doctor says of settings that would let strangers in."""

import pytest
from django.db import connection

from folkmoot.notifications.models import BadAddress
from folkmoot.notifications.tasks import mail
from folkmoot.site import checks


def found(name: str) -> checks.Check:
    [check] = [each for each in [*checks._secrets(), *checks._settings()] if each.name == name]
    return check


@pytest.fixture(autouse=True)
def a_home(monkeypatch, tmp_path):
    monkeypatch.setenv("FOLKMOOT_HOME", str(tmp_path))
    return tmp_path


def test_any_host_without_an_address_of_its_own_is_wrong(settings):
    settings.ALLOWED_HOSTS, settings.FOLKMOOT_URL = ["*"], ""
    assert found("hosts").fine is False
    assert "Set FOLKMOOT_URL" in found("hosts").sentence
    settings.FOLKMOOT_URL = "https://moot.example.org"
    assert found("hosts").fine is None
    settings.ALLOWED_HOSTS, settings.FOLKMOOT_URL = ["moot.example.org"], ""
    assert found("hosts").fine is True


@pytest.mark.parametrize(("mode", "fine"), [(0o700, True), (0o750, True), (0o755, False), (0o701, False)])
def test_a_home_that_others_may_open_is_wrong(a_home, mode, fine):
    a_home.chmod(mode)
    assert found("home access").fine is fine


@pytest.mark.parametrize(
    ("key", "fine"), [("changeme", False), ("x" * 64, False), ("0f3a9c71d2e84b65" * 2, True)]
)
def test_a_key_that_can_be_guessed_is_wrong_and_not_repeated(settings, key, fine):
    settings.SECRET_KEY = key
    check = found("secret key")
    assert check.fine is fine
    assert key not in check.sentence


@pytest.mark.django_db
def test_letters_that_the_mail_server_did_not_take_are_said():
    assert checks._letters() == []
    mail.defer(notice=1)
    assert checks._letters() == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 2, scheduled_at = now()")
    BadAddress.objects.create(email="gone@uni.example", reason="550")
    letters, addresses = checks._letters()
    assert letters.fine is False
    assert "1 letters wait for the mail server" in letters.sentence
    assert "1 addresses were refused" in addresses.sentence
