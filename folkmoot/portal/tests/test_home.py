"""The first page, for a visitor, a newcomer, a member, and those who answer for a community."""

import re
from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client

from folkmoot.calendar.days import today
from folkmoot.charter.models import MeasuredFrom
from folkmoot.communities.models import Community, Invitation, JoinRequest, Membership, Role, StageChange
from folkmoot.core import clock
from folkmoot.events.access import event_for
from folkmoot.events.actions import answer, cancel_event, invite, record_event
from folkmoot.events.coming import coming_up
from folkmoot.events.models import Audience, Event
from folkmoot.meetings.actions import ask_sponsor, give_up_poll, open_poll, say_what_suits
from folkmoot.people.models import Person, Unit

pytestmark = pytest.mark.django_db


def found(name: str, stage: str = "active", **fields: object) -> Community:
    """A community in a stage."""
    since = today() - timedelta(days=400)
    community = Community.objects.create(slug=name.lower(), name=name, since=since, **fields)
    StageChange.objects.create(community=community, stage=stage, since=since)
    return community


def member(of: Community, role: str, person: Person) -> Person:
    """`person`, in a role since yesterday."""
    Membership.objects.create(community=of, person=person, role=role, since=today() - timedelta(days=1))
    return person


def page_of(person: Person) -> str:
    """The first page as `person` sees it."""
    client = Client()
    client.force_login(person)
    return client.get("/").content.decode()


def test_a_visitor_sees_what_this_is_and_the_open_communities():
    found("Gardening")
    found("Secret", is_public=False)
    found("Gone", stage="closed")
    page = Client().get("/").content.decode()
    assert "Gardening" in page
    assert "Secret" not in page
    assert "Gone" not in page


def test_a_newcomer_sees_communities_that_fit_their_unit_first_and_why():
    library = Unit.objects.create(code="L", name="Library")
    found("Aardvarks")
    books = found("Books")
    for n in range(3):
        member(books, "wider", Person.objects.create(ref=f"l{n}", name=f"Librarian {n}", unit=library))
    page = page_of(Person.objects.create(ref="new", name="New Comer", unit=library))
    assert page.index("Books") < page.index("Aardvarks")
    assert "3 colleagues from your unit are members." in page
    assert "One small step" in page


def test_a_newcomer_is_led_to_who_knows_what_they_seek():
    data = found("Data")
    member(data, "core", Person.objects.create(ref="a", name="Ana", skills_offered=["sql"]))
    page = page_of(Person.objects.create(ref="new", name="New", skills_wanted=["sql"]))
    assert "1 member shares a skill with you." in page


def test_the_page_is_not_empty_where_there_is_nothing():
    assert "No community takes members yet." in page_of(Person.objects.create(ref="new", name="New"))


def test_a_lead_sees_what_the_charter_asks_next_and_who_waits():
    data = found("Data")
    lead = member(data, "lead", Person.objects.create(ref="lead", name="Lea Lead"))
    JoinRequest.objects.create(community=data, person=Person.objects.create(ref="x", name="X"))
    page = page_of(lead)
    assert "Appoint another lead" in page
    assert "One person asks to join." in page


def test_a_wider_member_is_not_asked_anything():
    data = found("Data")
    page = page_of(member(data, "wider", Person.objects.create(ref="w", name="Wim Wider")))
    assert "Data" in page
    assert "charter asks" not in page.replace("What the charter asks next", "")
    assert "Appoint" not in page


def test_an_invitation_waits_on_the_first_page():
    data = found("Data", joining="invitation")
    person = Person.objects.create(ref="new", name="New")
    Invitation.objects.create(community=data, person=person)
    page = page_of(person)
    assert "You are invited" in page
    assert "/communities/data/membership/" in page


def test_the_statements_do_not_grow_with_what_one_leads(django_assert_max_num_queries):
    lead = Person.objects.create(ref="lead", name="Lea Lead")
    for n in range(30):
        member(found(f"C{n}"), "lead", lead)
    client = Client()
    client.force_login(lead)
    client.get("/")
    with django_assert_max_num_queries(11):
        client.get("/")


def test_who_has_asked_sees_that_they_have_and_what_came_of_it():
    data = found("Data", joining="request")
    found("Books")
    asking = Person.objects.create(ref="new", name="New Comer")
    request = JoinRequest.objects.create(community=data, person=asking)
    page = page_of(asking)
    assert "You asked to join" in page
    assert "one of the leads will answer." in page
    assert page.count("Data</a>") == 1  # and is not suggested once more
    assert "You do not belong to a community yet" not in page
    request.answer, request.answered_at, request.note = "declined", clock.now(), "We are full."
    request.save()
    assert "The leads have declined: “We are full.”" in page_of(asking)
    request.answered_at = clock.now() - timedelta(days=31)
    request.save()
    assert "We are full." not in page_of(asking)


def test_what_is_not_founded_yet_or_by_invitation_is_not_suggested():
    found("Idea", stage="proposed")
    found("Closed", joining="invitation")
    found("Open")
    page = page_of(Person.objects.create(ref="new", name="New Comer"))
    assert "Open</a>" in page
    assert "Idea</a>" not in page
    assert "Closed</a>" not in page


def event_of(community: Community, by: Person, title: str, ahead: int, **fields: object) -> Event:
    """What `community` holds in so many days."""
    starts = clock.now() + timedelta(days=ahead)
    values = {"kind": "talk", "title": title, "starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    return record_event(by=by, community=community, timezone="Europe/London", **(values | fields))  # type: ignore[arg-type]


def coming(person: Person) -> list[str]:
    """The titles of what is coming up on the first page, in its order."""
    section = page_of(person).partition('aria-labelledby="coming"')[2].partition("</section>")[0]
    return re.findall(r'<strong><a href="/events/[^"]*">([^<]*)</a>', section)


def test_what_one_is_invited_to_comes_first_then_what_comes_up_in_ones_communities():
    data, books, law = found("Data"), found("Books"), found("Law")
    ada = member(data, "lead", Person.objects.create(ref="a", name="Ada"))
    wim = Person.objects.create(ref="w", name="Wim Wider")
    for community in (data, books, law):
        member(community, "wider", wim)
    event_of(data, ada, "Charts", 2)
    event_of(data, ada, "Members", 3, audience="community")
    event_of(data, ada, "Core only", 3, audience="core")
    event_of(data, ada, "Core meeting", 3, kind="core_meeting")
    event_of(data, ada, "Far away", 40)
    event_of(found("Art"), ada, "Elsewhere", 1)
    answer(by=wim, event=event_of(data, ada, "Refused", 1), said="no")
    answer(by=wim, event=event_of(found("Music"), ada, "Concert", 5), said="maybe")
    answer(by=wim, event=event_of(data, ada, "Called off", 1), said="going")
    cancel_event(by=ada, event=Event.objects.get(title="Called off"))
    invite(by=ada, event=event_of(data, ada, "Sums", 9, audience="core"), people=[wim.pk])
    assert coming(wim) == ["Sums", "Charts", "Members", "Concert"]
    page = page_of(wim)
    assert page.count(">I am coming<") == 3  # also to what they are invited to, and is marked so
    assert ">Invited</span>" in page
    assert ">Maybe</span>" in page


def test_what_comes_up_is_for_whoever_it_is_shown_to():
    """Compared with the door: whatever is shown, one may answer."""
    data = found("Data")
    people = {role: member(data, role, Person.objects.create(ref=role, name=role)) for role in Role.values}
    people["nobody"] = Person.objects.create(ref="nobody", name="Nobody")
    for number, kind in enumerate(("talk", "core_meeting", "sponsor_meeting", "social")):
        for audience in Audience.values:
            event_of(data, people["lead"], f"{kind} {audience}", number + 1, kind=kind, audience=audience)
    for role, person in people.items():
        roles = {data.pk: role} if role in Role.values else {}
        shown = {event.pk for event, *_said in coming_up(person.pk, roles, clock.now())}
        meant = [
            event.pk for event in Event.objects.order_by("starts_at", "pk") if event_is_for(person, event.pk)
        ]
        assert shown == set(meant[:5])


def event_is_for(person: Person, event: int) -> bool:
    """Whether the door lets them answer it."""
    try:
        return event_for(person, event).can_answer
    except Http404:
        return False


def test_a_newcomer_and_a_visitor_are_shown_what_is_for_everybody():
    data = found("Data")
    ada = member(data, "lead", Person.objects.create(ref="a", name="Ada"))
    event_of(data, ada, "Charts", 2)
    event_of(data, ada, "Members", 2, audience="community")
    event_of(data, ada, "Core meeting", 2, kind="core_meeting")
    assert coming(Person.objects.create(ref="n", name="New Comer")) == ["Charts"]
    page = Client().get("/").content.decode()
    assert "Charts" in page
    assert "Members</a>" not in page
    assert "Core meeting" not in page


def test_a_poll_waits_for_those_who_are_asked_and_then_for_who_books():
    data = found("Data")
    ada = member(data, "lead", Person.objects.create(ref="a", name="Ada"))
    sam = member(data, "sponsor", Person.objects.create(ref="s", name="Sam"))
    cas = member(data, "lead", Person.objects.create(ref="c", name="Cas"))
    starts = clock.now() + timedelta(days=7)
    times = [(starts, starts + timedelta(hours=1))]
    poll = open_poll(by=ada, community=data, kind="sponsor_meeting", times=times)
    assert f'/polls/{poll.pk}/"' not in page_of(ada)
    for person in (sam, cas):
        assert "Say which of the times suit you, until" in page_of(person)
    say_what_suits(by=sam, poll=poll, suits={poll.slots.get().pk: "no"})
    assert f'/polls/{poll.pk}/"' not in page_of(sam)
    assert "2 of 3 have answered." in page_of(ada)
    give_up_poll(by=ada, poll=poll)
    assert f'/polls/{poll.pk}/"' not in page_of(ada) + page_of(cas)


def test_a_sponsor_is_told_what_is_wanted_of_them_when_they_meet_and_where_it_stands():
    data = found("Data")
    lee = member(data, "lead", Person.objects.create(ref="l", name="Lee Lead"))
    sam = member(data, "sponsor", Person.objects.create(ref="s", name="Sam Sponsor"))
    ask_sponsor(by=lee, community=data, kind="help", text="Open our gathering?")
    page = page_of(sam)
    assert page.index("Open our gathering?") < page.index("What you sponsor")
    assert 'href="/communities/data/briefing/#asks"' in page
    assert "No meeting with the leads is booked." in page
    assert 'href="/communities/data/charter/"' in page
    assert "See to it" not in page
    assert "Appoint another lead" not in page
    meeting = event_of(data, lee, "Sponsor meeting", 20, kind="sponsor_meeting")
    assert f'Next meeting with the leads: <a href="{meeting.get_absolute_url()}">' in page_of(sam)
    assert "Open our gathering?" not in page_of(lee)


def test_what_is_booked_is_no_longer_to_be_seen_to():
    data = found("Data")
    lee = member(data, "lead", Person.objects.create(ref="l", name="Lee Lead"))
    sam = Person.objects.create(ref="s", name="Sam")
    since = today() - timedelta(days=60)
    MeasuredFrom.objects.create(pk=1, day=since)
    Membership.objects.create(community=data, person=sam, role="sponsor", since=since)
    asked = "Data, Sponsor meeting</span></a>"
    booking = event_of(data, lee, "Sponsor meeting", 3, kind="sponsor_meeting")
    page = page_of(lee)
    assert "Meet as booked" in page
    assert f'See to it<span class="visually-hidden">: {asked}' not in page
    assert f'Have a look<span class="visually-hidden">: {asked}' in page
    client = Client()
    client.force_login(lee)
    assert (
        "Meet as booked" not in client.get("/communities/data/").content.decode()
    )  # other things come first
    cancel_event(by=lee, event=booking)
    assert f'See to it<span class="visually-hidden">: {asked}' in page_of(lee)
