"""Appointing and removing who looks after the programme."""

import threading

import pytest
from django.db import connection

from folkmoot.activity.models import Entry
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.people.actions import appoint_to_programme_team, remove_from_programme_team
from folkmoot.people.models import Person

from .world import person


@pytest.mark.django_db
class TestAppointing:
    def test_somebody_is_appointed_and_the_ledger_says_by_whom(self):
        olga, ada = person("Olga Owner", on_programme_team=True), person("Ada Adeyemi")
        assert appoint_to_programme_team(by=olga, person=ada).on_programme_team
        entry = Entry.objects.latest("id")
        assert (entry.verb, entry.by_id, entry.about_id) == ("programme_team_appointed", olga.pk, ada.pk)

    def test_appointing_twice_writes_once(self):
        ada = person("Ada Adeyemi")
        appoint_to_programme_team(by=None, person=ada)
        appoint_to_programme_team(by=None, person=ada)
        assert Entry.objects.count() == 1

    def test_who_has_left_is_refused(self):
        with pytest.raises(Refused, match="has left"):
            appoint_to_programme_team(by=None, person=person("Lea Vinge", left=clock.today()))

    def test_who_could_not_sign_in_is_refused(self):
        with pytest.raises(Refused, match="no e-mail address"):
            appoint_to_programme_team(by=None, person=person("No Mail", email=None))


@pytest.mark.django_db
class TestRemoving:
    def test_one_of_two_is_removed(self):
        olga = person("Olga Owner", on_programme_team=True)
        ada = person("Ada Adeyemi", on_programme_team=True)
        assert not remove_from_programme_team(by=olga, person=ada).on_programme_team
        assert Entry.objects.latest("id").verb == "programme_team_removed"

    def test_the_last_one_is_refused(self):
        olga = person("Olga Owner", on_programme_team=True)
        with pytest.raises(Refused, match="last of the programme team"):
            remove_from_programme_team(by=olga, person=olga)
        assert Person.objects.get(pk=olga.pk).on_programme_team

    def test_somebody_who_has_left_does_not_count(self):
        olga = person("Olga Owner", on_programme_team=True)
        person("Lea Vinge", on_programme_team=True, left=clock.today())
        with pytest.raises(Refused):
            remove_from_programme_team(by=olga, person=olga)

    def test_removing_somebody_who_is_not_on_it_changes_nothing(self):
        olga, ada = person("Olga Owner", on_programme_team=True), person("Ada Adeyemi")
        remove_from_programme_team(by=olga, person=ada)
        assert not Entry.objects.exists()


@pytest.mark.parametrize("others", [0, 1])
@pytest.mark.django_db(transaction=True)
def test_two_who_remove_each_other_at_once_cannot_both_succeed(others):
    team = [person("Olga Owner", on_programme_team=True), person("Ada Adeyemi", on_programme_team=True)]
    for number in range(others):
        person(f"Olu Other {number}", on_programme_team=True)
    together = threading.Barrier(2)
    refused = []

    def remove(by: Person, other: Person) -> None:
        together.wait()
        try:
            remove_from_programme_team(by=by, person=other)
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in (team, team[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Person.objects.programme_team().count() == 1 + others
