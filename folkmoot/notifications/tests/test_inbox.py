"""Who is told what, once and in order; and what they do with it."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.actions import (
    answer_request,
    appoint_lead,
    ask_to_join,
    end_membership,
    invite_people,
    join,
    leave,
)
from folkmoot.communities.models import Community, JoinRequest, Membership, StageChange
from folkmoot.notifications.inbox import inbox_of
from folkmoot.notifications.models import Choice, Notice
from folkmoot.notifications.tasks import fan_out
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Person]:
    names = {"ada": "Ada", "ben": "Ben", "cleo": "Cleo", "dan": "Dan", "olu": "Olu"}
    found = {
        ref: Person.objects.create(ref=ref, name=name, email=f"{ref}@uni.example")
        for ref, name in names.items()
    }
    found["olu"].on_programme_team = True
    found["olu"].save()
    return found


@pytest.fixture
def data(people: dict[str, Person]) -> Community:
    """A community that Ada and Ben lead."""
    community = Community.objects.create(slug="data", name="Data", since=date(2024, 1, 8), joining="request")
    StageChange.objects.create(community=community, stage="active", since=community.since)
    for ref in ("ada", "ben"):
        Membership.objects.create(community=community, person=people[ref], role="lead", since=community.since)
    return community


def work() -> None:
    """What the worker does with the jobs that wait."""
    for job in ProcrastinateJob.objects.filter(task_name="notifications.fan_out", status="todo").order_by(
        "id"
    ):
        fan_out.func(**job.args)
    ProcrastinateJob.objects.all().delete()


def told(person: Person) -> list[str]:
    return [group.sentence for group in inbox_of(person.pk)]


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_leads_are_told_who_asks_and_the_asker_is_told_the_answer(people: dict[str, Person], data: Community):
    request = ask_to_join(by=people["cleo"], community=data)
    work()
    assert told(people["ada"]) == told(people["ben"]) == ["Cleo asked to join Data."]
    assert told(people["cleo"]) == []
    answer_request(by=people["ada"], request=request, accept=True)
    work()
    assert told(people["cleo"]) == ["Welcome: Ada accepted your request to join Data."]
    assert told(people["ada"]) == told(people["ben"]) == [], "what is answered waits in nobody's inbox"
    assert not Person.objects.filter(ref__in=("ada", "ben"), has_news=True).exists()


def test_of_several_who_ask_those_stay_who_were_not_answered(people: dict[str, Person], data: Community):
    first = ask_to_join(by=people["cleo"], community=data)
    ask_to_join(by=people["dan"], community=data)
    invite_people(by=people["ada"], community=data, addresses=["olu@uni.example"])
    work()
    answer_request(by=people["ada"], request=first, accept=False)
    assert told(people["ben"]) == ["Dan asked to join Data."]
    assert Person.objects.get(ref="ben").has_news
    join(by=people["olu"], community=data)
    assert told(people["olu"]) == []


def test_many_who_ask_are_one_line(people: dict[str, Person], data: Community):
    for ref in ("cleo", "dan", "olu"):
        ask_to_join(by=people[ref], community=data)
        work()
        again = Entry.objects.latest("id")
        fan_out.func(entry=again.pk)  # a job that is done twice
    assert told(people["ada"]) == ["Olu and 2 others asked to join Data."]
    assert Notice.objects.filter(person=people["ada"]).count() == 3


def test_whoever_does_it_is_not_told_nor_who_has_left(people: dict[str, Person], data: Community):
    people["ben"].left = today() - timedelta(days=1)
    people["ben"].save()
    data.joining = "open"
    data.save()
    join(by=people["cleo"], community=data)
    work()
    appoint_lead(by=people["ada"], community=data, person=people["dan"])
    leave(by=people["cleo"], community=data)
    work()
    assert told(people["dan"]) == ["Cleo left Data.", "Ada gave you a role in Data: lead."]
    assert told(people["ada"]) == ["Cleo left Data.", "Cleo joined Data."]
    assert told(people["ben"]) == []


def test_each_who_is_invited_or_removed_is_told(people: dict[str, Person], data: Community):
    invite_people(by=people["ada"], community=data, addresses=["cleo@uni.example", "dan@uni.example"])
    work()
    assert told(people["cleo"]) == told(people["dan"]) == ["Ada invited you to Data."]
    membership = Membership.objects.get(person=people["ben"])
    end_membership(by=people["olu"], membership=membership)
    work()
    assert told(people["ben"]) == ["Olu ended your membership of Data."]


def test_nothing_is_told_of_what_was_not_done(people: dict[str, Person], data: Community):
    before = transaction.savepoint()
    ask_to_join(by=people["cleo"], community=data)
    assert ProcrastinateJob.objects.exists()
    transaction.savepoint_rollback(before)
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.parametrize(("here", "everywhere", "hears"), [
    (None, None, True), (None, "never", False), ("never", None, False), ("weekly", "never", True),
    ("never", "at_once", False),
])  # fmt: skip
def test_never_stands_in_the_inbox_as_read_and_here_goes_before_everywhere(
    people: dict[str, Person], data: Community, here: str | None, everywhere: str | None, hears: bool
):
    for community, when in ((data.pk, here), (None, everywhere)):
        if when:
            Choice.objects.create(
                person=people["ada"], kind="asked_to_join", community_id=community, when=when
            )
    ask_to_join(by=people["cleo"], community=data)
    work()
    (group,) = inbox_of(people["ada"].pk)
    assert group.is_unread == hears
    assert Person.objects.get_queryset().get(ref="ada").has_news == hears
    assert told(people["ben"]) == ["Cleo asked to join Data."]


def test_the_bell_says_that_something_is_new_until_it_is_read(people: dict[str, Person], data: Community):
    page = client_of(people["ada"])
    assert "something new" not in page.get("/").content.decode()
    ask_to_join(by=people["cleo"], community=data)
    work()
    assert "something new" in page.get("/").content.decode()
    notice = Notice.objects.get(person=people["ada"])
    assert "New" in page.get("/inbox/").content.decode()
    request = JoinRequest.objects.get()
    assert page.get(f"/inbox/{notice.pk}/").headers["Location"] == f"/communities/data/requests/{request.pk}/"
    assert "something new" not in page.get("/").content.decode()
    assert "asked to join Data" in page.get("/inbox/").content.decode()
    page.post(f"/inbox/{notice.pk}/completion/")
    assert "Nothing waits for you" in page.get("/inbox/").content.decode()


def test_all_is_read_at_once_and_nobody_else_s(people: dict[str, Person], data: Community):
    for ref in ("cleo", "dan"):
        ask_to_join(by=people[ref], community=data)
    work()
    client_of(people["ada"]).post("/inbox/")
    assert not Notice.objects.filter(person=people["ada"]).unread().exists()
    assert Notice.objects.filter(person=people["ben"]).unread().count() == 2
    other = Notice.objects.filter(person=people["ben"])[0]
    assert client_of(people["ada"]).get(f"/inbox/{other.pk}/").status_code == 404


def test_the_inbox_costs_the_same_for_one_and_for_many(people: dict[str, Person], data: Community):
    page = client_of(people["ada"])
    counts = set()
    for number in (1, 40):
        for n in range(number):
            person = Person.objects.create(ref=f"p{number}-{n}", name=f"P {n}")
            ask_to_join(by=person, community=data)
        work()
        page.get("/inbox/")
        with CaptureQueriesContext(connection) as asked:
            page.get("/inbox/")
        counts.add(len(asked))
    assert len(counts) == 1
    assert max(counts) <= 4


def test_a_thousand_are_told_by_one_statement(people: dict[str, Person], data: Community):
    Person.objects.bulk_create(
        Person(ref=f"l{n}", name=f"L {n}", sort_name="l", search_key="l") for n in range(1000)
    )
    Membership.objects.bulk_create(
        Membership(community=data, person=person, role="lead", since=data.since)
        for person in Person.objects.filter(ref__startswith="l")
    )
    ask_to_join(by=people["cleo"], community=data)
    with CaptureQueriesContext(connection) as asked:
        work()
    assert Notice.objects.count() == 1002
    assert len(asked) <= 20
