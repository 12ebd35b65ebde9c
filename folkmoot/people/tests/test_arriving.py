"""Coming in for the first time: with an address of the organisation, or by a one-time link."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
)
from django.core import mail
from django.test import Client

from folkmoot.core import clock
from folkmoot.people.actions import first_account_link, invite
from folkmoot.people.models import Person

from .browsing import by_password, path_of, sent_code, text, who
from .world import PASSWORD

pytestmark = pytest.mark.django_db


class TestJoining:
    def ask(self, email: str = "new@example.org", name: str = "Nadia Nowak") -> tuple[Client, Any]:
        client = Client()
        return client, client.post("/accounts/signup/", {"email": email, "name": name, "next": "/people/"})

    def test_it_is_closed_where_no_domains_are_named(self):
        for answer in (Client().get("/accounts/signup/"), self.ask()[1]):
            assert "ask the programme team" in text(answer, status=403)
        assert not Person.objects.exists()
        assert not mail.outbox

    def test_an_address_of_the_organisation_is_shown_to_be_theirs_first(self, domains):
        client, answer = self.ask("New@Example.org")
        assert answer["Location"] == "/accounts/signup/confirm/"
        assert mail.outbox[0].to == ["new@example.org"]
        assert not Person.objects.exists()
        answer = client.post("/accounts/signup/confirm/", {"code": sent_code()})
        assert answer["Location"] == "/people/"
        arrived = Person.objects.get()
        assert (arrived.name, arrived.email) == ("Nadia Nowak", "new@example.org")
        assert who(client) == arrived.ref

    @pytest.mark.parametrize(
        "email", ["x@evil.org", "x@notexample.org", "x@sub.example.org", "x@example.org.evil.org"]
    )
    def test_other_addresses_cannot_join_and_keep_what_was_typed(self, domains, email):
        page = text(self.ask(email)[1], status=422)
        assert "ends in @example.org" in page
        assert f'value="{email}"' in page
        assert 'value="Nadia Nowak"' in page
        assert not mail.outbox

    def test_known_and_unknown_addresses_read_the_same(self, domains, hana):
        pages = set()
        for email in ("hana@example.org", "new@example.org"):
            client, _answer = self.ask(email)
            pages.add(
                re.sub(r'value="[^"]*"', "", text(client.get("/accounts/signup/confirm/"))).replace(
                    email, "…"
                )
            )
        assert len(pages) == 1
        subjects = {re.sub(r"\S+-\S+$", "…", str(letter.subject)) for letter in mail.outbox}
        assert len(subjects) == 1

    def test_who_is_in_the_directory_is_signed_in_under_their_own_name(self, domains, hana):
        client, _answer = self.ask("hana@example.org", name="Mallory")
        client.post("/accounts/signup/confirm/", {"code": sent_code()})
        assert who(client) == "hana"
        assert Person.objects.get().name == "Hana Yıldız"

    def test_who_has_left_stays_out(self, domains, hana):
        Person.objects.update(left=clock.today())
        client, _answer = self.ask("hana@example.org")
        client.post("/accounts/signup/confirm/", {"code": sent_code()})
        assert who(client) is None

    def test_the_second_step_is_asked_here_too(self, domains, hana):
        TOTP.activate(hana, generate_totp_secret())
        client, _answer = self.ask("hana@example.org")
        answer = client.post("/accounts/signup/confirm/", {"code": sent_code()})
        assert answer["Location"].startswith("/accounts/2fa/authenticate/")
        assert who(client) is None

    def test_three_wrong_codes_end_it(self, domains):
        client, _answer = self.ask()
        for _guess in range(2):
            assert "not the code" in text(
                client.post("/accounts/signup/confirm/", {"code": "nope"}), status=422
            )
        assert client.post("/accounts/signup/confirm/", {"code": "nope"})["Location"] == "/accounts/signup/"
        client.post("/accounts/signup/confirm/", {"code": sent_code()})
        assert not Person.objects.exists()

    def test_without_having_asked_there_is_nothing_to_confirm(self, domains):
        assert Client().get("/accounts/signup/confirm/")["Location"] == "/accounts/signup/"


class TestByLink:
    def test_looking_uses_nothing_up_and_the_button_signs_in_once(self, hana):
        url = path_of(invite(by=None, email="hana@example.org", base_url="http://here").url)
        scanner, reader, late = Client(), Client(), Client()
        for _look in range(3):
            answer = scanner.get(url)
            assert "Welcome, Hana Yıldız" in text(answer)
            # The address of the page is the key: other sites must not see it, our own form must still say its origin.
            assert answer["Referrer-Policy"] == "same-origin"
            assert "no-store" in answer["Cache-Control"]
        assert who(scanner) is None
        assert scanner.head(url).status_code == 200
        assert reader.post(url)["Location"] == "/"
        assert who(reader) == "hana"
        assert "no longer works" in text(late.post(url), status=410)
        assert "no longer works" in text(late.get(url), status=410)
        assert who(late) is None

    def test_one_can_set_a_password_at_once_and_come_back_with_it(self):
        invited = invite(by=None, email="new@example.org", base_url="http://here")
        client = Client()
        answer = client.post(path_of(invited.url), {"then": "password"})
        assert answer["Location"] == "/accounts/password/set/"
        text(client.get("/accounts/password/set/"))
        sent = {"password1": PASSWORD, "password2": PASSWORD}
        assert client.post("/accounts/password/set/", sent)["Location"] == "/"
        assert who(client) == invited.person.ref
        assert who(by_password("new@example.org")[0]) == invited.person.ref

    def test_setting_a_password_ends_a_link_that_is_still_open(self, hana):
        url = path_of(invite(by=None, email="hana@example.org", base_url="http://here").url)
        client, _answer = by_password()
        new = "quite another password"
        sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert client.post("/accounts/password/change/", sent)["Location"] == "/profile/"
        text(Client().get(url), status=410)

    def test_the_link_of_somebody_who_has_left_is_over(self, hana):
        url = path_of(invite(by=None, email="hana@example.org", base_url="http://here").url)
        Person.objects.update(left=clock.today())
        text(Client().get(url), status=410)
        text(Client().post(url), status=410)

    def test_it_signs_out_whoever_sat_at_the_browser_before(self, hana):
        client, _answer = by_password()
        invited = invite(by=None, email="new@example.org", base_url="http://here")
        client.post(path_of(invited.url))
        assert who(client) == invited.person.ref

    def test_the_second_step_is_asked_here_too(self, hana):
        TOTP.activate(hana, generate_totp_secret())
        client = Client()
        client.post(path_of(invite(by=None, email="hana@example.org", base_url="http://here").url))
        assert who(client) is None

    def test_the_first_account_says_who_it_is_and_is_the_programme_team(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        url = path_of(first_account_link("http://here"))
        client = Client()
        assert "first account of the programme team" in text(client.get(url))
        page = text(client.post(url, {"name": "Olga Owner", "email": "nonsense"}), status=422)
        assert "not an e-mail address" in page
        assert 'value="Olga Owner"' in page
        client.post(url, {"name": "Olga Owner", "email": "Olga@example.org", "then": "password"})
        first = Person.objects.get()
        assert (first.email, first.on_programme_team) == ("olga@example.org", True)
        assert who(client) == first.ref

    @pytest.mark.parametrize("token", ["nonsense", "%00", "x" * 500])
    def test_a_made_up_link_is_over(self, token):
        text(Client().get(f"/welcome/{token}/"), status=410)
