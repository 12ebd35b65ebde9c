"""Coming in: by password, by a code, by a second step; and not coming in."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.test import Client

from folkmoot.core import clock
from folkmoot.people.models import Person
from folkmoot.people.sign_in import MfaAdapter

from .browsing import by_password, sent_code, text, who
from .world import PASSWORD, person

pytestmark = pytest.mark.django_db


class TestByPassword:
    def test_the_right_one_lets_in_and_leads_on(self, hana):
        client, answer = by_password(" HANA@example.org", next="/people/?q=x")
        assert (answer.status_code, answer["Location"]) == (302, "/people/?q=x")
        assert who(client) == "hana"

    def test_the_key_of_the_session_changes_so_that_a_planted_one_is_worth_nothing(self, hana, settings):
        planted = SessionStore()
        planted["seen"] = True
        planted.create()
        client = Client()
        key = planted.session_key or ""
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        client.post("/accounts/login/", {"login": "hana@example.org", "password": PASSWORD})
        assert who(client) == "hana"
        assert client.session.session_key != key
        assert not SessionStore().exists(key)

    def test_the_way_on_never_leads_elsewhere(self, hana):
        _client, answer = by_password(next="https://evil.example/")
        assert answer["Location"] == "/"

    def test_wrong_unknown_and_departed_read_the_same(self, hana):
        person("Lea Vinge", email="lea@example.org", password=PASSWORD, left=clock.today())
        person("No Password", email="none@example.org")
        pages = set()
        for email, password in [
            ("hana@example.org", "wrong"),
            ("stranger@example.org", "wrong"),
            ("lea@example.org", PASSWORD),
            ("none@example.org", ""),
            ("none@example.org", "x"),
        ]:
            client, answer = by_password(email, password or "x")
            page = text(answer)
            assert "do not match" in page
            assert who(client) is None
            pages.add(re.sub(r'value="[^"]*"', "", page))
        assert len(pages) == 1

    def test_guessing_is_stopped_with_the_cache_of_one_process(self, hana, settings):
        assert settings.CACHES["default"]["BACKEND"].endswith("LocMemCache")
        for _guess in range(5):
            by_password(password="wrong")
        _client, answer = by_password()
        assert "Too many attempts" in text(answer)

    def test_guessing_at_one_account_does_not_lock_another(self, hana):
        person("Ada Adeyemi", ref="ada", email="ada@example.org", password=PASSWORD)
        for _guess in range(6):
            by_password(password="wrong")
        assert who(by_password("ada@example.org")[0]) == "ada"

    def test_many_attempts_from_one_place_are_stopped_with_a_page(self):
        for number in range(30):
            by_password(f"n{number}@example.org", "wrong")
        assert "wait a few minutes" in text(by_password()[1], status=429)

    def test_an_address_in_the_directory_that_changes_hands_changes_accounts(self, hana):
        Person.objects.filter(ref="hana").update(email="hana.new@example.org")
        person("Ada Adeyemi", ref="ada", email="hana@example.org", password="another long password")
        assert who(by_password("hana@example.org")[0]) is None
        assert who(by_password("hana.new@example.org")[0]) == "hana"
        assert not EmailAddress.objects.exists()


class TestByCode:
    def ask(self, email: str, **more) -> Client:
        client = Client()
        answer = client.post("/accounts/login/code/", {"email": email} | more)
        assert answer["Location"].startswith("/accounts/login/code/confirm/")
        return client

    def test_the_code_in_the_letter_lets_in_and_leads_on(self, hana):
        client = self.ask("Hana@Example.org", next="/people/")
        letter = mail.outbox[0]
        assert letter.to == ["hana@example.org"]
        assert letter.subject == f"Your sign-in code: {sent_code()}"
        answer = client.post(
            "/accounts/login/code/confirm/", {"code": sent_code().lower(), "next": "/people/"}
        )
        assert answer["Location"] == "/people/"
        assert who(client) == "hana"

    def test_nobody_learns_from_the_pages_who_is_in_the_directory(self, hana):
        person("Lea Vinge", email="lea@example.org", left=clock.today())
        pages = set()
        for email in ("hana@example.org", "stranger@example.org", "lea@example.org"):
            client = self.ask(email)
            page = text(client.get("/accounts/login/code/confirm/")).replace(email, "…")
            wrong = text(client.post("/accounts/login/code/confirm/", {"code": "WRONG"})).replace(email, "…")
            pages.add((re.sub(r'value="[^"]*"', "", page), re.sub(r'value="[^"]*"', "", wrong)))
            assert who(client) is None
        assert len(pages) == 1
        assert [letter.to[0] for letter in mail.outbox] == [
            "hana@example.org",
            "stranger@example.org",
            "lea@example.org",
        ]
        assert not sent_code(1)
        assert not sent_code(2)
        assert "does not know this address" in mail.outbox[1].body

    def test_three_wrong_codes_end_it(self, hana):
        client = self.ask("hana@example.org")
        for _guess in range(3):
            client.post("/accounts/login/code/confirm/", {"code": "XXXX-XXXX"})
        client.post("/accounts/login/code/confirm/", {"code": sent_code()})
        assert who(client) is None

    def test_another_code_can_be_sent_and_the_first_is_void(self, hana):
        client = self.ask("hana@example.org")
        first = sent_code()
        client.post("/accounts/login/code/confirm/", {"action": "resend"})
        assert len(mail.outbox) == 2
        client.post("/accounts/login/code/confirm/", {"code": first})
        assert who(client) is None
        client.post("/accounts/login/code/confirm/", {"code": sent_code()})
        assert who(client) == "hana"

    def test_a_code_serves_only_the_browser_that_asked(self, hana):
        self.ask("hana@example.org")
        other = self.ask("stranger@example.org")
        other.post("/accounts/login/code/confirm/", {"code": sent_code(0)})
        assert who(other) is None

    def test_a_mailbox_cannot_be_flooded(self, hana):
        for _time in range(3):
            self.ask("hana@example.org")
        answer = Client().post("/accounts/login/code/", {"email": "hana@example.org"})
        assert "Too many attempts" in text(answer)
        assert len(mail.outbox) == 3

    def test_writing_an_address_in_another_way_floods_it_no_sooner(self, hana):
        for email in ("hana@example.org", "Hana@example.org", "HANA@example.org"):
            self.ask(email)
        answer = Client().post("/accounts/login/code/", {"email": "hANA@example.org"})
        assert "Too many attempts" in text(answer)

    def test_who_has_left_meanwhile_is_told_kindly(self, hana):
        client = self.ask("hana@example.org")
        Person.objects.update(left=clock.today())
        answer = client.post("/accounts/login/code/confirm/", {"code": sent_code()}, follow=True)
        assert "This account is closed" in text(answer)
        assert who(client) is None

    def test_a_mail_server_that_fails_is_said_in_a_sentence(self, hana, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
        for email in ("hana@example.org", "stranger@example.org"):
            answer = Client().post("/accounts/login/code/", {"email": email})
            assert "does not answer just now" in text(answer, status=503)


class TestForgottenPassword:
    def test_the_link_in_the_letter_sets_a_new_one_and_lets_in(self, hana):
        client = Client()
        assert client.post("/accounts/password/reset/", {"email": "hana@example.org"}).status_code == 302
        text(client.get("/accounts/password/reset/done/"))
        letter = mail.outbox[0]
        assert letter.subject == "A new password for Folkmoot"
        url = str(letter.body).split("http://testserver")[1].split()[0]
        inner = client.get(url)["Location"]
        text(client.get(inner))
        weak = text(client.post(inner, {"password1": "password", "password2": "password"}))
        assert "too short" in weak
        new = "quite another password"
        assert client.post(inner, {"password1": new, "password2": new})["Location"] == "/"
        assert who(client) == "hana"
        assert "no longer works" in text(Client().get(url))
        assert who(by_password(password=new)[0]) == "hana"
        assert mail.outbox[-1].subject == "Your Folkmoot password was changed"

    def test_the_letters_lead_to_the_site_whatever_host_was_asked_for(self, hana, settings, domains):
        settings.ALLOWED_HOSTS, settings.FOLKMOOT_URL = ["*"], "https://moot.example.org"
        for email in ("hana@example.org", "stranger@example.org"):
            Client(HTTP_HOST="evil.example.com").post("/accounts/password/reset/", {"email": email})
        for letter in mail.outbox:
            assert "evil" not in letter.body
            assert "    https://moot.example.org/accounts/" in letter.body
        assert len(mail.outbox) == 2

    def test_unknown_and_departed_addresses_read_the_same(self, hana):
        person("Lea Vinge", email="lea@example.org", left=clock.today())
        for email in ("stranger@example.org", "lea@example.org"):
            answer = Client().post("/accounts/password/reset/", {"email": email})
            assert answer["Location"] == "/accounts/password/reset/done/"
            assert "does not know this address" in mail.outbox[-1].body

    def test_a_letter_goes_to_the_address_of_the_directory_not_to_a_look_alike(self):
        person("Kim Koh", email="kim@example.org")
        Client().post("/accounts/password/reset/", {"email": "\N{KELVIN SIGN}im@example.org"})
        assert [letter.to for letter in mail.outbox] == [["kim@example.org"]]

    def test_a_made_up_link_is_over(self):
        assert "no longer works" in text(Client().get("/accounts/password/reset/key/zz-abc-def/"))


class TestPasswords:
    def test_a_person_of_the_import_sets_their_first_one(self):
        ada = person("Ada Adeyemi", ref="ada")
        client = Client()
        client.force_login(ada)
        assert client.get("/accounts/password/change/")["Location"] == "/accounts/password/set/"
        page = text(client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": "different"}))
        assert "same password each time" in page
        client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
        assert Person.objects.get().check_password(PASSWORD)
        assert mail.outbox[0].subject == "Your Folkmoot password was set"

    @pytest.mark.parametrize("weak", ["short", "1234567890", "hana@example.org", "Hana Yıldız"])
    def test_a_weak_one_is_refused(self, hana, weak):
        client, _answer = by_password()
        client.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        )
        assert Person.objects.get().check_password(PASSWORD)

    def test_changing_it_signs_out_everywhere_else(self, hana):
        here, elsewhere = by_password()[0], by_password()[0]
        new = "quite another password"
        here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert who(here) == "hana"
        assert who(elsewhere) is None


class TestTwoSteps:
    def code(self, secret: str) -> str:
        return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    def test_an_app_is_turned_on_and_then_asked_for(self, hana):
        client, _answer = by_password()
        assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
        client.post(
            "/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}
        )
        page = client.get("/accounts/2fa/totp/activate/")
        secret = page.context["form"].secret
        assert secret in text(page)
        wrong = text(client.post("/accounts/2fa/totp/activate/", {"code": "not one"}))
        assert "not the code" in wrong
        assert secret in wrong
        assert client.post("/accounts/2fa/totp/activate/", {"code": self.code(secret)}).status_code == 302
        assert Authenticator.objects.filter(type="totp").count() == 1
        text(client.get("/accounts/2fa/"))
        codes = text(client.get("/accounts/2fa/recovery-codes/"))
        recovery = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
        assert len(recovery) == 10
        assert recovery[0] in codes

        again, answer = by_password()
        assert answer["Location"].startswith("/accounts/2fa/authenticate/")
        assert who(again) is None
        assert "not the code" in text(again.post("/accounts/2fa/authenticate/", {"code": "nope"}))
        again.post("/accounts/2fa/authenticate/", {"code": recovery[0]})
        assert who(again) == "hana"

    def test_the_picture_for_the_app_can_be_read_on_a_dark_page_too(self):
        drawn = MfaAdapter().build_totp_svg("otpauth://totp/hana")
        assert drawn.index('<rect width="100%" height="100%" fill="#fff"/>') < drawn.index("<path")

    def test_a_wrong_password_does_not_confirm_who_one_is(self, hana):
        client, _answer = by_password()
        client.get("/accounts/2fa/totp/activate/")
        assert "not your password" in text(client.post("/accounts/reauthenticate/", {"password": "wrong"}))
        assert client.get("/accounts/2fa/totp/activate/").status_code == 302

    def test_guessing_the_password_again_is_limited(self, hana):
        client, _answer = by_password()
        for _guess in range(5):
            client.post("/accounts/reauthenticate/", {"password": "wrong"})
        assert "Too many attempts" in text(client.post("/accounts/reauthenticate/", {"password": PASSWORD}))


def test_signing_out_takes_a_press_of_a_button(hana):
    client, _answer = by_password()
    assert "Sign out?" in text(client.get("/accounts/logout/"))
    assert who(client) == "hana"
    assert client.post("/accounts/logout/").status_code == 302
    assert who(client) is None


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/"])
def test_addresses_are_the_directory_s_and_have_no_pages_here(hana, path):
    client, _answer = by_password()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/logout/",
        "/accounts/inactive/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
    ],
)
def test_every_page_of_signing_in_has_one_heading_and_no_script_or_style_of_its_own(path):
    client = Client()
    answer = client.get(path, follow=True)
    page = text(answer)
    if path != "/accounts/logout/":
        assert page.count("<h1") == 1
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
