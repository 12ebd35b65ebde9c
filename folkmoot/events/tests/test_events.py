"""Events: recording, correcting and cancelling them; who sees which; the pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from folkmoot.activity.models import Entry
from folkmoot.charter.models import MeasuredFrom
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.core.meanwhile import Changed, marks
from folkmoot.core.refused import Refused
from folkmoot.events.access import event_for, visible_to
from folkmoot.events.actions import cancel_event, change_event, record_event
from folkmoot.events.models import Event, Hosting, Status
from folkmoot.health.measuring import measure
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
TODAY = NOW.date()
CAST = {"ada": "lead", "ben": "lead", "cleo": "sponsor", "dan": "core", "eve": "wider", "fay": "", "gus": ""}


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people() -> dict[str, Person]:
    found = {
        name: Person.objects.create(ref=name, name=name.title(), email=f"{name}@uni.example") for name in CAST
    }
    found["team"] = Person.objects.create(ref="t", name="Tea Team", on_programme_team=True)
    return found


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    """A community with two leads, a sponsor, a core and a wider member."""
    community = Community.objects.create(slug="data", name="Data", since=date(2024, 1, 8))
    StageChange.objects.create(community=community, stage="active", since=community.since)
    for name, role in CAST.items():
        if role:
            Membership.objects.create(
                community=community, person=people[name], role=role, since=community.since
            )
    return community


def hold(
    by: Person, community: Community | None, kind: str = "talk", days: int = -1, **fields: object
) -> Event:
    starts = NOW + timedelta(days=days)
    times = {"starts_at": starts, "ends_at": starts + timedelta(hours=1), "timezone": "Europe/London"}
    return record_event(by=by, community=community, kind=kind, **{**times, **fields})  # type: ignore[arg-type]


def test_a_day_gone_by_is_held_and_one_to_come_is_planned(people: dict[str, Person], data: Community):
    held = hold(people["ada"], data, "core_meeting", attended=[people["dan"]])
    planned = hold(people["ada"], data, days=3, title="Data and you", speakers=[people["eve"], "A Guest"])
    assert (held.status, held.title) == (Status.HELD, "Core meeting")
    assert planned.status == Status.SCHEDULED
    assert [each.name or str(each.person) for each in planned.speakers.all()] == ["Eve", "A Guest"]
    assert list(data.events.order_by("pk")) == [held, planned]
    line = Entry.objects.get(verb="event_recorded", about_id=held.pk)
    assert line.data["attended"] == [people["dan"].pk]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends_at": NOW - timedelta(days=2)}, "It ends before it begins."),
        ({"ends_at": NOW + timedelta(days=400)}, "more than a year"),
        ({"timezone": "Mars/Olympus"}, "no time zone"),
        ({"timezone": "../../etc/passwd"}, "no time zone"),
        ({"online_url": "javascript:alert(1)"}, "valid URL"),
        ({"title": "x" * 301}, "at most 300"),
    ],
)
def test_what_no_page_could_show_is_refused(
    people: dict[str, Person], data: Community, fields: dict[str, Any], sentence: str
):
    with pytest.raises(Refused, match=sentence):
        hold(people["ada"], data, **fields)
    assert not Event.objects.exists()


def test_a_correction_keeps_both_in_the_ledger(people: dict[str, Person], data: Community):
    event = hold(people["ada"], data, "sponsor_meeting", attended=[people["ada"]])
    moved = event.starts_at - timedelta(days=2)
    change_event(
        by=people["cleo"], event=event, starts_at=moved, ends_at=moved + timedelta(hours=1),
        attended=[people["ada"], people["cleo"]],
    )  # fmt: skip
    line = Entry.objects.get(verb="event_corrected")
    assert line.by_label == "Cleo"
    assert line.data["was"]["starts_at"] == event.starts_at.isoformat()
    assert line.data["starts_at"] == moved.isoformat()
    assert line.data["was"]["attended"] == [people["ada"].pk]
    change_event(by=people["ada"], event=event, title=event.title)
    assert Entry.objects.filter(verb="event_corrected").count() == 1  # nothing changed, nothing to tell


def test_of_two_who_correct_at_once_the_second_sees_what_the_first_wrote(
    people: dict[str, Person], data: Community
):
    event = hold(people["ada"], data, title="One")
    seen = marks(event, ["title"])
    change_event(by=people["ada"], event=event, seen=seen, title="Two")
    with pytest.raises(Changed):
        change_event(by=people["ben"], event=event, seen=seen, title="Three")


def test_a_cancelled_event_stays_on_record_and_can_be_brought_back(
    people: dict[str, Person], data: Community
):
    event = hold(people["ada"], data)
    cancel_event(by=people["ada"], event=event)
    cancel_event(by=people["ada"], event=event)
    assert Event.objects.get().status == Status.CANCELLED
    assert Entry.objects.filter(verb="event_cancelled").count() == 1
    change_event(by=people["ada"], event=event, status="held")
    assert Event.objects.get().status == Status.HELD


def seen_by(who: object) -> set[str]:
    return set(visible_to(who, TODAY).values_list("title", flat=True))  # type: ignore[arg-type]


def test_who_sees_which_event(people: dict[str, Person], data: Community, settings):
    hold(people["ada"], data, title="talk")
    hold(people["ada"], data, title="draft", status="draft")
    hold(people["ada"], data, "core_meeting", title="core")
    hold(people["ada"], data, "sponsor_meeting", title="sponsor")
    hold(people["team"], None, title="of the programme")
    everybody, meetings = {"talk", "of the programme"}, {"core", "sponsor"}
    assert seen_by(AnonymousUser()) == everybody
    assert seen_by(people["fay"]) == seen_by(people["eve"]) == everybody
    assert seen_by(people["dan"]) == everybody | meetings
    for name in ("ada", "cleo", "team"):
        assert seen_by(people[name]) == everybody | meetings | {"draft"}
    Community.objects.update(is_public=False)
    assert seen_by(AnonymousUser()) == {"of the programme"}
    settings.FOLKMOOT_PUBLIC = False
    assert seen_by(AnonymousUser()) == set()


def test_who_may_correct_it_and_who_sees_who_was_there(people: dict[str, Person], data: Community):
    event = hold(people["ada"], data)
    may = {name: event_for(person, event.pk) for name, person in people.items()}
    assert {name for name, standing in may.items() if standing.can_record} == {"ada", "ben", "cleo", "team"}
    readers = {name for name, standing in may.items() if standing.can_see_attendance}
    assert readers == {"ada", "ben", "cleo", "dan", "team"}
    hidden = hold(people["ada"], data, "sponsor_meeting")
    with pytest.raises(Http404):
        event_for(people["eve"], hidden.pk)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_lead_records_last_week_s_sponsor_meeting_and_the_finding_turns(
    people: dict[str, Person], data: Community
):
    MeasuredFrom.objects.create(pk=1, day=date(2026, 4, 1))

    def finding() -> tuple[str, date | None]:
        found = measure(TODAY)[0].finding("sponsor_meeting")
        return str(found.status), found.since

    assert finding() == ("missed", date(2026, 5, 14))
    client = client_of(people["ada"])
    page = client.get("/communities/data/events/new/?kind=sponsor_meeting")
    form = page.context["form"]
    assert {person.pk for person in form.fields["attended"].queryset} == {
        people[n].pk for n in ("ada", "ben", "cleo")
    }
    typed = {
        "kind": "sponsor_meeting", "day": "2026-06-03", "starts": "10:00", "ends": "10:45", "note": "Money is found.",
        "attended": [str(people["ada"].pk), str(people["cleo"].pk)],
    }  # fmt: skip
    answer = client.post("/communities/data/events/new/", typed, follow=True)
    assert "It is on record." in answer.content.decode()
    assert "Money is found." in answer.content.decode()
    assert finding() == ("met", date(2026, 6, 3))
    event = Event.objects.get()
    assert event.starts_at == datetime(2026, 6, 3, 9, tzinfo=UTC)  # summer time
    assert event.attendances.count() == 2


def test_what_was_typed_comes_back_with_the_error_beside_it(people: dict[str, Person], data: Community):
    typed = {
        "kind": "talk", "day": "2026-06-03", "starts": "10:00", "ends": "10:45", "title": "Kept",
        "others": "fay@uni.example\nNobody At All",
    }  # fmt: skip
    page = client_of(people["ada"]).post("/communities/data/events/new/", typed).content.decode()
    assert "“Nobody At All” is nobody of the directory" in page
    assert 'value="Kept"' in page
    assert not Event.objects.exists()
    typed["others"] = "fay@uni.example\nGus"
    client_of(people["ada"]).post("/communities/data/events/new/", typed)
    assert {each.person.name for each in Event.objects.get().attendances.all()} == {"Fay", "Gus"}


def test_a_correction_on_the_page_shows_what_is_kept(people: dict[str, Person], data: Community):
    event = hold(
        people["ada"], data, title="One", speakers=[people["eve"], "A Guest"], attended=[people["fay"]]
    )
    client = client_of(people["cleo"])
    page = client.get(f"/events/{event.pk}/edit/")
    assert page.context["form"].initial["speakers"] == "Eve (eve)\nA Guest"
    form = page.context["form"]
    typed = {name: value for name, value in form.initial.items() if value and name not in {"seen", "shown"}}
    typed |= {"title": "Two", "starts": "09:00", "ends": "10:00", "attended": [str(people["fay"].pk)]}
    client.post(f"/events/{event.pk}/edit/", typed)
    event.refresh_from_db()
    assert event.title == "Two"
    assert [each.name or str(each.person) for each in event.speakers.all()] == ["Eve", "A Guest"]


def test_a_lead_may_hold_it_with_a_community_they_lead_too_and_with_no_other(
    people: dict[str, Person], data: Community
):
    mine = Community.objects.create(slug="mine", name="Mine", since=date(2024, 1, 8))
    theirs = Community.objects.create(slug="theirs", name="Theirs", since=date(2024, 1, 8))
    for each in (mine, theirs):
        StageChange.objects.create(community=each, stage="active", since=each.since)
    Membership.objects.create(community=mine, person=people["ada"], role="lead", since=mine.since)
    client = client_of(people["ada"])
    typed = {
        "kind": "talk",
        "day": "2026-06-03",
        "starts": "10:00",
        "ends": "11:00",
        "hosts": [str(theirs.pk)],
    }
    client.post("/communities/data/events/new/", typed)
    assert not Event.objects.exists()
    client.post("/communities/data/events/new/", typed | {"hosts": [str(mine.pk)]})
    assert {host.slug for host in Event.objects.get().hosts.all()} == {"data", "mine"}


def test_the_doors_of_recording(people: dict[str, Person], data: Community):
    event = hold(people["ada"], data)
    for name, status in (("eve", 403), ("fay", 403), ("dan", 403), ("cleo", 200), ("team", 200)):
        client = client_of(people[name])
        for address in ("/communities/data/events/new/", f"/events/{event.pk}/edit/"):
            assert client.get(address).status_code == status, (name, address)
    assert Client().get(f"/events/{event.pk}/edit/").status_code == 302


def test_another_slug_leads_to_the_right_one_and_a_title_without_letters_has_one(
    people: dict[str, Person], data: Community
):
    event = hold(people["ada"], data, title="???")
    answer = Client().get(f"/events/{event.pk}-anything/")
    assert (answer.status_code, answer["Location"]) == (302, f"/events/{event.pk}-event/")


def test_lists_cost_as_many_statements_for_fifty_as_for_one(people: dict[str, Person], data: Community):
    client = client_of(people["team"])
    counts: dict[str, set[int]] = {}
    for number in (1, 49):
        made = Event.objects.bulk_create(
            Event(
                ref=f"e{number}-{n}", kind="talk", title="T", community=data, starts_at=NOW + timedelta(days=n % 9),
                ends_at=NOW + timedelta(days=n % 9, hours=1), timezone="Europe/London",
            )
            for n in range(number)
        )  # fmt: skip
        Hosting.objects.bulk_create(Hosting(event=event, community=data) for event in made)
        for address in (
            "/events/",
            "/events/?view=month&month=2026-06",
            "/communities/data/events/",
            "/communities/data/",
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts.setdefault(address, set()).add(len(asked))
    assert all(len(each) == 1 and max(each) <= 10 for each in counts.values()), counts


def test_the_past_pages_by_key_and_narrows_by_kind_and_mine(people: dict[str, Person], data: Community):
    other = Community.objects.create(slug="other", name="Other", since=date(2024, 1, 8))
    StageChange.objects.create(community=other, stage="active", since=other.since)
    for n in range(60):
        hold(
            people["team"],
            data if n % 2 else other,
            "talk" if n % 3 else "workshop",
            days=-1 - n,
            title=f"E{n:02}",
        )
    client = client_of(people["dan"])
    first = client.get("/events/?when=past").context["page"]
    assert [event.title for event in first][:3] == ["E00", "E01", "E02"]
    second = client.get(f"/events/?when=past&after={first.next}").context["page"]
    assert [event.title for event in second] == [f"E{n:02}" for n in range(50, 60)]
    assert len(client.get("/events/?when=past&kind=workshop").context["events"]) == 20
    assert len(client.get("/events/?when=past&mine=1").context["events"]) == 30
    month = client.get("/events/?view=month&month=2026-05").content.decode()
    assert "E20" in month
    assert "E59" not in month


def test_the_agenda_looks_four_weeks_ahead_even_on_the_last_day_of_a_month(
    client: Client, people: dict[str, Person], data: Community
):
    ahead = {"That day": 20, "A week later": 27, "Four weeks later": 48}
    for title, days in ahead.items():
        hold(people["team"], data, days=days, title=title)
    with time_machine.travel(datetime(2026, 6, 30, 9, tzinfo=UTC), tick=False):
        page = client.get("/events/?view=agenda").text
    assert [title for title in ahead if title in page] == ["That day", "A week later"]


def test_a_month_shows_the_first_of_each_day_and_leads_to_the_rest(
    people: dict[str, Person], data: Community
):
    day = (NOW - timedelta(days=3)).date()
    for n in range(5):
        hold(people["team"], data, "talk", days=-3, title=f"Talk {n}")
    began_before = hold(people["team"], data, "workshop", days=-3, title="Long workshop")
    grid = (day.replace(day=1)) - timedelta(days=day.replace(day=1).weekday())
    began = datetime(grid.year, grid.month, grid.day, 10, tzinfo=UTC) - timedelta(days=2)
    Event.objects.filter(pk=began_before.pk).update(starts_at=began, ends_at=began + timedelta(days=3))
    client = client_of(people["dan"])
    month = client.get(f"/events/?view=month&month={day:%Y-%m}")
    cells = {cell[0]: cell for week in month.context["weeks"] for cell in week}
    assert [event.title for event in cells[day][2]] == ["Talk 0", "Talk 1", "Talk 2"]
    assert cells[day][3]
    assert [event.title for event in cells[grid][2]] == ["Long workshop"]
    assert not cells[grid][3]
    link = f"?day={day}"
    assert link in month.content.decode()
    whole = client.get(f"/events/{link}")
    assert [event.title for event, *_said in whole.context["events"]] == [f"Talk {n}" for n in range(5)]
    assert len(client.get(f"/events/{link}&kind=workshop").context["events"]) == 0
    assert "Nothing is on record for this day" in client.get("/events/?day=1999-01-01").content.decode()
    assert client.get("/events/?day=nonsense").context["filters"].day is None


def test_a_form_that_is_sent_twice_records_it_once(people: dict[str, Person], data: Community):
    client = client_of(people["ada"])
    page = "/communities/data/events/new/?kind=sponsor_meeting"
    ref = client.get(page).context["form"]["ref"].value()
    typed = {"kind": "sponsor_meeting", "day": "2026-06-03", "starts": "10:00", "ends": "11:00", "ref": ref}
    first, again = client.post(page, typed), client.post(page, typed)
    assert first.headers["Location"] == again.headers["Location"]
    assert Event.objects.get().ref == ref
    assert Entry.objects.filter(verb="event_recorded").count() == 1
    # Back, another day, and sent again: that is another meeting.
    other = client.post(page, typed | {"day": "2026-06-04"})
    assert other.headers["Location"] != first.headers["Location"]
    assert Event.objects.count() == 2
    # What the organisation calls an event is not for a form to choose.
    client.post(page, typed | {"day": "2026-06-05", "ref": "their-own-id"})
    assert not Event.objects.filter(ref="their-own-id").exists()
    assert Event.objects.count() == 3
