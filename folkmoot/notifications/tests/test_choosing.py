"""What somebody never opens, what they choose in one community, and whose calls they block."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.core import clock
from folkmoot.discussions.actions import start_thread
from folkmoot.notifications.actions import choose_here, tell
from folkmoot.notifications.inbox import groups
from folkmoot.notifications.letters import digest_letter
from folkmoot.notifications.models import Block, Choice, Notice
from folkmoot.notifications.muting import LEAST, WITHIN, never_opened
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    return Person.objects.create(ref="ada", name="Ada", email="ada@uni.example")


@pytest.fixture
def data(ada: Person) -> Community:
    """A community that Ada belongs to."""
    community = Community.objects.create(slug="data", name="Data", since=date(2024, 1, 8))
    StageChange.objects.create(community=community, stage="active", since=community.since)
    Membership.objects.create(community=community, person=ada, role="wider", since=community.since)
    return community


def tell_often(person: Person, kind: str, community: Community, number: int, **fields: object) -> None:
    values = {"at": clock.now(), "url": "/", "about": "T"} | fields
    begun = Notice.objects.count()
    Notice.objects.bulk_create(
        Notice(person=person, key=f"{begun + n}", kind=kind, group=f"{kind}:{n}", entry=n + 1,
               community_id=community.pk, community_label=community.name, **values)
        for n in range(number)
    )  # fmt: skip


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_what_is_never_opened_is_suggested_and_muted_in_one_click(ada: Person, data: Community):
    tell_often(ada, "thread_started", data, LEAST)
    tell_often(ada, "announced", data, LEAST - 1)
    tell_often(ada, "reply", data, LEAST)
    Notice.objects.filter(kind="reply", entry=1).update(read_at=clock.now())
    tell_often(ada, "reply_to_me", data, LEAST)
    tell_often(ada, "event_planned", data, LEAST, at=clock.now() - WITHIN - timedelta(days=1))
    (part,) = never_opened(ada.pk)
    assert (part.kind.key, part.community, part.number) == ("thread_started", data.pk, LEAST)
    browser = client_of(ada)
    assert "You never open these" in browser.get("/inbox/choices/").content.decode()
    browser.post("/inbox/mutes/", {"part": f"announced:{data.pk}"})
    assert not Choice.objects.exists(), "only what is suggested is muted so"
    browser.post("/inbox/mutes/", {"part": f"thread_started:{data.pk}"})
    assert Choice.objects.get(person=ada, community_id=data.pk).when == "never"
    assert "You never open these" not in browser.get("/inbox/choices/").content.decode()
    assert never_opened(ada.pk) == []


def test_the_digest_says_what_one_might_mute(ada: Person, data: Community):
    tell_often(ada, "thread_started", data, LEAST)
    letter = digest_letter(ada, groups(Notice.objects.of(ada.pk)), daily=False)
    assert "You never open “Somebody starts a thread in a community of yours” of Data." in str(letter.body)
    Notice.objects.update(read_at=clock.now())
    letter = digest_letter(ada, groups(Notice.objects.of(ada.pk)), daily=False)
    assert "never open" not in str(letter.body)


def test_one_community_is_louder_than_the_others_and_back(ada: Person, data: Community):
    browser, page = client_of(ada), "/communities/data/notices/"
    form = browser.get(page).context["form"]
    assert "reply_to_me" not in form.fields
    assert dict(form.fields["announced"].choices)["same"] == "As everywhere: once a week"
    typed = dict.fromkeys(form.fields, "same") | {"announced": "at_once"}
    assert browser.post(page, typed).status_code == 302
    (choice,) = Choice.objects.all()
    assert (choice.kind, choice.when, choice.community_id) == ("announced", "at_once", data.pk)
    assert browser.get(page).context["form"]["announced"].value() == "at_once"
    browser.post(page, dict.fromkeys(form.fields, "same"))
    assert not Choice.objects.exists()
    assert browser.post(page, typed | {"announced": "nonsense"}).status_code == 422


def test_whom_one_blocks_stands_on_a_page_and_can_be_heard_again(ada: Person, data: Community):
    ben = Person.objects.create(ref="b/1", name="Ben")
    tell_often(ada, "mention", data, 1, by_id=ben.pk, by_label="Ben")
    browser, page = client_of(ada), "/inbox/blocked/"
    assert "Who has mentioned you lately" in browser.get(page).content.decode()
    browser.post(page, {"person": "b/1", "blocked": "yes"})
    assert Block.objects.get().person == ben
    shown = browser.get(page).content.decode()
    assert "Hear them again" in shown
    assert "Who has mentioned you lately" not in shown
    browser.post(page, {"person": "b/1", "blocked": "no"})
    assert not Block.objects.exists()
    assert browser.post(page, {"person": "nobody", "blocked": "yes"}).status_code == 404
    browser.post(page, {"person": "ada", "blocked": "yes"})
    assert not Block.objects.exists(), "nobody blocks themselves"


def test_a_talk_of_a_muted_kind_stands_in_the_inbox_as_read(ada: Person, data: Community):
    ben = Person.objects.create(ref="ben", name="Ben")
    Membership.objects.create(community=data, person=ben, role="lead", since=data.since)
    choose_here(by=ada, community=data.pk, chosen={"thread_started": "never"})
    start_thread(by=ben, community=data, kind="conversation", title="T", text="x")
    tell(Entry.objects.get(verb="thread_started"))
    assert Notice.objects.get(person=ada).read_at is not None


def test_one_chooses_of_what_can_reach_one_and_the_rest_is_folded_away(ada: Person, data: Community):
    form = client_of(ada).get("/inbox/choices/").context["form"]
    others = {bound.name for bound in form.others}
    assert {"asked_to_join", "joined", "post_reported", "commitment", "host_asked", "sponsor_asked"} <= others
    assert others.isdisjoint({bound.name for bound in [*form.of_communities, *form.direct, *form.reminders]})
    assert {bound.name for bound in form.reminders} == {"event_tomorrow", "event_in_an_hour"}
    assert [value for value, _label in form["event_tomorrow"].field.choices] == ["at_once", "never"]
    assert "promoted" not in form.fields, "there is a letter of its own"
    Membership.objects.filter(person=ada).update(role="lead")
    form = client_of(ada).get("/inbox/choices/").context["form"]
    assert {bound.name for bound in form.others} == {"sponsor_asked"}


def test_the_zones_are_places(ada: Person):
    zones = {
        name
        for name, _label in client_of(ada).get("/inbox/choices/").context["form"]["timezone"].field.choices
    }
    assert {"UTC", "Europe/London", "America/Argentina/Ushuaia"} <= zones
    assert zones.isdisjoint({"Factory", "localtime", "ROC", "Etc/GMT+5", "US/Eastern"})
