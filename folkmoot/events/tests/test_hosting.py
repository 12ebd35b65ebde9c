"""Holding an event together by consent, and inviting people to it."""

import json
from datetime import UTC, datetime, timedelta
from threading import Thread
from time import sleep

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar as Ical

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community, Membership
from folkmoot.core.refused import Refused
from folkmoot.discussions.tests.world import TOLD, client_of, community_of, told
from folkmoot.events.access import answer_token
from folkmoot.events.actions import (
    answer,
    answer_host_request,
    ask_host,
    cancel_event,
    change_event,
    invite,
    leave_hosting,
    plan_series,
    record_event,
)
from folkmoot.events.models import Answer, Event, Hosting, HostRequest
from folkmoot.events.saying import say_when
from folkmoot.events.tasks import invite as invite_job
from folkmoot.events.tasks import send_invitation
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
WAITS_FOR_ME = (
    "SELECT bool_or(pg_backend_pid() = ANY (pg_blocking_pids(pid))) FROM pg_locks WHERE NOT granted"
)


@pytest.fixture
def people() -> dict[str, Person]:
    TOLD.clear()
    known = {"created_at": datetime(2024, 1, 8, tzinfo=UTC)}
    return {
        name: Person.objects.create(ref=name, name=name.title(), email=f"{name}@example.org", **known)
        for name in ("ada", "dan", "eve", "fay", "hal")
    }


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    return community_of(people)


@pytest.fixture
def maps(people: dict[str, Person]) -> Community:
    """Hal's."""
    made = Community.objects.create(slug="maps", name="Maps", since="2024-01-08")
    made.stages.create(stage="active", since="2024-01-08")
    Membership.objects.create(community=made, person=people["hal"], role="lead", since="2024-01-08")
    return made


@pytest.fixture
def talk(people: dict[str, Person], data: Community) -> Event:
    return event_of(people, data)


def event_of(people: dict[str, Person], community: Community, kind: str = "talk") -> Event:
    starts = datetime.now(UTC) + timedelta(days=3)
    return record_event(
        by=people["ada"], community=community, kind=kind, title="Charts", starts_at=starts,
        ends_at=starts + timedelta(hours=1), timezone="Europe/London",
    )  # fmt: skip


def hosts(event: Event) -> set[str]:
    return set(event.hosts.values_list("slug", flat=True))


def test_another_community_hosts_once_its_lead_agrees(people, data: Community, maps: Community, talk: Event):
    client_of(people["ada"]).post(f"/events/{talk.pk}/hosts/", {"community": maps.pk})
    assert hosts(talk) == {"data"}
    when = say_when(talk.starts_at, talk.zone)
    assert told()["hal"] == [f"Ada asks whether Maps holds “Charts” ({when}) with them."]
    asked = HostRequest.objects.get()
    here = f"/communities/maps/events/requests/{asked.pk}/"
    assert "Hold it together?" in client_of(people["hal"]).get("/communities/maps/events/").text
    assert client_of(people["ada"]).post(here, {"agree": "1"}).status_code == 403
    client_of(people["hal"]).post(here, {"agree": "1"})
    assert hosts(talk) == {"data", "maps"}
    assert told()["ada"] == [f"Maps holds “Charts” ({when}) with you."]
    assert "Charts" in client_of(people["hal"]).get("/communities/maps/events/").text
    client_of(people["hal"]).post(f"/communities/maps/events/{talk.pk}/removal/")
    assert hosts(talk) == {"data"}


def test_who_declines_does_not_host_and_can_be_asked_again(
    people, data: Community, maps: Community, talk: Event
):
    asked = ask_host(by=people["ada"], event=talk, community=maps)
    answer_host_request(by=people["hal"], asked=asked, agreed=False)
    answer_host_request(by=people["hal"], asked=asked, agreed=True)
    assert hosts(talk) == {"data"}
    with pytest.raises(Refused, match="ask again tomorrow"):
        ask_host(by=people["ada"], event=talk, community=maps)
    HostRequest.objects.update(answered_at=timezone.now() - timedelta(days=2))
    again = ask_host(by=people["ada"], event=talk, community=maps)
    answer_host_request(by=people["hal"], asked=again, agreed=True)
    assert hosts(talk) == {"data", "maps"}
    with pytest.raises(Refused, match="already"):
        ask_host(by=people["ada"], event=talk, community=maps)
    with pytest.raises(Refused, match="plans the event"):
        leave_hosting(by=people["ada"], event=talk, community=data)
    with pytest.raises(Refused, match="one community's own"):
        ask_host(by=people["ada"], event=event_of(people, data, "core_meeting"), community=maps)


def sent() -> dict[str, tuple[str, str]]:
    """{address: (method, PARTSTAT)} of what the jobs send for the last line of the ledger."""
    mail.outbox.clear()
    entry = Entry.objects.filter(verb="event_invited").latest("pk")
    invite_job(entry=entry.pk)
    for event, person in Answer.objects.order_by("pk").values_list("event", "person"):
        send_invitation(event=event, person=person)
    found = {}
    for letter in mail.outbox:
        calendar = Ical.from_ical(letter.attachments[0][1])
        (entry_,) = calendar.walk("VEVENT")
        found[letter.to[0]] = (str(calendar["METHOD"]), entry_["ATTENDEE"].params["PARTSTAT"])
    return found


def test_the_core_is_invited_and_answers_when_it_likes(people, data: Community, talk: Event):
    answer(by=people["dan"], event=talk, said="no")
    page = client_of(people["ada"]).post(f"/events/{talk.pk}/invitations/", {"who": "core"}, follow=True)
    assert "One person is invited." in page.text
    assert dict(Answer.objects.values_list("person__ref", "said")) == {"dan": "no", "ada": "asked"}
    assert sent() == {"ada@example.org": ("REQUEST", "NEEDS-ACTION")}
    assert "You are invited. Are you coming?" in client_of(people["ada"]).get(talk.get_absolute_url()).text
    client_of(people["ada"]).post(f"/events/{talk.pk}/invitations/", {"who": "all"})
    assert sent() == {"eve@example.org": ("REQUEST", "NEEDS-ACTION")}


def test_people_by_name_may_come_to_what_is_not_for_them(people, data: Community):
    meeting = event_of(people, data, "core_meeting")
    here = f"/events/{meeting.pk}/invitations/"
    ada, fay = client_of(people["ada"]), client_of(people["fay"])
    assert fay.get(meeting.get_absolute_url()).status_code == 404
    assert "is nobody of the directory" in ada.post(here, {"who": "named", "names": "Zed"}).text
    assert "Select a valid choice" in ada.post(here, {"who": "all"}).text
    ada.post(here, {"who": "named", "names": "Fay"})
    assert fay.get(meeting.get_absolute_url()).status_code == 200
    assert fay.get(f"/events/{meeting.pk}/agenda/").status_code == 200
    fay.post(f"/events/{meeting.pk}/answer/", {"said": "going"})
    assert Answer.objects.get(person=people["fay"]).said == "going"


def test_nobody_is_invited_to_what_does_not_take_place(people, data: Community, talk: Event):
    Event.objects.update(status="cancelled")
    with pytest.raises(Refused):
        invite(by=people["ada"], event=talk, people=[people["eve"].pk])


def test_consent_that_is_given_while_the_event_is_being_corrected_counts(people, data, maps, talk):
    ada, hal = people["ada"], people["hal"]
    asked = ask_host(by=ada, event=talk, community=maps)
    form = client_of(ada).get(f"/events/{talk.pk}/edit/").context["form"]
    answer_host_request(by=hal, asked=asked, agreed=True)
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    assert client_of(ada).post(f"/events/{talk.pk}/edit/", typed | {"place": "Room 9"}).status_code == 302
    assert hosts(talk) == {"data", "maps"}


def test_a_meeting_stays_one_community_s_own(people, data, maps, talk):
    ada, hal = people["ada"], people["hal"]
    asked = ask_host(by=ada, event=talk, community=maps)
    change_event(by=ada, event=talk, kind="sponsor_meeting")
    with pytest.raises(Refused, match="one community's own"):
        answer_host_request(by=hal, asked=asked, agreed=True)
    page = client_of(hal).post(f"/communities/maps/events/requests/{asked.pk}/", {"agree": "1"}, follow=True)
    assert "one community" in page.text
    change_event(by=ada, event=talk, kind="talk")
    answer_host_request(by=hal, asked=asked, agreed=True)
    with pytest.raises(Refused, match="one community's own"):
        change_event(by=ada, event=talk, kind="core_meeting")
    with pytest.raises(Refused, match="one community's own"):
        record_event(
            by=ada, community=data, kind="sponsor_meeting", starts_at=talk.starts_at, ends_at=talk.ends_at,
            timezone="Europe/London", hosts=[maps],
        )  # fmt: skip


def test_an_invitation_to_a_meeting_is_taken_back(people, data):
    meeting, hal = event_of(people, data, kind="core_meeting"), client_of(people["hal"])
    invite(by=people["ada"], event=meeting, people=[people["hal"].pk])
    invite_job(entry=Entry.objects.latest("id").pk)
    send_invitation(event=meeting.pk, person=people["hal"].pk)
    assert hal.get(meeting.get_absolute_url()).status_code == 200
    ada, answers = client_of(people["ada"]), f"/events/{meeting.pk}/answers/"
    assert "Take it back" in ada.get(answers).text
    mail.outbox.clear()
    ada.post(answers, {"person": people["hal"].ref, "said": "no"})
    assert hal.get(meeting.get_absolute_url()).status_code == 404
    link = reverse("event_answer_by_letter", args=[answer_token(meeting.pk, people["hal"].pk)])
    assert Client().post(link, {"said": "going"}).status_code == 410
    send_invitation(event=meeting.pk, person=people["hal"].pk)
    assert Ical.from_ical(mail.outbox[0].attachments[0][1])["METHOD"] == "CANCEL"


def test_who_says_no_to_an_invitation_may_think_again(people, data):
    meeting, hal = event_of(people, data, kind="core_meeting"), client_of(people["hal"])
    invite(by=people["ada"], event=meeting, people=[people["hal"].pk])
    hal.post(f"/events/{meeting.pk}/answer/", {"said": "no"})
    assert hal.get(meeting.get_absolute_url()).status_code == 200


def three_of(people: dict[str, Person], community: Community) -> list[Event]:
    starts = timezone.now() + timedelta(days=3)
    return plan_series(
        by=people["ada"], community=community, kind="talk", title="Charts", starts_at=starts, every="week",
        ends_at=starts + timedelta(hours=1), timezone="UTC", until=(starts + timedelta(days=14)).date(),
    )  # fmt: skip


def test_a_series_is_held_together_as_a_whole_and_a_draft_is_not_shown_to_who_is_asked(people, data, maps):
    events = three_of(people, data)
    asked = ask_host(by=people["ada"], event=events[1], community=maps)
    assert ask_host(by=people["ada"], event=events[2], community=maps) == asked
    page = client_of(people["hal"]).get(f"/communities/maps/events/requests/{asked.pk}/").text
    assert "with all 3 dates still to come" in page
    answer_host_request(by=people["hal"], asked=asked, agreed=True)
    assert [hosts(event) for event in events] == [{"data", "maps"}] * 3
    draft = event_of(people, data)
    Event.objects.filter(pk=draft.pk).update(status="draft")
    with pytest.raises(Refused, match="a draft still"):
        ask_host(by=people["ada"], event=draft, community=maps)


def test_who_agrees_to_what_was_cancelled_is_told(people, data, maps, talk: Event):
    asked = ask_host(by=people["ada"], event=talk, community=maps)
    cancel_event(by=people["ada"], event=talk)
    with pytest.raises(Refused, match="does not take place"):
        answer_host_request(by=people["hal"], asked=asked, agreed=True)
    assert hosts(talk) == {"data"}


def test_a_community_leaves_what_is_to_come_of_a_series_and_what_is_over_by_itself(people, data, maps):
    events = three_of(people, data)
    asked = ask_host(by=people["ada"], event=events[1], community=maps)
    answer_host_request(by=people["hal"], asked=asked, agreed=True)
    long_ago = timezone.now() - timedelta(days=9)
    Event.objects.filter(pk=events[0].pk).update(starts_at=long_ago, ends_at=long_ago)
    hal, here = client_of(people["hal"]), f"/communities/maps/events/{events[2].pk}/removal/"
    assert f'action="{here}"' in hal.get(f"/events/{events[2].pk}/hosts/").text
    assert "Maps no longer holds these 2 dates." in hal.post(here, follow=True).text
    assert [hosts(event) for event in events] == [{"data", "maps"}, {"data"}, {"data"}]
    assert not HostRequest.objects.exists()
    answer_host_request(
        by=people["hal"], asked=ask_host(by=people["ada"], event=events[1], community=maps), agreed=True
    )
    over = Event.objects.get(pk=events[0].pk)
    assert leave_hosting(by=people["hal"], event=over, community=maps) == 1
    assert [hosts(event) for event in events] == [{"data"}, {"data", "maps"}, {"data", "maps"}]


def test_leads_take_off_their_own_community_and_those_who_plan_it_any_other(people, data, maps, talk: Event):
    ink = community_of({"ada": people["fay"], "dan": people["eve"], "eve": people["dan"]}, slug="ink")
    for community in (maps, ink):
        talk.hostings.create(community=community)
    page, buttons = f"/events/{talk.pk}/hosts/", {}
    for name in ("ada", "hal", "fay"):
        text = client_of(people[name]).get(page).text
        buttons[name] = {
            slug for slug in ("data", "maps", "ink") if f"/communities/{slug}/events/{talk.pk}/" in text
        }
    assert buttons == {"ada": {"maps", "ink"}, "hal": {"maps"}, "fay": {"ink"}}
    removal = f"/communities/ink/events/{talk.pk}/removal/"
    assert client_of(people["hal"]).post(removal).status_code == 403
    assert client_of(people["dan"]).post(removal).status_code == 403
    assert hosts(talk) == {"data", "maps", "ink"}
    assert "Ink no longer holds it." in client_of(people["ada"]).post(removal, follow=True).text
    assert hosts(talk) == {"data", "maps"}


def test_both_hear_of_it_and_the_last_who_holds_what_is_for_members_stays(people, data, maps, talk: Event):
    Hosting.objects.create(event=talk, community=maps)
    Event.objects.filter(pk=talk.pk).update(audience="community")
    leave_hosting(by=people["hal"], event=talk, community=maps)
    (heard,) = told()["ada"]
    assert heard.startswith("Hal took Maps off “Charts” (")
    talk.hostings.all().delete()
    Event.objects.filter(pk=talk.pk).update(community=None)
    Hosting.objects.create(event=talk, community=maps)
    page = client_of(people["hal"]).post(f"/communities/maps/events/{talk.pk}/removal/", follow=True)
    assert "No community holds it, so it is for everybody on the staff." in page.text
    assert hosts(talk) == {"maps"}


@pytest.mark.django_db(transaction=True)
def test_who_agrees_takes_the_dates_in_the_order_of_whoever_changes_them(people, data, maps):
    events = three_of(people, data)
    asked = ask_host(by=people["ada"], event=events[1], community=maps)

    def agree() -> None:
        answer_host_request(by=people["hal"], asked=asked, agreed=True)
        connection.close()

    other = Thread(target=agree)
    with transaction.atomic():
        Event.objects.select_for_update().get(pk=events[0].pk)
        other.start()
        with connection.cursor() as cursor:
            while other.is_alive() and not cursor.execute(WAITS_FOR_ME).fetchone()[0]:
                sleep(0.01)
        Event.objects.select_for_update(nowait=True).get(pk=events[1].pk)
    other.join()
    assert [hosts(event) for event in events] == [{"data", "maps"}] * 3


def test_who_holds_it_too_does_not_take_off_another_by_changing_it(people, data, maps, talk: Event):
    ink = community_of({"ada": people["fay"], "dan": people["eve"], "eve": people["dan"]}, slug="ink")
    for community in (maps, ink):
        talk.hostings.create(community=community)
    page, shown = (
        f"/events/{talk.pk}/edit/",
        {name: typed.pk for name, typed in (("ink", ink), ("maps", maps))},
    )
    for name, offered in (("hal", {"maps"}), ("ada", {"ink"})):
        client = client_of(people[name])
        form = client.get(page).context["form"]
        assert {community.slug for community in form.fields["hosts"].queryset} == offered
        typed = {field.html_name: field.value() for field in form if field.value() not in (None, "")}
        typed |= {
            "seen": "",
            "shown": json.dumps({"attended": [], "hosts": list(shown.values())}),
            "hosts": [],
        }
        assert client.post(page, typed | {"status": "scheduled"}).status_code == 302
        assert hosts(talk) == ({"data", "ink"} if name == "hal" else {"data"})
    assert "Ada took Ink off" in told()["fay"][0]
    assert Entry.objects.filter(verb="host_left").count() == 2
