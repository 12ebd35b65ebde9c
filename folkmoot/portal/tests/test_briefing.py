"""The sponsor's briefing: one page, on paper, and by a link that opens it and nothing else."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community, Membership
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import client_of, told
from folkmoot.events.actions import cancel_event, change_event
from folkmoot.events.models import Event
from folkmoot.meetings.access import briefing_token
from folkmoot.meetings.actions import (
    answer_ask,
    ask_sponsor,
    decide,
    open_briefing,
    publish_minutes,
    withdraw_briefing,
)
from folkmoot.meetings.models import Action, Ask, BriefingLink
from folkmoot.notifications.actions import tell
from folkmoot.notifications.mailing import mail_at_once
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person
from folkmoot.portal import tasks
from folkmoot.portal.briefing import briefing_of
from folkmoot.portal.paper import _said, breakable
from folkmoot.portal.tests.world import brief, held
from folkmoot.ui.dates import local

pytestmark = pytest.mark.django_db
HERE = "/communities/data/briefing/"


def late(owner: Person, community: Community, text: str) -> None:
    """An action of which the day has passed since it was given."""
    Action.objects.create(community=community, text=text, owner=owner, due=date(2025, 1, 1))


def test_it_says_what_happened_what_comes_and_what_is_wanted(people: dict[str, Person], data: Community):
    last = held(people, data, "sponsor_meeting", -20, attended=[people["ada"], people["sam"]])
    held(people, data, "talk", -30, title="Before that")
    held(people, data, "talk", -10, title="A talk on maps", attended=[people["dan"], people["eve"]])
    held(people, data, "talk", 10, title="A talk to come")
    core = held(people, data, "core_meeting", -5)
    decide(by=people["ada"], event=core, text="We go on.")
    publish_minutes(by=people["ada"], event=core)
    late(people["dan"], data, "Late")
    ask_sponsor(by=people["ada"], community=data, kind="help", text="A room")
    found = briefing_of(data, date.today())
    assert (found.since, found.last) == (last.day, last)
    came = [(each.event.title, each.people) for each in found.gatherings]
    assert came == [("Core meeting", None), ("A talk on maps", 2)]
    assert [event.title for event in found.coming] == ["A talk to come"]
    assert [decision.text for decision in found.decisions] == ["We go on."]
    assert (found.open_actions, [action.text for action in found.overdue]) == (1, ["Late"])
    assert found.points[0] == "Thank the leads for one learning event, with 2 people there."
    assert "One thing is asked of you: settle it, or say when." in found.points
    assert "One action is overdue: what is in the way?" in found.points
    assert found.to_do == "No action was done, one is open, one overdue."
    page = client_of(people["sam"]).get(HERE).text
    for words in ("A talk on maps", "We go on.", "A room", "Late", "A talk to come"):
        assert words in page


def test_only_who_came_to_learning_events_is_counted_and_each_once(
    people: dict[str, Person], data: Community
):
    held(people, data, "sponsor_meeting", -20)
    for day in range(8):
        held(people, data, "talk", -8 - day, title=f"T{day}", attended=[people["dan"], people["eve"]])
    held(people, data, "core_meeting", -5, attended=list(people.values()))
    held(people, data, "social", -4, attended=list(people.values()))
    found = briefing_of(data, date.today())
    assert found.points[0] == "Thank the leads for 8 learning events, with 2 different people there."
    assert (len(found.gatherings), found.gatherings_more) == (6, 4)
    for number in range(9):
        late(people["dan"], data, f"A{number}")
    assert "9 actions are overdue: what is in the way?" in briefing_of(data, date.today()).points


@pytest.mark.parametrize(("number", "more"), [(6, ""), (7, "and one more"), (9, "and 3 more")])
def test_of_what_comes_that_there_is_more_is_said_on_the_page_and_on_paper(
    people: dict[str, Person], data: Community, number: int, more: str
):
    for day in range(number):
        held(people, data, "talk", day + 1, title=f"T{day}")
    page = client_of(people["sam"]).get(HERE).text
    coming = page[page.index('id="coming"') :]
    assert [f"T{day}" in coming for day in range(number)] == [day < 6 for day in range(number)]
    assert re.findall(r"and \w+ more", coming) == [more] * bool(more)
    (_wanted, stands) = _said(briefing_of(data, date.today()))["columns"]
    assert dict(stands)["Coming"][6:] == [more] * bool(more)


def test_who_may_read_it(people: dict[str, Person], data: Community):
    codes = {name: client_of(person).get(HERE).status_code for name, person in people.items()}
    assert codes == {"ada": 200, "sam": 200, "dan": 403, "eve": 403, "fay": 403}
    said = "A briefing is for the sponsor and the leads of its community, and the programme team."
    assert said in client_of(people["dan"]).get(HERE).text


def test_it_is_one_page_of_pdf_whatever_people_write(people: dict[str, Person], data: Community):
    core = held(people, data, "core_meeting", -5)
    for number in range(12):
        words = '#import "x"; $ #[*a*] \\ “quoted” <b> ' * 20 + "x" * 200
        ask_sponsor(by=people["ada"], community=data, kind="help", text=f"{number} {words}")
        decide(by=people["ada"], event=core, text=f"{number} {words}")
    publish_minutes(by=people["ada"], event=core)
    answer = client_of(people["sam"]).get("/communities/data/briefing.pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert re.findall(rb"/Type\s*/Pages\b.*?/Count\s+(\d+)|/Count\s+(\d+)", answer.content, re.DOTALL)[0] in {
        (b"1", b""), (b"", b"1"),
    }  # fmt: skip


def test_a_word_too_long_for_a_column_can_be_broken():
    assert breakable("May we? " + "x" * 30) == "May we? " + "\u200b".join("x" * 30)


def link_in_the_letter(person: Person) -> str:
    for entry in Entry.objects.filter(verb="briefing_ready"):
        tell(entry)
    mail.outbox.clear()
    mail_at_once(Notice.objects.get(person=person, kind="briefing_ready").pk)
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    event = Event.objects.get(kind="sponsor_meeting")
    assert letter.subject == f"Briefing before your meeting on {event.starts:%A %-d %B, %H:%M}, with Data"
    assert "One ask waits for your answer." in str(letter.body)
    return next(word for word in str(letter.body).split() if "/briefings/" in word).split("127.0.0.1:8000")[
        -1
    ]


def test_it_goes_out_two_days_before_and_is_answered_without_signing_in(
    people: dict[str, Person], data: Community
):
    held(people, data, "sponsor_meeting", 1.9)
    asked = ask_sponsor(by=people["ada"], community=data, kind="decision", text="May we?")
    for _twice in range(2):
        brief()
    link = BriefingLink.objects.get()
    assert link.person == people["sam"]
    path = link_in_the_letter(people["sam"])
    visitor = Client()
    page = visitor.get(path)
    assert page.status_code == 200
    assert "May we?" in page.text
    assert page["Referrer-Policy"] == "same-origin"
    visitor.post(path, {"ask": asked.pk, "answer": "yes", "note": "With pleasure"})
    asked.refresh_from_db()
    assert (asked.answer, asked.note, asked.answered_by) == ("yes", "With pleasure", people["sam"])
    assert "Sam answered “May we?”." in told()["ada"]
    assert visitor.get(f"{path}briefing.pdf")["Content-Type"] == "application/pdf"
    for other in ("/communities/data/briefing/", "/communities/data/members/", "/actions/"):
        assert visitor.get(other).status_code == 302


def test_a_link_that_is_no_more_or_is_somebody_else_s_opens_nothing(
    people: dict[str, Person], data: Community
):
    event = held(people, data, "sponsor_meeting", 1)
    brief()
    link = BriefingLink.objects.get()
    path = f"/briefings/{briefing_token(link)}/"
    client_of(people["ada"]).post("/communities/data/briefing/link/", {"withdraw": link.pk})
    assert Client().get(path).status_code == 410
    client_of(people["ada"]).post("/communities/data/briefing/link/")
    again = BriefingLink.objects.get(withdrawn_at=None)
    path = f"/briefings/{briefing_token(again)}/"
    assert Client().get(path).status_code == 200
    Membership.objects.filter(person=people["sam"]).update(until=date(2025, 1, 1))
    assert Client().get(path).status_code == 410
    Membership.objects.filter(person=people["sam"]).update(until=None)
    Membership.objects.filter(person=people["sam"]).update(role="lead")
    assert Client().get(path).status_code == 410
    Membership.objects.filter(person=people["sam"]).update(role="sponsor")
    assert Client().get(path).status_code == 200
    past = datetime.now(UTC) - timedelta(days=8)
    Event.objects.filter(pk=event.pk).update(starts_at=past, ends_at=past)
    assert Client().get(path).status_code == 410
    assert Client().get("/briefings/nonsense/").status_code == 410


def test_a_briefing_follows_its_meeting_and_is_sent_again(people: dict[str, Person], data: Community):
    def sent() -> int:
        return Entry.objects.filter(verb="briefing_ready").count()

    event = held(people, data, "sponsor_meeting", 1)
    brief()
    brief()
    assert sent() == 1
    link = BriefingLink.objects.get()
    later = event.starts_at + timedelta(days=50)
    change_event(by=people["ada"], event=event, starts_at=later, ends_at=later + timedelta(hours=1))
    path = f"/briefings/{briefing_token(link)}/"
    for ahead in (30, 49.5):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=ahead), tick=False):
            brief()
            assert Client().get(path).status_code == 200
    assert sent() == 2
    with time_machine.travel(datetime.now(UTC) + timedelta(days=50), tick=False):
        for _twice in range(2):
            client_of(people["ada"]).post("/communities/data/briefing/link/")
        assert sent() == 3
        assert BriefingLink.objects.count() == 1
        cancel_event(by=people["ada"], event=event)
        assert Client().get(path).status_code == 410


def sent_at(*days: float) -> list[int]:
    """How many were sent in all, so many days from now."""
    found = []
    for ahead in days:
        with time_machine.travel(datetime.now(UTC) + timedelta(days=ahead), tick=False):
            brief()
        found.append(Entry.objects.filter(verb="briefing_ready").count())
    return found


@pytest.mark.parametrize(("days", "sent"), [(7, [1, 1, 2, 2]), (0, [1, 1, 1, 1])])
def test_two_days_before_holds_for_the_day_to_which_a_meeting_is_moved(
    people: dict[str, Person], data: Community, days: int, sent: list[int]
):
    event = held(people, data, "sponsor_meeting", 1.9)
    brief()
    an_hour = timedelta(hours=1 if local(event.starts_at).hour < 12 else -1)  # of the same day
    later = event.starts_at + (timedelta(days=days) or an_hour)
    change_event(by=people["ada"], event=event, starts_at=later, ends_at=later + timedelta(hours=1))
    assert sent_at(0, *(ahead + days for ahead in (-0.2, 0.15, 1.5))) == sent


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_what_a_lead_sent_early_or_withdrew_early_is_not_sent_again(
    people: dict[str, Person], data: Community, is_withdrawn: bool
):
    held(people, data, "sponsor_meeting", 6)
    client_of(people["ada"]).post("/communities/data/briefing/link/")
    if is_withdrawn:
        withdraw_briefing(by=people["ada"], link=BriefingLink.objects.get())
    assert sent_at(3.5, 4.5, 5.5) == [1, 1, 1]


def test_what_was_withdrawn_stays_so_until_the_meeting_is_moved(people: dict[str, Person], data: Community):
    event = held(people, data, "sponsor_meeting", 1.9)
    brief()
    withdraw_briefing(by=people["ada"], link=BriefingLink.objects.get())
    assert sent_at(0, 1) == [1, 1]
    later = event.starts_at + timedelta(days=7)
    change_event(by=people["ada"], event=event, starts_at=later, ends_at=later + timedelta(hours=1))
    assert sent_at(7.5) == [2]


def test_one_that_is_called_off_meanwhile_stops_no_other(people: dict[str, Person], data: Community):
    first, _second = (held(people, data, "sponsor_meeting", days) for days in (1, 1.5))
    tasks.brief.func()
    cancel_event(by=people["ada"], event=first)
    brief()
    assert BriefingLink.objects.get().event != first


def test_nothing_goes_out_for_what_is_called_off(people: dict[str, Person], data: Community):
    cancel_event(by=people["ada"], event=held(people, data, "sponsor_meeting", 1))
    held(people, data, "sponsor_meeting", 3)
    brief()
    assert not BriefingLink.objects.exists()


def test_an_answer_may_change_until_the_meeting_is_over(people: dict[str, Person], data: Community):
    event = held(people, data, "sponsor_meeting", 1)
    asked = ask_sponsor(by=people["ada"], community=data, kind="help", text="A room")
    brief()
    path = f"/briefings/{briefing_token(BriefingLink.objects.get())}/"
    visitor, sam = Client(), client_of(people["sam"])
    visitor.post(path, {"ask": asked.pk, "answer": "later", "note": "Not\r\nsure"})
    assert "As you wished, talk about “A room”" in briefing_of(data, date.today()).points
    page = visitor.get(path).text
    assert "You can change an answer until the meeting on" in page
    sam.post("/communities/data/asks/answer/", {"ask": asked.pk, "answer": "no", "was": "later"})
    asked.refresh_from_db()
    assert (asked.answer, asked.note) == ("no", "")
    assert "As you wished, talk about “A room”" not in briefing_of(data, date.today()).points
    assert "Sam changed the answer to “A room”: look at it again." in told()["ada"]
    assert Entry.objects.get(verb="sponsor_answered_anew").data == {
        "answer": "no", "note": "", "was": {"answer": "later", "note": "Not\nsure"},
    }  # fmt: skip
    Event.objects.filter(pk=event.pk).update(
        starts_at=datetime.now(UTC) - timedelta(hours=2), ends_at=datetime.now(UTC)
    )
    assert "You can change an answer" not in visitor.get(path).text
    with pytest.raises(Refused, match="the answer stays: “No”"):
        answer_ask(by=people["sam"], ask=asked, answer="yes", was="no")


def test_no_answer_is_sent_by_the_enter_key(people: dict[str, Person], data: Community):
    """A form without a field of one line is sent by its buttons alone."""
    ask_sponsor(by=people["ada"], community=data, kind="help", text="A room")
    form = re.search(r'<form class="answer".*?</form>', client_of(people["sam"]).get(HERE).text, re.DOTALL)
    assert form is not None
    assert set(re.findall(r'<input type="(\w+)"', form[0])) == {"hidden"}
    assert '<textarea id="note-' in form[0]


def test_an_ask_is_answered_once_by_those_who_do_not_see_the_answer(
    people: dict[str, Person], data: Community
):
    asked = ask_sponsor(by=people["ada"], community=data, kind="help", text="A room")
    assert ask_sponsor(by=people["ada"], community=data, kind="help", text="A room") == asked
    answer_ask(by=people["sam"], ask=asked, answer="no")
    answer_ask(by=people["sam"], ask=asked, answer="no")
    with pytest.raises(Refused, match="answered already"):
        answer_ask(by=people["sam"], ask=asked, answer="yes")
    client_of(people["ada"]).post(f"/communities/data/asks/{asked.pk}/removal/")
    assert Ask.objects.exists()
    other = ask_sponsor(by=people["ada"], community=data, kind="help", text="Another")
    client_of(people["ada"]).post(f"/communities/data/asks/{other.pk}/removal/")
    assert Ask.objects.count() == 1


def test_only_who_may_ask_sees_how(people: dict[str, Person], data: Community):
    ada, sam = (client_of(people[name]) for name in ("ada", "sam"))
    for words in ("Ask the sponsor", "Sent to the sponsor"):
        assert words in ada.get(HERE).text
        assert words not in sam.get(HERE).text
    assert sam.post(HERE, {"kind": "help", "text": "A room"}).status_code == 403
    assert not Ask.objects.exists()


def test_only_the_sponsor_answers_on_the_page(people: dict[str, Person], data: Community):
    asked = ask_sponsor(by=people["ada"], community=data, kind="help", text="A room")
    form = {"ask": asked.pk, "answer": "yes"}
    assert client_of(people["ada"]).post("/communities/data/asks/answer/", form).status_code == 403
    client_of(people["sam"]).post("/communities/data/asks/answer/", form)
    asked.refresh_from_db()
    assert asked.answer == "yes"


def test_to_send_the_link_the_briefing_is_not_made(
    people: dict[str, Person], data: Community, django_assert_max_num_queries
):
    ada, there = client_of(people["ada"]), f"{HERE}link/"
    with django_assert_max_num_queries(4):
        assert ada.get(there).status_code == 302
    assert "No meeting with the sponsor is booked" in ada.post(there, follow=True).text
    held(people, data, "sponsor_meeting", 1)
    assert "It is on its way to the sponsor." in ada.post(there, follow=True).text
    Membership.objects.filter(role="sponsor").delete()
    answer = ada.post(there, follow=True).text
    assert "It is on its way to the sponsor." not in answer
    assert "This community has no sponsor yet" in answer


def test_what_is_called_off_meanwhile_is_said_to_who_sends_it(
    people: dict[str, Person], data: Community, monkeypatch: pytest.MonkeyPatch
):
    event = held(people, data, "sponsor_meeting", 1)

    def meanwhile(**said: Any) -> BriefingLink:
        cancel_event(by=people["sam"], event=event)
        return open_briefing(**said)

    monkeypatch.setattr("folkmoot.portal.views.briefing.open_briefing", meanwhile)
    answer = client_of(people["ada"]).post(f"{HERE}link/", follow=True)
    assert "This meeting does not take place." in answer.text


def test_it_costs_the_same_whatever_there_is(
    people: dict[str, Person], data: Community, django_assert_max_num_queries
):
    sam = client_of(people["sam"])
    for number in range(30):
        held(people, data, "talk", -number / 2 - 1, title=f"T{number}", attended=[people["dan"]])
        late(people["dan"], data, f"A{number}")
        ask_sponsor(by=people["ada"], community=data, kind="help", text=f"Q{number}")
    with django_assert_max_num_queries(24):
        sam.get(HERE)
