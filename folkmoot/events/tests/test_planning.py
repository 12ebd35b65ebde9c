"""Planning an event like another, and on days on which nobody is there."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from folkmoot.activity.models import Entry
from folkmoot.calendar.models import Calendar, Period
from folkmoot.communities.models import Community
from folkmoot.discussions.tests.world import client_of, community_of
from folkmoot.events.actions import answer, record_event
from folkmoot.events.models import Event
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
NEW = "/communities/data/events/new/"


@pytest.fixture
def people() -> dict[str, Person]:
    return {name: Person.objects.create(ref=name, name=name.title()) for name in ("ada", "dan", "eve", "fay")}


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    return community_of(people)


def talk(people: dict[str, Person], community: Community) -> Event:
    starts = datetime(2025, 6, 10, 11, 30, tzinfo=UTC)
    return record_event(
        by=people["ada"], community=community, kind="workshop", title="Charts by hand", starts_at=starts,
        ends_at=starts + timedelta(hours=2), timezone="Europe/London", place="Room 1", note="A secret",
        attended=[people["dan"]], speakers=[people["eve"]], capacity=12, audience="community",
    )  # fmt: skip


def test_another_one_like_it_is_planned_by_its_day_alone(people: dict[str, Person], data: Community):
    before = talk(people, data)
    ada = client_of(people["ada"])
    assert f"{NEW}?like={before.pk}" in ada.get(before.get_absolute_url()).content.decode()
    form = ada.get(f"{NEW}?like={before.pk}").context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    assert "day" not in typed
    assert (typed["note"], typed.get("attended")) == ("", None)
    day = datetime.now(UTC).date() + timedelta(days=20)
    assert ada.post(f"{NEW}?like={before.pk}", typed | {"day": day}).status_code == 302
    after = Event.objects.exclude(pk=before.pk).get()
    assert (after.title, after.place, after.capacity, after.audience) == (
        "Charts by hand",
        "Room 1",
        12,
        "community",
    )
    assert (after.starts.time(), after.ends.time()) == (before.starts.time(), before.ends.time())
    assert after.ref != before.ref
    assert [speaker.person for speaker in after.speakers.all()] == [people["eve"]]
    assert not after.attendances.exists()


def test_one_of_another_community_is_not_copied(people: dict[str, Person], data: Community):
    other = community_of(people, "other")
    elsewhere = talk(people, other)
    form = client_of(people["ada"]).get(f"{NEW}?like={elsewhere.pk}").context["form"]
    assert form["title"].value() is None
    assert client_of(people["ada"]).get(f"{NEW}?like=nonsense").status_code == 200


def test_a_day_in_a_closure_is_flagged_and_kept(people: dict[str, Person], data: Community):
    day = datetime.now(UTC).date() + timedelta(days=20)
    calendar = Calendar.objects.organisations()
    Period.objects.create(calendar=calendar, name="Winter closure", kind="closure", start=day, end=day)
    ada = client_of(people["ada"])
    typed = {"kind": "talk", "starts": "12:30", "ends": "13:30", "title": "Charts"}
    page = ada.post(NEW, typed | {"day": day}, follow=True).content.decode()
    assert "is in “Winter closure”." in page
    page = ada.post(NEW, typed | {"day": day + timedelta(days=1)}, follow=True).content.decode()
    assert "Mind that" not in page
    assert Event.objects.count() == 2


@pytest.mark.parametrize(("minutes", "shown"), [(-16, False), (-15, True), (30, True), (60, False)])
def test_the_way_into_the_room_stands_out_a_quarter_of_an_hour_before(
    people: dict[str, Person], data: Community, minutes: int, shown: bool
):
    starts = datetime(2026, 6, 10, 11, 30, tzinfo=UTC)
    with time_machine.travel(starts - timedelta(days=1), tick=False) as clock:
        event = record_event(
            by=people["ada"], community=data, kind="talk", title="Charts", starts_at=starts,
            ends_at=starts + timedelta(hours=1), timezone="Europe/London", online_url="https://meet.example/1",
        )  # fmt: skip
        answer(by=people["dan"], event=event, said="going")
        clock.move_to(starts + timedelta(minutes=minutes))
        assert ("It begins:" in client_of(people["dan"]).get(event.get_absolute_url()).text) is shown
        assert "meet.example" not in client_of(people["eve"]).get(event.get_absolute_url()).text
        assert "meet.example" not in Client().get(event.get_absolute_url()).content.decode()


def typed_for(day: int, **more: object) -> dict[str, object]:
    on = datetime.now(UTC).date() + timedelta(days=day)
    return {"kind": "talk", "title": "Maps", "day": on, "starts": "12:30", "ends": "13:30", **more}


def test_drafts_are_published_or_thrown_away_and_members_hear_of_what_is_published(
    people: dict[str, Person], data: Community
):
    ada, drafts = client_of(people["ada"]), "/communities/data/events/drafts/"
    for title in ("Maps", "Charts", "Held"):
        ada.post(NEW, typed_for(-3 if title == "Held" else 20, title=title, draft="1"))
    maps, charts, held = Event.objects.order_by("pk")
    page = ada.get(maps.get_absolute_url()).content.decode()
    assert "This is a draft" in page
    assert client_of(people["dan"]).get(maps.get_absolute_url()).status_code == 404
    assert "3 drafts are not published yet." in ada.get("/communities/data/events/").content.decode()
    done = ada.post(drafts, {"draft": maps.pk}, follow=True)
    assert "It is published." in done.content.decode()
    assert client_of(people["dan"]).get(maps.get_absolute_url()).status_code == 200
    assert Entry.objects.get(verb="event_published").about_id == maps.pk
    ada.post(drafts, {"draft": [held.pk]})
    ada.post(drafts, {"draft": [charts.pk, maps.pk, "x"], "do": "drop"})
    assert list(Event.objects.order_by("pk").values_list("title", "status")) == [
        ("Maps", "scheduled"),
        ("Held", "held"),
    ]
    assert Entry.objects.get(verb="draft_dropped").about_label == "Charts"


def test_drafts_of_another_community_are_out_of_reach(people: dict[str, Person], data: Community):
    maps = community_of(people | {"ada": people["fay"]}, slug="maps")
    client_of(people["fay"]).post("/communities/maps/events/new/", typed_for(20, draft="1"))
    for do in ("publish", "drop"):
        client_of(people["ada"]).post(
            "/communities/data/events/drafts/", {"draft": Event.objects.get().pk, "do": do}
        )
    assert Event.objects.get(community=maps).status == "draft"


def test_another_kind_keeps_what_was_typed(people: dict[str, Person], data: Community):
    page = client_of(people["ada"]).post(
        f"{NEW}?kind=social", typed_for(20, place="Room 7", another="social")
    )
    form = page.context["form"]
    assert not form.is_bound
    assert (form["title"].value(), form["place"].value(), form["kind"].value()) == (
        "Maps",
        "Room 7",
        "social",
    )
    assert f"{form['starts'].value():%H:%M}" == "17:00"
    assert not Event.objects.exists()


def test_whose_meeting_it_is_is_invited_to_it(people: dict[str, Person], data: Community):
    ada = client_of(people["ada"])
    ada.post(NEW, typed_for(20, kind="core_meeting"))
    asked = set(Event.objects.get().answers.values_list("person__name", "said"))
    assert ("Ada", "asked") in asked
    assert {said for _name, said in asked} == {"asked"}
    ada.post(NEW, typed_for(-2, kind="core_meeting"))
    ada.post(NEW, typed_for(21, kind="core_meeting", draft="1"))
    ada.post(NEW, typed_for(22))
    assert Event.objects.filter(answers__isnull=False).distinct().count() == 1
    draft = Event.objects.get(status="draft")
    ada.post("/communities/data/events/drafts/", {"draft": draft.pk})
    assert set(draft.answers.values_list("person__name", flat=True)) == {name for name, _said in asked}


def test_what_is_still_to_come_is_not_said_to_be_held(people: dict[str, Person], data: Community):
    ada = client_of(people["ada"])
    ada.post(NEW, typed_for(20))
    event = Event.objects.get()
    edit = f"/events/{event.pk}/edit/"
    assert "status" not in ada.get(edit).context["form"].fields
    Event.objects.update(status="draft")
    offered = dict(ada.get(edit).context["form"].fields["status"].choices)
    assert set(offered) == {"draft", "scheduled"}


def test_a_meeting_over_midnight_ends_on_the_day_that_is_said(people: dict[str, Person], data: Community):
    ada, new = client_of(people["ada"]), "/communities/data/events/new/"
    typed = {"kind": "social", "day": "2026-06-03", "starts": "22:00", "ends": "01:00"}
    page = ada.post(new, typed).content.decode()
    assert "It ends before it begins. If it goes on past midnight, give its last day too." in page
    ada.post(new, typed | {"last_day": "2026-06-04"})
    event = Event.objects.get()
    assert event.ends_at - event.starts_at == timedelta(hours=3)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"starts": "13:00", "ends": "13:00"}, "It ends when it begins."),
        ({"starts": "13:00", "ends": "12:00"}, "It ends before it begins."),
        ({"day": "0026-11-30"}, "Check the year: 26."),
        ({"day": "9999-12-31"}, "Check the year: 9999."),
        ({"day": "2026-03-29", "starts": "01:30"}, "The clocks skip this hour on that day."),
        ({"day": "2026-03-29", "starts": "00:30", "ends": "01:30"}, "The clocks skip this hour on that day."),
        ({"day": "2027-02-29"}, "Enter a valid date."),
    ],
)
def test_a_day_or_an_hour_that_cannot_be_gets_a_sentence(
    people: dict[str, Person], data: Community, typed: dict[str, str], sentence: str
):
    whole = {"kind": "talk", "title": "Kept", "day": "2026-06-03", "starts": "12:30", "ends": "13:30"} | typed
    page = client_of(people["ada"]).post("/communities/data/events/new/", whole).content.decode()
    assert sentence in page
    assert 'value="Kept"' in page
    assert not Event.objects.exists()


def test_on_a_leap_day_and_in_the_doubled_hour_it_is_as_it_was_typed(
    people: dict[str, Person], data: Community
):
    ada = client_of(people["ada"])
    for day, starts, ends in (("2028-02-29", "12:30", "13:30"), ("2026-10-25", "01:30", "02:30")):
        ada.post(
            "/communities/data/events/new/", {"kind": "talk", "day": day, "starts": starts, "ends": ends}
        )
        event = Event.objects.latest("pk")
        assert f"{event.starts:%Y-%m-%d %H:%M}–{event.ends:%H:%M}" == f"{day} {starts}–{ends}"


def test_the_programme_team_plans_an_event_of_the_programme_itself(
    people: dict[str, Person], data: Community
):
    assert client_of(people["ada"]).get("/events/new/").status_code == 403
    people["fay"].on_programme_team = True
    people["fay"].save()
    fay = client_of(people["fay"])
    assert "/events/new/" in fay.get("/events/").content.decode()
    page = fay.get("/events/new/")
    assert "core_meeting" not in dict(page.context["form"].fields["kind"].choices)
    fay.post("/events/new/", typed_for(20, title="The gathering", hosts=[data.pk]))
    event = Event.objects.get()
    assert (event.title, event.community, list(event.hosts.all())) == ("The gathering", None, [data])
    assert client_of(people["eve"]).get(event.get_absolute_url()).status_code == 200
    day = datetime.now(UTC).date()
    weekly = {"every": "week", "until": day + timedelta(days=50)}
    fay.post("/events/new/", typed_for(20, title="Weekly", **weekly))
    assert Event.objects.filter(title="Weekly", community=None).count() > 2
