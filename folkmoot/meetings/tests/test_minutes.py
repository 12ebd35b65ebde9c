"""Taking minutes: two who write lose nothing; they go to those whose meeting it was, and nobody else."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.core.meanwhile import Changed, marks
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import client_of, told
from folkmoot.events.actions import record_attendance
from folkmoot.events.models import Attendance, Event
from folkmoot.meetings.actions import (
    add_item,
    decide,
    give_action,
    publish_minutes,
    remove_item,
    write_minutes,
)
from folkmoot.meetings.models import Action, Decision, Item, Minutes
from folkmoot.meetings.tests.world import meeting_of
from folkmoot.people.models import Person
from folkmoot.ui.differences import both, whose_lines

db = pytest.mark.django_db


@pytest.fixture
def meeting(people: dict[str, Person], data: Community) -> Event:
    return meeting_of(people, data, ahead=-1)


@pytest.fixture
def item(people: dict[str, Person], meeting: Event) -> Item:
    return add_item(by=people["ada"], event=meeting, title="News")


def typed(item: Item, text: str, **more: object) -> dict[str, object]:
    """The page's form with what is typed under one item, opened as the item stands."""
    said = {"text": text, "seen": json.dumps(marks(item, ["text"]))} | more
    return {f"{item.pk}-{name}": value for name, value in said.items()}


def pages_of(item: Item) -> tuple[str, str]:
    """Where the page is, and where a text is saved as one types."""
    return f"/events/{item.event_id}/minutes/edit/", f"/events/{item.event_id}/minutes/{item.pk}/"


@db
def test_the_later_of_two_who_write_is_shown_the_difference(people: dict[str, Person], item: Item):
    page, typing = pages_of(item)
    seen = json.dumps(marks(item, ["text"]))
    client_of(people["sam"]).post(typing, {"text": "News.\nWe agreed.", "seen": seen})
    mine = "News.\nWe quarrelled."
    answer = client_of(people["ada"]).post(typing, {"text": mine, "seen": seen}).text
    item.refresh_from_db()
    assert item.text == "News.\nWe agreed."
    assert "Sam wrote here at the same time." in answer
    lines = re.findall(r'<p class="(both|theirs|mine)">(?:<strong>(.*?)</strong> )?(.*?)</p>', answer)
    assert lines == [
        ("both", "", "News."),
        ("theirs", "Theirs:", "We agreed."),
        ("mine", "Yours:", "We quarrelled."),
    ]
    now = re.search(r'-now" value="([^"]+)"', answer)
    assert now
    kept = typed(item, mine, seen=seen, now=now[1].replace("&quot;", '"'), keep="both")
    client_of(people["ada"]).post(page, kept)
    item.refresh_from_db()
    assert item.text == "News.\nWe agreed.\nWe quarrelled."


@db
def test_what_a_page_sent_before_is_not_in_its_own_way(people: dict[str, Person], item: Item):
    _page, typing = pages_of(item)
    seen = json.dumps(marks(item, ["text"]))
    ada = client_of(people["ada"])
    ada.post(typing, {"text": "We\r\nag", "seen": seen})
    ada.post(typing, {"text": "We\r\nagree", "seen": seen, "sent": "We\r\nag"})  # left before the answer came
    item.refresh_from_db()
    assert item.text == "We\nagree"


@db
def test_one_button_saves_every_item_and_leaves_alone_what_was_not_touched(
    people: dict[str, Person], item: Item
):
    page, _typing = pages_of(item)
    other = add_item(by=people["ada"], event=item.event, title="More")
    opened = typed(item, "") | typed(other, "Mine")
    write_minutes(by=people["sam"], item=item, text="Theirs")
    assert client_of(people["ada"]).post(page, opened | {"at": str(other.pk)}).status_code == 302
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.text, other.text) == ("Theirs", "Mine")


@db
def test_what_could_not_be_saved_comes_back_as_it_was_typed(people: dict[str, Person], item: Item):
    page, _typing = pages_of(item)
    opened = typed(item, "Mine", decision="We go on.") | {"attended": [people["sam"].pk]}
    write_minutes(by=people["sam"], item=item, text="Theirs")
    for here in (page, f"/events/{item.event_id}/minutes/"):
        answer = client_of(people["ada"]).post(here, opened)
        assert answer.status_code == 409
        assert ">Mine</textarea>" in answer.text
        assert 'value="We go on."' in answer.text
    assert not Decision.objects.exists()
    assert not Minutes.objects.exists()


@db
def test_what_was_typed_under_an_item_that_is_gone_is_shown_to_be_copied(
    people: dict[str, Person], item: Item
):
    page, typing = pages_of(item)
    gone = add_item(by=people["ada"], event=item.event, title="Gone")
    opened = typed(item, "Here") | typed(gone, "Not to be lost", decision="We go on.")
    remove_item(by=people["sam"], item=Item.objects.get(pk=gone.pk))
    with pytest.raises(Refused, match="took this off the agenda"):
        write_minutes(by=people["ada"], item=gone, text="More")
    ada = client_of(people["ada"])
    for here in (page, f"/events/{item.event_id}/minutes/"):
        answer = ada.post(here, opened)
        assert answer.status_code == 409
        for said in ("Not to be lost", "We go on.", "Here"):
            assert f">{said}</textarea>" in answer.text
    item.refresh_from_db()
    assert item.text == "Here"
    assert not Minutes.objects.exists()
    assert ada.post(typing, {"text": "Here", "seen": json.dumps(marks(item, ["text"]))}).status_code == 200


@db
def test_ids_that_nobody_has_are_passed_over(people: dict[str, Person], item: Item):
    page, _typing = pages_of(item)
    seen = json.dumps(marks(item, ["text"]))
    write_minutes(by=people["sam"], item=item, text="Theirs")
    form = typed(item, "Mine", seen=seen) | {"attended": ["9" * 5_000, "²", people["sam"].pk]}
    answer = client_of(people["ada"]).post(page, form)
    assert answer.status_code == 409
    assert f'value="{people["sam"].pk}" form="writing"' in answer.text
    assert client_of(people["ada"]).post(page, typed(item, "Mine", seen="[" * 100_000)).status_code == 302


@db
def test_publishing_takes_along_what_stands_on_the_page(people: dict[str, Person], item: Item):
    client_of(people["ada"]).post(
        f"/events/{item.event_id}/minutes/", typed(item, "Long talk.", decision="We buy it.")
    )
    item.refresh_from_db()
    assert (item.text, Decision.objects.get().text) == ("Long talk.", "We buy it.")
    assert Minutes.objects.exists()


@db
def test_minutes_are_prepared_but_not_published_before_the_meeting_begins(
    people: dict[str, Person], data: Community
):
    event = meeting_of(people, data, ahead=1)
    item = add_item(by=people["ada"], event=event, title="News")
    ada, page = client_of(people["ada"]), f"/events/{event.pk}/minutes/"
    assert ada.post(f"{page}edit/", typed(item, "Prepared")).status_code == 302
    assert "once the meeting has begun" in ada.get(f"{page}edit/").text
    assert "The meeting has not begun" in ada.post(page, {}, follow=True).text
    assert not Minutes.objects.exists()


@db
def test_an_action_is_not_due_before_its_meeting(people: dict[str, Person], item: Item):
    page, _typing = pages_of(item)
    early = str(item.event.day - timedelta(days=1))
    answer = client_of(people["ada"]).post(page, typed(item, "Long talk.", action="Order it", due=early))
    assert answer.status_code == 422
    assert "overdue at once" in answer.text
    assert not Action.objects.exists()


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
    lines = list(whose_lines(theirs, mine))
    assert [line for whose, line in lines if whose != "mine"] == theirs.splitlines()
    assert [line for whose, line in lines if whose != "theirs"] == mine.splitlines()


@db
def test_one_button_saves_text_decision_and_action(people: dict[str, Person], item: Item):
    here, _typing = pages_of(item)
    form = typed(
        item, "Long talk.", decision="We buy it.", action="Order it", owner=people["sam"].pk, due="2030-05-01"
    )
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
    ada, page = client_of(people["ada"]), f"/events/{meeting.pk}/minutes/"
    assert "those whose meeting it was are told" in ada.post(page, {}, follow=True).text
    assert "nobody is told of the minutes again" in ada.post(page, {}, follow=True).text
    assert told() == {"sam": ["The minutes of “Sponsor meeting” are here."]}


@db
def test_the_page_costs_the_same_for_one_item_and_for_thirty(
    people: dict[str, Person], item: Item, django_assert_max_num_queries
):
    for number in range(30):
        add_item(by=people["ada"], event=item.event, title=str(number), owner=people["sam"])
    ada, (page, _typing) = client_of(people["ada"]), pages_of(item)
    with django_assert_max_num_queries(12):
        assert ada.get(page).status_code == 200


@db
def test_minutes_that_are_out_are_the_leads_to_correct_and_the_ledger_keeps_both(
    people: dict[str, Person], item: Item
):
    _page, typing = pages_of(item)
    write_minutes(by=people["dan"], item=item, text="As it was")
    publish_minutes(by=people["ada"], event=item.event)
    item.refresh_from_db()
    seen = {"text": "Otherwise", "seen": json.dumps(marks(item, ["text"]))}
    assert client_of(people["dan"]).post(typing, seen).status_code == 403
    assert client_of(people["ada"]).post(typing, seen).status_code == 200
    kept = Entry.objects.get(verb="minutes_changed").data
    assert (kept["was"], kept["text"]) == ("As it was", "Otherwise")


@db
def test_who_checks_in_while_the_minutes_are_written_stays(people: dict[str, Person], item: Item):
    event = item.event
    record_attendance(by=people["ada"], event=event, there=[people["dan"].pk])
    ada, (page, _typing) = client_of(people["ada"]), pages_of(item)
    shown = re.findall(r'name="shown" value="(\d+)"', ada.get(page).text)
    record_attendance(by=people["ada"], event=event, there=[people["eve"].pk])
    form = typed(item, "Said") | {"shown": shown, "attended": [people["ada"].pk]}
    ada.post(f"/events/{event.pk}/minutes/", form)
    assert Minutes.objects.exists()
    assert {each.person for each in event.attendances.all()} == {people["ada"], people["eve"]}


class Sent(HTMLParser):
    """What a browser sends with the form of that id, as it first stands there: (name, value) of its inputs."""

    def __init__(self, form: str, page: str) -> None:
        super().__init__()
        self.form, self.inside, self.fields = form, "", list[tuple[str, str]]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.inside = said.get("id") or "another"
        left_out = said.get("type") in {"checkbox", "radio"} and "checked" not in said
        if tag == "input" and not left_out and said.get("form", self.inside) == self.form:
            self.fields.append((said.get("name") or "", said.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = ""

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.fields if each == name]


@db
def test_who_is_unticked_was_not_there(people: dict[str, Person], item: Item):
    ada, sam, eve = people["ada"], people["sam"], people["eve"]
    event, browser, (page, _typing) = item.event, client_of(ada), pages_of(item)
    decide(by=ada, event=event, text="Yes")
    record_attendance(by=ada, event=event, there=[ada.pk, sam.pk])
    opened = Sent("writing", browser.get(page).text)
    assert sorted(opened.values("shown")) == sorted(opened.values("attended")) == [str(ada.pk), str(sam.pk)]
    record_attendance(by=ada, event=event, there=[eve.pk])
    form = typed(item, "Said", action="Late", due="2000-01-01") | {
        "shown": opened.values("shown"),
        "attended": [ada.pk],
    }
    again = Sent("writing", browser.post(f"/events/{event.pk}/minutes/", form).text)
    assert again.values("shown") == opened.values("shown"), "who came meanwhile was not on the page"
    sent = typed(item, "Said") | {name: again.values(name) for name in ("shown", "attended")}
    browser.post(f"/events/{event.pk}/minutes/", sent)
    assert Minutes.objects.exists()
    assert {each.person for each in event.attendances.all()} == {ada, eve}


@db
def test_who_types_under_what_was_taken_off_hears_so_at_once(people: dict[str, Person], item: Item):
    _page, typing = pages_of(item)
    seen = {"text": "Typed", "seen": json.dumps(marks(item, ["text"]))}
    remove_item(by=people["ada"], item=item)
    answer = client_of(people["ada"]).post(typing, seen)
    assert answer.status_code == 410
    assert "Somebody took this item off the agenda meanwhile." in answer.text
    assert client_of(people["ada"]).get(typing).status_code == 404


@db
def test_given_twice_it_is_to_be_done_once(people: dict[str, Person], data: Community):
    for _twice in range(2):
        give_action(by=people["ada"], community=data, text="Ring the caterer", owner=people["dan"])
    assert Action.objects.count() == 1
