"""Making an agenda: who may, in which order, and what members suggest."""

import json
import re
from datetime import timedelta

import pytest

from folkmoot.communities.models import Community
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import client_of, told
from folkmoot.events.models import Event
from folkmoot.meetings.actions import (
    add_item,
    begin_usual_agenda,
    change_item,
    give_action,
    move_item,
    order_items,
    remove_item,
    suggest_item,
    take_item,
    write_minutes,
)
from folkmoot.meetings.forms import of_item
from folkmoot.meetings.models import Action, Item
from folkmoot.meetings.tests.world import meeting_of
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(people: dict[str, Person], data: Community) -> Event:
    return meeting_of(people, data, "core_meeting")


def titles(event: Event) -> list[str]:
    return list(Item.objects.filter(event=event).agenda().values_list("title", flat=True))


def test_leads_begin_with_the_usual_agenda_once(people: dict[str, Person], meeting: Event):
    ada = client_of(people["ada"])
    for _twice in range(2):
        ada.post(f"/events/{meeting.pk}/agenda/", {"usual": "1"})
    assert titles(meeting)[-1] == "Anything else"
    assert len(titles(meeting)) == 4


def test_the_usual_agenda_goes_beside_what_members_suggest(people: dict[str, Person], meeting: Event):
    suggest_item(by=people["dan"], event=meeting, title="A shared price list")
    client_of(people["ada"]).post(f"/events/{meeting.pk}/agenda/", {"usual": "1"})
    assert len(titles(meeting)) == 4
    begin_usual_agenda(by=people["sam"], event=meeting)
    assert len(titles(meeting)) == 4


def test_a_core_member_suggests_and_a_lead_takes_it_in(people: dict[str, Person], meeting: Event):
    here = f"/events/{meeting.pk}/agenda/"
    client_of(people["dan"]).post(here, {"title": "A shared price list", "minutes": "10"})
    assert titles(meeting) == []
    assert told()["ada"] == ["Dan suggests something to speak of at “Core meeting”."]
    suggested = Item.objects.get()
    assert client_of(people["dan"]).post(f"{here}{suggested.pk}/acceptance/").status_code == 403
    client_of(people["ada"]).post(f"{here}{suggested.pk}/acceptance/")
    assert titles(meeting) == ["A shared price list"]


def test_who_does_not_belong_sees_no_agenda(people: dict[str, Person], meeting: Event):
    answers = {
        name: client_of(people[name]).get(f"/events/{meeting.pk}/agenda/").status_code for name in people
    }
    assert answers == {"ada": 200, "sam": 200, "dan": 200, "eve": 404, "fay": 404, "olu": 200}


def test_the_order_is_changed_by_buttons_and_by_dragging(people: dict[str, Person], meeting: Event):
    a, b, c = (add_item(by=people["ada"], event=meeting, title=title) for title in "abc")
    move_item(by=people["ada"], item=c, up=True)
    assert titles(meeting) == ["a", "c", "b"]
    move_item(by=people["ada"], item=a, up=True)
    move_item(by=people["ada"], item=b, up=False)
    assert titles(meeting) == ["a", "c", "b"]
    order_items(by=people["ada"], event=meeting, order=[b.pk, 987_654, b.pk])
    assert titles(meeting) == ["b", "a", "c"]


def test_what_something_was_written_under_is_not_removed(people: dict[str, Person], meeting: Event):
    item = add_item(by=people["ada"], event=meeting, title="News")
    write_minutes(by=people["dan"], item=item, text="All well.")
    with pytest.raises(Refused, match="written under it"):
        remove_item(by=people["ada"], item=item)
    write_minutes(by=people["dan"], item=item, text="")
    remove_item(by=people["ada"], item=item)
    assert titles(meeting) == []


def test_who_changes_an_item_does_not_overwrite_what_another_changed_meanwhile(
    people: dict[str, Person], meeting: Event
):
    item = add_item(by=people["ada"], event=meeting, title="News", owner=people["dan"], minutes=10)
    ada, here = client_of(people["ada"]), f"/events/{meeting.pk}/agenda/{item.pk}/"
    opened = ada.get(here).text
    assert 'name="seen"' in opened
    form = {
        "title": "News",
        "owner": people["dan"].pk,
        "minutes": "10",
        "seen": json.dumps(of_item(item)["seen"]),
    }
    change_item(by=people["sam"], item=item, title="News", owner=people["sam"], minutes=25)
    answer = ada.post(here, form | {"title": "All the news", "minutes": "15"})
    assert answer.status_code == 422
    assert "Changed meanwhile, to: “25”." in answer.text
    assert "Changed meanwhile, to: “Sam”." in answer.text
    assert 'value="All the news"' in answer.text
    item.refresh_from_db()
    assert (item.title, item.owner, item.minutes) == ("News", people["sam"], 25)
    again = form | {"title": "All the news", "seen": answer.context["form"].data["seen"]}
    assert ada.post(here, again).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.owner, item.minutes) == ("All the news", people["dan"], 10)


def test_what_was_taken_off_is_neither_changed_nor_taken_in(people: dict[str, Person], meeting: Event):
    item = suggest_item(by=people["dan"], event=meeting, title="News")
    remove_item(by=people["sam"], item=Item.objects.get())
    with pytest.raises(Refused, match="took this off the agenda"):
        change_item(by=people["ada"], item=item, title="More", owner=None, minutes=None)
    with pytest.raises(Refused, match="took this off the agenda"):
        take_item(by=people["ada"], item=item)


def test_a_talk_has_no_agenda(people: dict[str, Person], data: Community):
    talk = meeting_of(people, data, "talk")
    assert client_of(people["ada"]).get(f"/events/{talk.pk}/agenda/").status_code == 404


def test_more_minutes_than_the_meeting_has_are_said(people: dict[str, Person], meeting: Event):
    ada, here = client_of(people["ada"]), f"/events/{meeting.pk}/agenda/"
    add_item(by=people["ada"], event=meeting, title="News", minutes=45)
    assert "45 of 60 minutes" in ada.get(here).text
    add_item(by=people["ada"], event=meeting, title="More", minutes=30)
    page = ada.get(here).text
    assert "75 of 60 minutes" in page
    assert "15 minutes more than the meeting has" in page


def test_the_focus_stays_on_what_is_moved(people: dict[str, Person], meeting: Event):
    a, _b, c = (add_item(by=people["ada"], event=meeting, title=title) for title in "abc")
    ada = client_of(people["ada"])

    def moved(item: Item, direction: str) -> str:
        there = f"/events/{meeting.pk}/agenda/{item.pk}/place/"
        return ada.post(there, {"direction": direction})["Location"].partition("#")[2]

    assert moved(c, "up") == f"up-{c.pk}"
    assert moved(c, "up") == f"down-{c.pk}"
    assert moved(a, "down") == f"up-{a.pk}"
    assert titles(meeting) == ["c", "b", "a"]
    assert f'id="up-{a.pk}"' in ada.get(f"/events/{meeting.pk}/agenda/").text


def test_a_meeting_that_is_over_takes_no_suggestion_and_knows_nothing_of_later(
    people: dict[str, Person], data: Community
):
    over = meeting_of(people, data, "core_meeting", ahead=-10)
    before, since, long_done, _later = (
        give_action(by=people["ada"], community=data, owner=people["dan"], text=text)
        for text in ("From before", "Done since", "Done long before", "From later")
    )
    began = over.starts_at
    Action.objects.filter(pk__in=[before.pk, since.pk, long_done.pk]).update(at=began - timedelta(days=9))
    Action.objects.filter(pk=since.pk).update(done_at=began + timedelta(days=1))
    Action.objects.filter(pk=long_done.pk).update(done_at=began - timedelta(days=1))
    here = f"/events/{over.pk}/agenda/"
    page = client_of(people["dan"]).get(here).text
    assert "No agenda was written for it." in page
    assert "Suggest" not in page
    assert "From before" in page
    assert re.search(r"Done since.*?· done", page, re.DOTALL)
    assert "From later" not in page
    assert "Done long before" not in page
    answer = client_of(people["dan"]).post(here, {"title": "Too late"})
    assert "suggest it for the next one" in answer.text
    assert not Item.objects.exists()
    assert (
        "Nothing was written down at this meeting so far."
        in client_of(people["dan"]).get(f"/events/{over.pk}/minutes/").text
    )
