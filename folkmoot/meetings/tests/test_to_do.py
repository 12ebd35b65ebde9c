"""Actions: given, overdue, done; also by the link in a letter, which only a POST follows."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community
from folkmoot.discussions.tests.world import client_of, told
from folkmoot.meetings.access import action_token
from folkmoot.meetings.actions import change_action, finish_action, give_action, open_poll, reopen_action
from folkmoot.meetings.forms import of_action
from folkmoot.meetings.models import Action
from folkmoot.meetings.tasks import remind
from folkmoot.meetings.tests.world import meeting_of
from folkmoot.notifications.actions import tell
from folkmoot.notifications.inbox import inbox_of
from folkmoot.notifications.mailing import mail_at_once
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


def given_to(
    people: dict[str, Person], community: Community, owner: str = "dan", due: date | None = None
) -> Action:
    return give_action(
        by=people["ada"], community=community, text="Write to them", owner=people[owner], due=due
    )


def test_a_letter_has_the_button_and_only_its_post_does_it(
    client, people: dict[str, Person], data: Community
):
    action = given_to(people, data)
    tell(Entry.objects.get(verb="action_given"))
    mail_at_once(Notice.objects.get(person=people["dan"]).pk)
    letter = mail.outbox[0]
    assert isinstance(letter, EmailMultiAlternatives)
    found = re.search(r"(/actions/done/\S+)", str(letter.body))
    assert found
    assert "It is done" in str(letter.alternatives[0][0])
    assert client.get(found[1]).status_code == 200
    action.refresh_from_db()
    assert action.is_open
    assert "It is done. Thank you." in client.post(found[1]).text
    action.refresh_from_db()
    assert (action.is_open, action.done_by) == (False, people["dan"])
    assert inbox_of(people["dan"].pk) == [], "what is done waits in no inbox"
    assert "It is done. Thank you." in client.get(found[1]).text


def test_letters_have_what_one_has_to_know_to_answer(people: dict[str, Person], data: Community):
    meeting = meeting_of(people, data, ahead=-1)
    due = today() + timedelta(days=14)
    give_action(
        by=people["ada"], community=data, text="Write to them", owner=people["sam"], due=due, event=meeting
    )
    starts = datetime(2030, 5, 7, 9, tzinfo=UTC)
    times = [(starts, starts + timedelta(hours=1))]
    open_poll(by=people["ada"], community=data, kind="sponsor_meeting", times=times, place="Old Hall")
    for verb in ("action_given", "poll_opened"):
        tell(Entry.objects.get(verb=verb))
    mail_at_once(Notice.objects.get(person=people["sam"], kind="action_given").pk)
    text = str(mail.outbox[0].body)
    for fact in (
        "Community: Data",
        "From: Sponsor meeting, ",
        f"By: {due.day} {due:%B}",
        "/actions/\n",
        "Tue 7 May, 10:00–11:00",
        "Where: Old Hall",
        "Answers until: ",
    ):
        assert fact in text


def test_a_link_is_no_more_once_somebody_else_is_to_do_it(client, people: dict[str, Person], data: Community):
    action = given_to(people, data)
    token = action_token(action, people["dan"].pk)
    change_action(by=people["ada"], action=action, text="Write to them", owner=people["sam"], due=None)
    assert client.post(f"/actions/done/{token}/").status_code == 410
    assert client.post(f"/actions/done/{token[:-1]}x/").status_code == 410
    people["sam"].left = today()
    people["sam"].save()
    assert client.get(f"/actions/done/{action_token(action, people['sam'].pk)}/").status_code == 410


def test_what_is_overdue_is_said_the_day_after_and_each_week(people: dict[str, Person], data: Community):
    action = given_to(people, data, due=today())
    Action.objects.update(due=today() - timedelta(days=1))
    given_to(people, data, due=today())
    for _twice in range(2):
        remind()
    assert Entry.objects.filter(verb="action_overdue").count() == 1
    Action.objects.filter(pk=action.pk).update(reminded_on=today() - timedelta(days=7))
    remind()
    assert Entry.objects.filter(verb="action_overdue").count() == 2
    finish_action(by=people["dan"], action=action)
    Action.objects.filter(pk=action.pk).update(reminded_on=None)
    remind()
    assert Entry.objects.filter(verb="action_overdue").count() == 2


def test_whoever_gave_it_hears_that_it_is_done(people: dict[str, Person], data: Community):
    finish_action(by=people["dan"], action=given_to(people, data))
    assert told()["ada"] == ["Dan has done “Write to them”."]


def test_mine_are_mine_and_others_change_only_what_they_answer_for(
    people: dict[str, Person], data: Community
):
    action = given_to(people, data)
    codes = {name: client_of(people[name]).get(f"/actions/{action.pk}/").status_code for name in people}
    assert codes == {"ada": 200, "sam": 200, "dan": 200, "eve": 404, "fay": 404, "olu": 200}
    assert "Write to them" in client_of(people["dan"]).get("/actions/").text
    assert "Write to them" not in client_of(people["ada"]).get("/actions/").text
    other = given_to(people, data, owner="sam")
    assert client_of(people["dan"]).post(f"/actions/{other.pk}/completion/").status_code == 403


def test_what_was_given_among_leads_and_sponsor_stays_among_them(people: dict[str, Person], data: Community):
    sponsors, cores = (
        meeting_of(people, data, kind, ahead=-2) for kind in ("sponsor_meeting", "core_meeting")
    )
    told, kept, shared = (
        give_action(by=people["ada"], community=data, text=text, owner=people[owner], event=event)
        for text, owner, event in (
            ("Tell Dan", "dan", sponsors), ("Talk about Dan", "sam", sponsors), ("Ask around", "ada", cores),
        )
    )  # fmt: skip
    coming = {kind: meeting_of(people, data, kind, ahead=5) for kind in ("sponsor_meeting", "core_meeting")}
    Action.objects.update(at=sponsors.starts_at)
    pages = {
        "/communities/data/": ["ada", "sam", "olu"],
        "/communities/data/actions/": ["ada", "sam", "olu"],
        f"/actions/{kept.pk}/": ["ada", "sam", "olu"],
        f"/events/{coming['sponsor_meeting'].pk}/agenda/": ["ada", "sam", "olu"],
        f"/events/{coming['core_meeting'].pk}/agenda/": [],
    }
    readers = {
        page: [who for who in people if "Talk about Dan" in client_of(people[who]).get(page).text]
        for page in pages
    }
    assert readers == pages
    dan = client_of(people["dan"])
    for page in ("/communities/data/", "/communities/data/actions/"):
        assert "Tell Dan" in dan.get(page).text
        assert "Ask around" in dan.get(page).text
    codes = {action.text: dan.get(f"/actions/{action.pk}/").status_code for action in (told, kept, shared)}
    assert codes == {"Tell Dan": 200, "Talk about Dan": 404, "Ask around": 403}
    finish_action(by=people["sam"], action=kept)
    assert "Talk about Dan" not in dan.get("/communities/data/actions/").text
    assert "Talk about Dan" in client_of(people["ada"]).get("/communities/data/actions/").text


def test_who_changes_an_action_does_not_overwrite_what_another_changed_meanwhile(
    people: dict[str, Person], data: Community
):
    action = given_to(people, data, due=date(2030, 5, 1))
    ada, here = client_of(people["ada"]), f"/actions/{action.pk}/"
    assert 'name="seen"' in ada.get(here).text
    seen = json.dumps(of_action(action)["seen"])
    change_action(
        by=people["sam"], action=action, text="Ring them", owner=people["sam"], due=date(2030, 5, 7)
    )
    form = {"text": "Write to them", "owner": people["dan"].pk, "due": "2030-05-01", "seen": seen}
    answer = ada.post(here, form | {"text": "Write to them soon"})
    assert answer.status_code == 422
    for now in ("Ring them", "Sam", "7 May 2030"):
        assert f"Changed meanwhile, to: “{now}”." in answer.text
    assert 'value="Write to them soon"' in answer.text
    action.refresh_from_db()
    assert (action.text, action.owner, action.due) == ("Ring them", people["sam"], date(2030, 5, 7))


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        ("2020-01-01", "It would be overdue at once: give a day that has not passed."),
        ("9999-12-31", "Check the year: 9999."),
    ],
)
def test_a_day_that_nobody_means_is_said_beside_it_and_what_was_typed_stays(
    people: dict[str, Person], data: Community, due: str, sentence: str
):
    action = given_to(people, data, due=today())
    form = {"text": "Ring them", "owner": people["dan"].pk, "due": due}
    for here in ("/communities/data/actions/", f"/actions/{action.pk}/"):
        answer = client_of(people["ada"]).post(here, form)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'value="Ring them"' in answer.text
    Action.objects.update(due=today() - timedelta(days=1))
    late = form | {"due": (today() - timedelta(days=1)).isoformat()}
    assert client_of(people["ada"]).post(f"/actions/{action.pk}/", late).status_code == 302, (
        "it is so already"
    )


def test_what_is_done_is_not_changed_and_what_was_typed_stays(people: dict[str, Person], data: Community):
    action = given_to(people, data)
    finish_action(by=people["dan"], action=action)
    ada, here = client_of(people["ada"]), f"/actions/{action.pk}/"
    assert "Change it" not in ada.get(here).text
    answer = ada.post(here, {"text": "Write to all of them", "owner": people["dan"].pk, "due": ""})
    assert answer.status_code == 422
    assert "It is done; open it again first." in answer.text
    assert 'value="Write to all of them"' in answer.text


def test_done_and_open_again(people: dict[str, Person], data: Community):
    action = given_to(people, data)
    dan = client_of(people["dan"])
    answer = dan.post(f"/actions/{action.pk}/completion/", {"dropped": "1", "next": "//evil.example/"})
    assert answer["Location"] == "/actions/"
    action.refresh_from_db()
    assert action.is_dropped
    reopen_action(by=people["dan"], action=action)
    action.refresh_from_db()
    assert (action.is_open, action.is_dropped) == (True, False)


def test_lists_cost_the_same_for_one_and_for_fifty(
    people: dict[str, Person], data: Community, django_assert_max_num_queries
):
    dan, ada = client_of(people["dan"]), client_of(people["ada"])
    for _more in range(50):
        Action.objects.create(community=data, text="x", owner=people["dan"])
    with django_assert_max_num_queries(6):
        dan.get("/actions/")
    with django_assert_max_num_queries(9):
        ada.get("/communities/data/actions/")
