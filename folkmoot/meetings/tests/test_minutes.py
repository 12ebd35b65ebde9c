"""Taking minutes: two who write lose nothing; they go to those whose meeting it was, and nobody else."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.communities.models import Community
from folkmoot.core.meanwhile import Changed, marks
from folkmoot.discussions.tests.world import client_of, told
from folkmoot.events.models import Attendance, Event
from folkmoot.meetings.actions import add_item, decide, give_action, publish_minutes, write_minutes
from folkmoot.meetings.models import Action, Decision, Item
from folkmoot.meetings.tests.world import meeting_of
from folkmoot.people.models import Person
from folkmoot.ui.differences import both, difference

db = pytest.mark.django_db
TYPING = {"HX-Request": "true", "HX-Trigger-Name": "text"}


@pytest.fixture
def meeting(people: dict[str, Person], data: Community) -> Event:
    return meeting_of(people, data, ahead=-1)


@pytest.fixture
def item(people: dict[str, Person], meeting: Event) -> Item:
    return add_item(by=people["ada"], event=meeting, title="News")


@db
def test_the_later_of_two_who_write_is_shown_the_difference(people: dict[str, Person], item: Item):
    seen = json.dumps(marks(item, ["text"]))
    here = f"/events/{item.event_id}/minutes/{item.pk}/"
    client_of(people["sam"]).post(here, {"text": "We agreed.", "seen": seen}, headers=TYPING)
    page = client_of(people["ada"]).post(here, {"text": "We quarrelled.", "seen": seen}, headers=TYPING).text
    item.refresh_from_db()
    assert item.text == "We agreed."
    assert "Sam wrote here at the same time." in page
    assert "<del>quarrelled</del><ins>agreed</ins>" in page
    now = re.search(r'name="now" value="([^"]+)"', page)
    assert now
    kept = {"text": "We quarrelled.", "seen": seen, "now": now[1].replace("&quot;", '"'), "keep": "both"}
    client_of(people["ada"]).post(here, kept, headers={"HX-Request": "true"})
    item.refresh_from_db()
    assert item.text == "We agreed.\nWe quarrelled."


@db
def test_without_script_what_was_typed_comes_back(people: dict[str, Person], item: Item):
    seen = json.dumps(marks(item, ["text"]))
    write_minutes(by=people["sam"], item=item, text="Theirs")
    here = f"/events/{item.event_id}/minutes/{item.pk}/"
    answer = client_of(people["ada"]).post(here, {"text": "Mine", "seen": seen, "decision": "We go on."})
    assert answer.status_code == 409
    assert ">Mine</textarea>" in answer.text
    assert 'value="We go on."' in answer.text
    assert not Decision.objects.exists()


@db
def test_who_saw_nothing_first_is_refused_where_something_stands(people: dict[str, Person], item: Item):
    seen = marks(item, ["text"])
    write_minutes(by=people["sam"], item=item, text="Theirs", seen=seen)
    with pytest.raises(Changed):
        write_minutes(by=people["ada"], item=item, text="Mine", seen=seen)


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_keeps_every_line_of_either(theirs: str, mine: str):
    kept = both(theirs, mine).splitlines()
    assert {line for line in (*theirs.splitlines(), *mine.splitlines()) if line} <= set(kept)


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_difference_holds_both_texts_and_no_markup_of_theirs(before: str, after: str):
    found = difference(before, after)
    assert set(re.findall(r"<[^>]*>", found)) <= {"<ins>", "</ins>", "<del>", "</del>"}
    plain = re.sub(r"<del>.*?</del>", "", found, flags=re.DOTALL)
    assert len(re.sub(r"</?ins>", "", plain)) >= len(after)


@db
def test_one_button_saves_text_decision_and_action(people: dict[str, Person], item: Item):
    here = f"/events/{item.event_id}/minutes/{item.pk}/"
    form = {
        "text": "Long talk.", "seen": json.dumps(marks(item, ["text"])), "decision": "We buy it.",
        "action": "Order it", "owner": people["sam"].pk, "due": "2030-05-01",
    }  # fmt: skip
    for _twice in range(2):
        answer = client_of(people["ada"]).post(here, form)
        assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.text, Decision.objects.get().text) == ("Long talk.", "We buy it.")
    action = Action.objects.get()
    assert (action.text, action.owner, str(action.due)) == ("Order it", people["sam"], "2030-05-01")


@db
def test_publishing_says_who_was_there_and_tells_those_whose_meeting_it_was(
    people: dict[str, Person], data: Community, meeting: Event, item: Item
):
    ada = client_of(people["ada"])
    here = f"/events/{meeting.pk}/minutes/"
    there = {"attended": [people["ada"].pk, people["sam"].pk]}
    assert "Nothing is written down yet" in ada.post(here, there, follow=True).text
    write_minutes(by=people["ada"], item=item, text="<script>alert(1)</script>")
    give_action(by=people["ada"], community=data, text="Call", owner=people["sam"], event=meeting)
    assert client_of(people["sam"]).get(here).status_code == 200
    ada.post(here, there)
    assert set(Attendance.objects.values_list("person__ref", flat=True)) == {"ada", "sam"}
    assert told() == {
        "sam": ["The minutes of “Sponsor meeting” are here.", "Ada gave you something to do: “Call”."]
    }
    page = client_of(people["sam"]).get(here).text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert client_of(people["dan"]).get(here).status_code == 403
    assert client_of(people["eve"]).get(here).status_code == 404


@db
def test_published_again_it_tells_nobody_twice(people: dict[str, Person], meeting: Event):
    decide(by=people["ada"], event=meeting, text="Yes")
    publish_minutes(by=people["ada"], event=meeting)
    publish_minutes(by=people["ada"], event=meeting)
    assert told() == {"sam": ["The minutes of “Sponsor meeting” are here."]}
