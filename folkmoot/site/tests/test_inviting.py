"""`folkmoot invite`, and what `folkmoot up` says of signing in."""

import contextlib
import json

import pytest

from folkmoot.core.refused import Refused
from folkmoot.people.actions import appoint_to_programme_team, follow_link
from folkmoot.people.models import Person, SignInLink
from folkmoot.site.cli import inviting
from folkmoot.site.preparing import how_to_sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_database_is_there(monkeypatch):
    monkeypatch.setattr(inviting, "database", contextlib.nullcontext)


def test_it_tells_who_was_invited_and_the_link(capsys, settings):
    settings.FOLKMOOT_URL = "https://moot.example.org"
    inviting.invite("hana.yildiz@example.org", team=True)
    told = capsys.readouterr().out
    assert "Hana Yildiz (hana.yildiz@example.org) is new." in told
    assert "on the programme team" in told
    assert "https://moot.example.org/welcome/" in told
    assert Person.objects.get().on_programme_team


def test_as_json_it_prints_json_only(capsys):
    inviting.invite("hana@example.org", name="Hana Yıldız", as_json=True)
    told = json.loads(capsys.readouterr().out)
    person = Person.objects.get()
    assert told == {
        "id": person.ref,
        "name": "Hana Yıldız",
        "email": "hana@example.org",
        "on_programme_team": False,
        "created": True,
        "mailed": True,
        "url": told["url"],
    }
    assert SignInLink.objects.with_token(told["url"].rstrip("/").rpartition("/")[2]).get().person == person


def test_what_is_no_address_is_refused_and_nothing_is_printed(capsys):
    with pytest.raises(Refused, match="not an e-mail address"):
        inviting.invite("nonsense", as_json=True)
    assert capsys.readouterr().out == ""


def test_the_link_leads_to_where_the_site_was_served_last(capsys, monkeypatch, tmp_path, settings):
    settings.FOLKMOOT_URL = ""
    monkeypatch.setenv("FOLKMOOT_HOME", str(tmp_path))
    (tmp_path / "address").write_text("http://127.0.0.1:8731")
    inviting.invite("hana@example.org")
    assert "\nhttp://127.0.0.1:8731/welcome/" in capsys.readouterr().out


class TestHowToSignIn:
    def test_the_first_account_is_offered_until_the_team_has_somebody(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        offered = how_to_sign_in("http://here")
        assert offered.startswith("Open this link once")
        follow_link(token=offered.rstrip("/").rpartition("/")[2], name="Olga", email="olga@example.org")
        again = how_to_sign_in("http://here")
        assert again.startswith("Sign in: http://here/accounts/login/\n")
        assert "`folkmoot invite` makes them a link" in again
        assert not SignInLink.objects.open().exists()

    def test_where_the_team_can_sign_in_nothing_more_is_said(self):
        olga = Person.objects.create(ref="olga", name="Olga Owner", email="olga@example.org")
        appoint_to_programme_team(by=None, person=olga)
        assert how_to_sign_in("http://here") == "Sign in: http://here/accounts/login/"
