"""The charter by day, and writing a new version of it."""

import html
import threading
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from folkmoot.activity.models import Entry
from folkmoot.charter.actions import set_charter, withdraw_version
from folkmoot.charter.models import Version
from folkmoot.core.meanwhile import Changed
from folkmoot.core.refused import Refused
from folkmoot.people.models import Person

RHYTHM = {
    "sponsor_meeting.days": "42",
    "sponsor_meeting.notice": "14",
    "online_space.days": "30",
    "online_space.notice": "9",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Person:
    """Somebody of the programme team."""
    Version.objects.all().delete()
    return Person.objects.create(ref="t", name="Tea", on_programme_team=True)


def test_a_day_is_judged_by_the_version_of_its_time_and_early_days_by_the_first(team: Person):
    first = set_charter(by=team, since=date(2025, 1, 1), thresholds={"leads": {"least": 1}})
    second = set_charter(by=team, since=date(2026, 1, 1), thresholds={"leads": {"least": 3}})
    days = (date(2020, 1, 1), date(2025, 12, 31), date(2026, 1, 1))
    assert [Version.objects.in_force(day) for day in days] == [first, first, second]


def test_what_a_version_does_not_say_has_the_declared_number(team: Person):
    version = set_charter(by=team, since=date(2025, 1, 1), thresholds={"leads": {"least": 1}})
    assert (version.value("leads", "least"), version.value("leads", "most")) == (1, 4)
    assert Version.objects.in_force(date(2025, 1, 1)).value("sponsor", "notice") == 60


@pytest.mark.parametrize(
    ("thresholds", "field"),
    [
        ({"leads": {"least": 5, "most": 4}}, "leads.least"),
        ({"leads": {"least": 0}}, "leads.least"),
        ({"sponsor": {"notice": 366}}, "sponsor.notice"),
    ],
)
def test_numbers_out_of_range_are_refused_beside_their_field(team: Person, thresholds: dict, field: str):
    with pytest.raises(Refused) as refused:
        set_charter(by=team, since=date(2025, 1, 1), thresholds=thresholds)
    assert refused.value.field == field
    assert not Version.objects.exists()


def test_a_version_of_the_same_day_replaces_it_and_the_ledger_keeps_both(team: Person):
    set_charter(by=team, since=date(2025, 1, 1), thresholds={"leads": {"least": 1}})
    set_charter(by=team, since=date(2025, 1, 1), thresholds={"leads": {"least": 3}})
    assert Version.objects.get().value("leads", "least") == 3
    lines = Entry.objects.filter(verb="charter_set").order_by("id")
    assert [line.data["replaced"] for line in lines] == [None, {"leads": {"least": 1}}]


def test_the_form_gives_back_what_was_typed_with_the_error(team: Person):
    client = Client()
    client.force_login(team)
    typed = {"since": "2026-01-01", "leads.least": "9", "leads.most": "4", "leads.notice": "60", **RHYTHM}
    answer = client.post("/programme/charter/new/", {**typed, "sponsor.notice": "60", "note": "A trial"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The fewest cannot be more than the most." in page
    assert 'value="9"' in page
    assert "A trial" in page


def test_a_new_version_is_written_by_the_form(team: Person):
    client = Client()
    client.force_login(team)
    numbers = {"leads.least": "3", "leads.most": "5", "leads.notice": "30", "sponsor.notice": "30", **RHYTHM}
    answer = client.post(
        "/programme/charter/new/", {"since": "2026-01-01", **numbers, "note": ""}, follow=True
    )
    assert "The charter is changed." in answer.content.decode()
    assert Version.objects.get().thresholds["leads"] == {"least": 3, "most": 5, "notice": 30}


def test_of_two_who_write_for_one_day_the_second_sees_what_the_first_wrote_and_then_decides(team: Person):
    set_charter(by=team, since=date(2020, 1, 1), thresholds={})
    client, url, said = Client(), "/programme/charter/new/", 'name="seen" value="'
    client.force_login(team)
    numbers = {"leads.least": "3", "leads.most": "5", "leads.notice": "60", "sponsor.notice": "60", **RHYTHM}
    typed = {"since": "2026-01-01", **numbers, "note": "Mine"}
    typed["seen"] = html.unescape(client.get(url).content.decode().split(said)[1].split('"')[0])
    set_charter(by=team, since=date(2026, 1, 1), thresholds={"leads": {"least": 1}}, note="Theirs")
    answer = client.post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("Somebody changed this", "to: “1”.", "to: “4”.", "to: “Theirs”.", "Mine</textarea>"):
        assert sentence in page
    assert Version.objects.in_force(date(2026, 1, 1)).value("leads", "least") == 1
    typed["seen"] = html.unescape(page.split(said)[1].split('"')[0])
    assert client.post(url, typed).status_code == 302
    assert Version.objects.in_force(date(2026, 1, 1)).note == "Mine"


def test_a_version_for_another_day_is_no_quarrel(team: Person):
    set_charter(by=team, since=date(2020, 1, 1), thresholds={})
    seen = Version.objects.marks()
    set_charter(by=team, since=date(2027, 1, 1), thresholds={"leads": {"least": 1}})
    assert set_charter(by=team, since=date(2026, 1, 1), thresholds={"leads": {"least": 3}}, seen=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_versions_for_one_day_at_once_one_holds(team: Person):
    set_charter(by=team, since=date(2020, 1, 1), thresholds={})
    outcomes: list[Version | Changed] = []
    seen, together = Version.objects.marks(), threading.Barrier(2)

    def write(least: int) -> None:
        together.wait()
        try:
            thresholds = {"leads": {"least": least}}
            outcomes.append(set_charter(by=team, since=date(2026, 1, 1), thresholds=thresholds, seen=seen))
        except Changed as changed:
            outcomes.append(changed)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(least,)) for least in (1, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Changed", "Version"]


def test_numbers_that_are_in_force_already_make_no_version(team: Person):
    set_charter(by=team, since=date(2025, 1, 1), thresholds={"leads": {"least": 1}})
    with pytest.raises(Refused, match="in force on that day already"):
        set_charter(by=team, since=date(2026, 1, 1), thresholds={"leads": {"least": 1}})
    assert set_charter(by=team, since=date(2026, 1, 1), thresholds={"leads": {"least": 1}}, note="Confirmed")


def test_a_mistaken_version_is_withdrawn_and_the_ledger_keeps_it(team: Person):
    set_charter(by=team, since=date(2025, 1, 1), thresholds={"leads": {"least": 1}})
    mistaken = set_charter(by=team, since=date(2026, 1, 1), thresholds={"leads": {"least": 3}})
    client = Client()
    client.force_login(team)
    page = client.post(f"/programme/charter/{mistaken.pk}/removal/", follow=True).content.decode()
    assert "That version is withdrawn." in page
    assert Version.objects.in_force(date(2026, 6, 1)).value("leads", "least") == 1
    assert Entry.objects.get(verb="charter_withdrawn").data["thresholds"] == {"leads": {"least": 3}}
    with pytest.raises(Refused, match="needs a charter"):
        withdraw_version(by=team, version=Version.objects.get())
    with pytest.raises(Refused, match="already"):
        withdraw_version(by=team, version=mistaken)
