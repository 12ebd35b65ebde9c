"""What the pages of events say, to whom, and of whom they are silent."""
# ruff: noqa: F811  - fixtures of another module

from datetime import timedelta

import pytest
from django.test import Client

from folkmoot.communities.models import Community, StageChange
from folkmoot.events.actions import cancel_event, give_feedback
from folkmoot.events.models import Event, HostRequest
from folkmoot.events.tests.test_events import NOW, _now, client_of, data, hold, people  # noqa: F401
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
ASKED = "Say what you thought"


def test_what_is_to_come_is_changed_and_what_is_over_corrected(people: dict[str, Person], data: Community):
    ada = client_of(people["ada"])
    words = {1: "Change", -1: "Correct"}
    for days, verb in words.items():
        event = hold(people["ada"], data, days=days, title="Maps")
        assert f">{verb} it</a>" in ada.get(event.get_absolute_url()).text
        page = ada.get(f"/events/{event.pk}/edit/").text
        assert f"<h1>{verb} it</h1>" in page
        assert f"<title>{verb} Maps" in page
        assert f"“{verb} it” brings it back." in ada.get(f"/events/{event.pk}/cancellation/").text
        cancel_event(by=people["ada"], event=event)
        assert f">{verb} it</a>" in ada.get(event.get_absolute_url()).text
    draft = hold(people["ada"], data, title="Maps", status="draft")
    assert ">Change it</a>" in ada.get(draft.get_absolute_url()).text
    assert "<h1>Change it</h1>" in ada.get(f"/events/{draft.pk}/edit/").text


def test_who_has_said_what_they_thought_is_not_asked_again(people: dict[str, Person], data: Community):
    talk = hold(people["ada"], data, title="Maps", attended=[people["fay"], people["ada"]])
    pages = {name: client_of(people[name]) for name in ("fay", "ada", "gus")}

    def asked() -> set[str]:
        return {name for name, page in pages.items() if ASKED in page.get(talk.get_absolute_url()).text}

    assert asked() == {"fay", "ada"}
    give_feedback(by=people["fay"], event=talk, useful=3)
    assert asked() == {"ada"}
    give_feedback(by=people["ada"], event=talk, useful=3)
    assert asked() == set()
    assert "What people thought" in pages["ada"].get(talk.get_absolute_url()).text


def test_a_visitor_reads_no_name_of_a_community_that_is_hidden_from_them(
    people: dict[str, Person], data: Community
):
    away = Community.objects.create(slug="away", name="Closed Circle", since=data.since, is_public=False)
    StageChange.objects.create(community=away, stage="active", since=data.since)
    for community, other in ((away, data), (data, away)):
        talk = hold(people["team"], community, days=3, title=f"By {community.slug}", hosts=[other])
    pages = {
        *("/", "/events/", "/events/?view=agenda", "/communities/data/events/"),
        *(each.get_absolute_url() for each in Event.objects.all()),
    }
    visitor, eve = Client(), client_of(people["eve"])
    for page in pages:
        assert "Closed Circle" not in visitor.get(page).text, page
    for page in ("/events/", "/events/?view=agenda", talk.get_absolute_url()):
        assert "Closed Circle" in eve.get(page).text, page
        assert "Data" in visitor.get(page).text, page
    Event.objects.update(kind="core_meeting")
    month = f"/events/?view=month&month={NOW:%Y-%m}"
    assert "<small>Closed Circle</small>" in client_of(people["team"]).get(month).text


def test_the_requests_that_can_be_answered_are_not_hidden_by_those_that_cannot(
    people: dict[str, Person], data: Community
):
    away = Community.objects.create(slug="away", name="Away", since=data.since)
    StageChange.objects.create(community=away, stage="active", since=data.since)
    gone = [
        *(hold(people["team"], away, title=f"Over {n}") for n in range(3)),
        *(hold(people["team"], away, days=3, title=f"Off {n}", status="cancelled") for n in range(3)),
    ]
    coming = [hold(people["team"], away, days=3, title=f"Coming {n}") for n in range(6)]
    for event in (*coming, *gone):
        HostRequest.objects.create(event=event, community=data, by=people["team"])
    asked = client_of(people["ada"]).get("/communities/data/events/").context["asked"]
    assert [each.event.title for each in asked] == [f"Coming {n}" for n in (5, 4, 3, 2, 1)]


def test_a_draft_is_called_one_in_the_month_and_leaves_its_place_to_what_takes_place(
    people: dict[str, Person], data: Community
):
    day = (NOW + timedelta(days=3)).date()
    for n in range(2):
        hold(people["ada"], data, days=3, title=f"Draft {n}", status="draft")
        hold(people["ada"], data, days=4, title=f"Next day's draft {n}", status="draft")
    begins = NOW + timedelta(days=3, hours=5)
    for n in range(2):
        hold(people["ada"], data, title=f"Talk {n}", starts_at=begins, ends_at=begins)
    month = client_of(people["ada"]).get(f"/events/?view=month&month={day:%Y-%m}")
    cells = {cell[0]: cell for week in month.context["weeks"] for cell in week}
    assert [event.title for event in cells[day][2]] == ["Talk 0", "Talk 1", "Draft 0"]
    assert cells[day][3]
    assert month.text.count("<small>Draft</small>") == month.text.count('<li class="draft">') == 3
    off = cells[day][2][0]
    cancel_event(by=people["ada"], event=off)
    page = client_of(people["eve"]).get(f"/events/?view=month&month={day:%Y-%m}").text
    assert (
        f'<li class="cancelled"><a href="{off.get_absolute_url()}">Talk 0</a> <small>Cancelled</small>'
        in page
    )
    assert "Draft" not in page
    agenda = client_of(people["ada"]).get("/events/?view=agenda").context["days"]
    titles = [[row[0].title for row in those] for _day, those, _more in agenda]
    assert titles == [
        ["Draft 0", "Draft 1", "Talk 0", "Talk 1"],
        ["Next day's draft 0", "Next day's draft 1"],
    ]
