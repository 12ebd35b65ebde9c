"""Inviting, one-time links, and arriving with an address of the organisation."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from folkmoot.activity.models import Entry
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.people.actions import arrive, first_account_link, follow_link, invite
from folkmoot.people.models import Person, SignInLink
from folkmoot.site.tasks import clear_sessions

from .world import PASSWORD, person

pytestmark = pytest.mark.django_db
KEPT = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def no_mail_server(settings):
    settings.EMAIL_BACKEND = KEPT


def token_of(url: str | None) -> str:
    assert url
    return url.rstrip("/").rpartition("/")[2]


def test_an_unknown_address_becomes_a_person_with_an_id_of_ours():
    invited = invite(by=None, email="Hana.Yildiz@Example.org ", base_url="https://moot.example.org")
    assert invited.created
    assert invited.url.startswith("https://moot.example.org/welcome/")
    assert (invited.person.email, invited.person.name) == ("hana.yildiz@example.org", "Hana Yildiz")
    assert invited.person.has_minted_ref
    assert Entry.objects.get().data == {"created": True, "team": False}


def test_a_known_address_finds_its_person():
    hana = person("Hana Yıldız", email="hana@example.org")
    invited = invite(by=None, email="HANA@example.org", name="Somebody Else")
    assert (invited.created, invited.person) == (False, hana)
    assert Person.objects.get(pk=hana.pk).name == "Hana Yıldız"


def test_the_letter_carries_the_link_and_says_who_invites():
    olga = person("Olga Owner & Co", on_programme_team=True)
    invited = invite(by=olga, email="new@example.org", base_url="http://here")
    assert invited.mailed
    letter = mail.outbox[0]
    assert letter.to == ["new@example.org"]
    assert letter.subject == "Olga Owner & Co invites you to Folkmoot"
    assert invited.url in letter.body


def test_without_a_mail_server_the_link_is_only_given_back(no_mail_server):
    assert not invite(by=None, email="new@example.org").mailed


def test_a_mail_server_that_fails_does_not_undo_the_invitation(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    invited = invite(by=None, email="new@example.org")
    assert not invited.mailed
    assert SignInLink.objects.open().filter(person=invited.person).exists()


def test_for_the_team_means_on_the_team_with_a_line_in_the_ledger():
    invited = invite(by=None, email="new@example.org", team=True)
    assert Person.objects.get(pk=invited.person.pk).on_programme_team
    verbs = list(Entry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["programme_team_appointed", "person_invited"]


@pytest.mark.parametrize(
    "email", ["", "nonsense", "a@b", "two@at@example.org", "x@example.org\nBcc: y@z.org"]
)
def test_what_is_no_address_is_refused(email):
    with pytest.raises(Refused) as refusal:
        invite(by=None, email=email)
    assert refusal.value.field == "email"
    assert not Person.objects.exists()


def test_who_has_left_is_not_invited():
    person("Lea Vinge", email="lea@example.org", left=clock.today())
    with pytest.raises(Refused, match="has left"):
        invite(by=None, email="lea@example.org")


def test_only_a_hash_of_the_token_is_stored():
    token = token_of(invite(by=None, email="new@example.org").url)
    assert token not in str(list(SignInLink.objects.values()))


def test_a_link_works_once():
    invited = invite(by=None, email="new@example.org")
    assert follow_link(token=token_of(invited.url)) == invited.person
    with pytest.raises(Refused, match="used already"):
        follow_link(token=token_of(invited.url))


def test_a_link_works_for_seven_days():
    invited = invite(by=None, email="new@example.org")
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False), pytest.raises(Refused):
        follow_link(token=token_of(invited.url))
    with time_machine.travel(clock.now() + timedelta(days=6, hours=23), tick=False):
        assert follow_link(token=token_of(invited.url)) == invited.person


def test_a_new_link_ends_the_earlier_ones():
    first = invite(by=None, email="new@example.org")
    second = invite(by=None, email="new@example.org")
    with pytest.raises(Refused):
        follow_link(token=token_of(first.url))
    assert follow_link(token=token_of(second.url)) == second.person


def test_the_link_of_somebody_who_has_left_is_refused():
    invited = invite(by=None, email="new@example.org")
    Person.objects.filter(pk=invited.person.pk).update(left=clock.today())
    with pytest.raises(Refused, match="has left"):
        follow_link(token=token_of(invited.url))


def test_what_is_used_or_expired_is_cleared_and_what_is_open_is_kept():
    follow_link(token=token_of(invite(by=None, email="used@example.org").url))
    with time_machine.travel(clock.now() - timedelta(days=8), tick=False):
        invite(by=None, email="late@example.org")
    open_one = invite(by=None, email="open@example.org")
    clear_sessions.func()
    assert SignInLink.objects.get().person == open_one.person


@pytest.mark.parametrize("token", ["", "nonsense", "\x00", "x" * 5000])
def test_a_made_up_token_is_refused(token):
    with pytest.raises(Refused):
        follow_link(token=token)


class TestTheFirstAccount:
    def test_its_link_is_given_while_the_team_has_nobody(self, no_mail_server):
        person("Hana Yıldız", password=PASSWORD)
        assert (first_account_link("http://here") or "").startswith("http://here/welcome/")

    def test_there_is_none_once_the_team_has_somebody_even_without_a_password(self, no_mail_server):
        person("Olga Owner", on_programme_team=True)
        assert first_account_link("http://here") is None

    def test_an_earlier_one_is_refused_once_the_team_has_somebody(self, no_mail_server):
        token = token_of(first_account_link("http://here"))
        person("Olga Owner", on_programme_team=True)
        with pytest.raises(Refused, match="ask them to invite you"):
            follow_link(token=token, name="Mallory", email="mallory@example.org")
        assert not Person.objects.filter(email="mallory@example.org").exists()

    def test_somebody_of_the_team_who_has_left_does_not_count(self, no_mail_server):
        person("Olga Owner", on_programme_team=True, password=PASSWORD, left=clock.today())
        assert first_account_link("http://here")

    def test_it_makes_whoever_follows_it_the_programme_team(self, no_mail_server):
        token = token_of(first_account_link("http://here"))
        first = follow_link(token=token, name="Olga Owner", email="olga@example.org")
        assert (first.name, first.email, first.on_programme_team) == ("Olga Owner", "olga@example.org", True)
        with pytest.raises(Refused):
            follow_link(token=token, name="Mallory", email="mallory@example.org")

    def test_it_finds_who_is_in_the_directory_already(self, no_mail_server):
        olga = person("Olga Owner", email="olga@example.org")
        token = token_of(first_account_link("http://here"))
        assert follow_link(token=token, name="O", email="olga@example.org") == olga

    def test_a_second_one_ends_the_first(self, no_mail_server):
        first, second = first_account_link("http://here"), first_account_link("http://here")
        with pytest.raises(Refused):
            follow_link(token=token_of(first), name="A", email="a@example.org")
        assert follow_link(token=token_of(second), name="A", email="a@example.org").on_programme_team

    def test_what_is_no_address_keeps_the_link_usable(self, no_mail_server):
        token = token_of(first_account_link("http://here"))
        with pytest.raises(Refused):
            follow_link(token=token, name="A", email="nonsense")
        assert follow_link(token=token, name="A", email="a@example.org").on_programme_team


class TestArriving:
    def test_an_address_of_the_organisation_becomes_a_person(self, settings):
        settings.FOLKMOOT_DOMAINS = ["example.org"]
        arrived = arrive(email="Hana@Example.org", name="Hana  Yıldız")
        assert (arrived.name, arrived.email, arrived.has_minted_ref) == (
            "Hana Yıldız",
            "hana@example.org",
            True,
        )
        assert Entry.objects.get().verb == "person_arrived"

    def test_a_known_address_is_its_person_whatever_name_was_typed(self, settings):
        hana = person("Hana Yıldız", email="hana@elsewhere.org")
        assert arrive(email="hana@elsewhere.org", name="Mallory") == hana
        assert not Entry.objects.exists()

    @pytest.mark.parametrize(
        "email", ["x@evil.org", "x@notexample.org", "x@example.org.evil.org", "x@sub.example.org"]
    )
    def test_other_domains_are_refused(self, settings, email):
        settings.FOLKMOOT_DOMAINS = ["example.org"]
        with pytest.raises(Refused):
            arrive(email=email, name="X")
        assert not Person.objects.exists()
