"""A community's overview and its findings: who reads what, on which day, with how many statements."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.communities import actions
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.people.models import Person, Unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OVERVIEW = "/communities/data/"


def person(name: str, **fields) -> Person:
    return Person.objects.create(**({"ref": name.lower().replace(" ", "."), "name": name} | fields))


def signed_in(who: Person) -> Client:
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def data() -> Community:
    since = today() - 1000 * DAY
    made = Community.objects.create(
        slug="data", name="Data", since=since, summary="Numbers for people.\n\nAll of them."
    )
    StageChange.objects.create(community=made, stage="active", since=since)
    return made


@pytest.fixture
def grace(data) -> Person:
    lead = person("Grace Mensah")
    Membership.objects.create(community=data, person=lead, role="lead", since=data.since)
    return lead


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_lead_reads_the_most_pressing_finding_first_and_others_do_not(data, grace):
    page = text(signed_in(grace).get(OVERVIEW))
    assert "the charter asks for at least 2" in page
    assert "and 2 more" in page
    newcomer = text(signed_in(person("Nadia New")).get(OVERVIEW))
    assert "the charter asks" not in newcomer + text(Client().get(OVERVIEW))


def test_the_finding_of_a_lead_who_steps_down_appears_at_once(data, grace):
    ada = person("Ada Adeyemi")
    Membership.objects.create(community=data, person=ada, role="lead", since=data.since)
    Membership.objects.create(community=data, person=person("Dee Sponsor"), role="sponsor", since=data.since)
    assert "the charter asks" not in text(signed_in(grace).get(OVERVIEW))
    signed_in(ada).post(
        reverse("community_membership_end", args=["data"]), {"then": "core", "leads_left": "1"}
    )
    assert "1 lead since" in text(signed_in(grace).get(OVERVIEW))
    assert "1 lead since" in text(signed_in(ada).get(OVERVIEW + "charter/"))


def test_visitors_read_no_names_and_are_told_where_to_sign_in(data, grace):
    actions.join(by=person("Ada Adeyemi"), community=data)
    page = text(Client().get(OVERVIEW))
    assert "Grace" not in page
    assert "Ada" not in page
    assert "One lead." in page
    assert "Sign in to see who" in page
    assert "One person joined." in page


def test_the_purpose_stands_in_full(data, grace):
    page = text(Client().get(OVERVIEW))
    assert page.count("Numbers for people.") == 1
    assert "All of them." in page


def test_what_happened_lately_is_told_by_day_without_those_who_left(data, grace):
    for name in ("Ada Adeyemi", "Ben Okafor", "Cem Kaya", "Dora Lind", "Eve Moss"):
        actions.join(by=person(name), community=data)
    actions.leave(by=Person.objects.get(name="Eve Moss"), community=data)
    later = person("Later Lead")
    actions.appoint_lead(by=grace, community=data, person=later, since=today() + 9 * DAY)
    page = text(signed_in(person("Nadia New")).get(OVERVIEW))
    assert (
        "Dora Lind</strong>, <strong>Cem Kaya</strong>, <strong>Ben Okafor</strong> and one more joined."
        in page
    )
    assert "Later Lead" not in page
    assert "left" not in page.split("Lately")[1].split("</section>")[0]


def test_stages_are_told_in_words_and_unknown_entries_are_passed_over(data, grace):
    olu = person("Olu Bankole", on_programme_team=True)
    actions.change_stage(by=olu, community=data, stage="resting")
    record("stage_changed", by=olu, about=data, community=data, data={"to": "nonsense"})
    record("something_new", by=olu, about=data, community=data)
    assert "The community is now resting." in text(Client().get(OVERVIEW))


def test_a_small_group_is_not_described_further(data, grace):
    assert "Groups under five" in text(Client().get(OVERVIEW))
    for n in range(10):
        kind = "central" if n < 5 else "academic"
        unit = Unit.objects.create(code=str(n), name=f"Unit {n}", stated_kind=kind, kind=kind)
        Membership.objects.create(
            community=data, person=person(f"P {n}", unit=unit), role="wider", since=today()
        )
    page = text(Client().get(OVERVIEW))
    assert "<b>50%</b> academic" in page
    assert "10 people joined in the last seven days" in page


@pytest.mark.parametrize(
    ("who", "most"), [("visitor", 5), ("member", 9), ("lead", 10), ("programme team", 10)]
)
def test_the_overview_costs_a_few_statements_whatever_the_size(data, grace, who, most):
    ada = person("Ada Adeyemi")
    Membership.objects.create(community=data, person=ada, role="wider", since=data.since)
    olu = person("Olu Bankole", on_programme_team=True)
    client = {
        "visitor": Client(),
        "member": signed_in(ada),
        "lead": signed_in(grace),
        "programme team": signed_in(olu),
    }[who]
    counts = []
    for batch in (range(1), range(1, 50)):
        for n in batch:
            unit = Unit.objects.create(code=str(n), name=f"Unit {n}")
            Membership.objects.create(
                community=data,
                person=person(f"P {n}", unit=unit),
                role="lead" if n % 9 == 0 else "core",
                since=today(),
            )
            actions.join(by=person(f"J {n}", unit=unit), community=data)
        with CaptureQueriesContext(connection) as caught:
            text(client.get(OVERVIEW))
        counts.append(sum("demo_demoprogramme" not in query["sql"] for query in caught))
    assert counts[0] == counts[1] <= most


def test_findings_stand_with_status_evidence_and_next_step_for_any_day(data, grace):
    url = OVERVIEW + "charter/"
    page = text(signed_in(grace).get(url))
    assert "Missed" in page
    assert "No sponsor in post" in page
    assert reverse("community_members", args=["data"]) in page
    Membership.objects.create(
        community=data, person=person("Dee Sponsor"), role="sponsor", since=data.since, until=today() - DAY
    )
    then = (today() - 100 * DAY).isoformat()
    assert "Dee Sponsor sponsors it" in text(signed_in(grace).get(url, {"on": then}))
    assert "Nothing is measured on this day" in text(signed_in(grace).get(url, {"on": "1999-01-01"}))
    assert "not a day" in text(signed_in(grace).get(url, {"on": "tomorrow"}))


def test_a_resting_community_is_asked_for_nothing(data, grace):
    StageChange.objects.create(community=data, stage="resting", since=today())
    assert "the charter asks" not in text(signed_in(grace).get(OVERVIEW))
    assert "Waived" in text(signed_in(grace).get(OVERVIEW + "charter/"))


def test_what_was_taken_back_on_its_day_never_was_and_a_renewal_is_no_news(data, grace):
    ada = person("Ada Adeyemi")
    actions.join(by=ada, community=data)
    actions.step_up(by=ada, community=data)
    actions.leave(by=ada, community=data)
    lead = actions.appoint_lead(by=grace, community=data, person=person("Lee Lead"))
    actions.end_membership(by=grace, membership=lead)
    Membership.objects.filter(community=data, person=grace).update(until=today() + 30 * DAY)
    actions.appoint_lead(by=grace, community=data, person=grace)
    lately = text(signed_in(person("Nadia New")).get(OVERVIEW)).split("Lately")[1].split("</section>")[0]
    for said in ("Ada Adeyemi", "Lee Lead", "became a lead"):
        assert said not in lately


def test_a_closed_community_keeps_who_was_there_on_its_last_day(data, grace):
    olu = person("Olu Bankole", on_programme_team=True)
    last = today() - 30 * DAY
    Membership.objects.filter(community=data, person=grace).update(since=last - 100 * DAY, until=last)
    actions.change_stage(by=olu, community=data, stage="closed", on=last)
    page = text(signed_in(olu).get(OVERVIEW))
    assert "Closed; last day" in page
    assert grace.name in page
    assert "1 member" in page
    assert grace.name in text(signed_in(olu).get(f"{OVERVIEW}members/"))
