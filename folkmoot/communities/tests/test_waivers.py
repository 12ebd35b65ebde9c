"""Waiving a commitment, ending a waiver, and a role that is given without a change."""

from datetime import timedelta

import pytest

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.actions import end_waiver, waive
from folkmoot.communities.models import Membership, Waiver
from folkmoot.communities.tests.world import belongs, community, person, signed_in, text
from folkmoot.core.refused import Refused
from folkmoot.health.measuring import measure

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def olu():
    return person("Olu Bankole", on_programme_team=True)


@pytest.fixture
def data():
    return community("Data")


def test_a_waived_commitment_is_not_missed_and_says_why(olu, data):
    waive(by=olu, community=data, commitment="leads", reason="A handover.", until=today() + 9 * DAY)
    (health,) = measure(today())
    finding = health.finding("leads")
    assert (str(finding.status), finding.due) == ("waived", None)
    assert "A handover." in finding.evidence
    assert str(health.finding("sponsor").status) == "missed"
    assert str(measure(today() + 10 * DAY)[0].finding("leads").status) == "missed"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"until": today() - DAY}, "until"),
        ({"until": today() + 2000 * DAY}, "until"),
        ({"commitment": "nonsense"}, "commitment"),
    ],
)
def test_what_cannot_be_waived_is_refused(olu, data, given, field):
    with pytest.raises(Refused) as refusal:
        waive(by=olu, community=data, **{"commitment": "leads", "reason": "x", "until": today(), **given})
    assert refusal.value.field == field
    assert not Waiver.objects.exists()


def test_it_is_waived_once_at_a_time_and_ended_early(olu, data):
    waiver = waive(by=olu, community=data, commitment="leads", reason="x", until=today() + 9 * DAY)
    with pytest.raises(Refused, match="It is waived until"):
        waive(by=olu, community=data, commitment="leads", reason="y", until=today() + 20 * DAY)
    end_waiver(by=olu, waiver=waiver)
    assert not Waiver.objects.exists()  # begun today, so it never was
    older = Waiver.objects.create(
        community=data, commitment="leads", reason="x", since=today() - 9 * DAY, until=today() + 9 * DAY
    )
    end_waiver(by=olu, waiver=older)
    older.refresh_from_db()
    assert older.until == today() - DAY
    with pytest.raises(Refused, match="ended already"):
        end_waiver(by=olu, waiver=older)
    assert Entry.objects.filter(verb__in=["waived", "waiver_ended"]).count() == 3


def test_the_programme_team_waives_on_the_page_and_leads_read_it(olu, data):
    lead = person("Lee Lead")
    belongs(lead, data, "lead", today() - 9 * DAY)
    typed = {"commitment": "sponsor", "until": (today() + DAY).isoformat(), "reason": "Being asked."}
    page = text(signed_in(olu).post("/communities/data/charter/waivers/new/", typed, follow=True))
    assert "It is waived." in page
    assert "Being asked." in text(signed_in(lead).get("/communities/data/charter/"))
    assert signed_in(lead).get("/communities/data/charter/waivers/new/").status_code == 403
    waiver = Waiver.objects.get()
    signed_in(olu).post(f"/communities/data/charter/waivers/{waiver.pk}/end/")
    assert not Waiver.objects.exists()


def test_a_role_given_again_unchanged_keeps_its_last_day(olu, data):
    lead = person("Lee Lead")
    last = today() + 40 * DAY
    belongs(lead, data, "lead", today() - 9 * DAY, last)
    client, address = signed_in(olu), f"/communities/data/members/{lead.pk}/"
    assert f'value="{last.isoformat()}"' in text(client.get(address))
    typed = {"role": "lead", "since": "", "until": last.isoformat()}
    assert "nothing was changed" in text(client.post(address, typed, follow=True))
    assert Membership.objects.get().until == last
    client.post(address, typed | {"until": (last + 30 * DAY).isoformat()})
    assert Membership.objects.current(today()).get().until == last + 30 * DAY


def test_too_many_leads_are_said_at_once(olu, data):
    for n in range(4):
        belongs(person(f"Lead {n}"), data, "lead", today() - 9 * DAY)
    fifth = person("Fifth Lead")
    page = text(signed_in(olu).post(f"/communities/data/members/{fifth.pk}/", {"role": "lead"}, follow=True))
    assert "There are 5 leads now, and the charter asks for 4 at most." in page
