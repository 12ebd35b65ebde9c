"""What the pages of events say, to whom, and of whom they are silent."""
# ruff: noqa: F811  - fixtures of another module

import pytest

from folkmoot.communities.models import Community
from folkmoot.events.actions import cancel_event, give_feedback
from folkmoot.events.tests.test_events import _now, client_of, data, hold, people  # noqa: F401
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
