"""The invented programme in a database."""

import pytest

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.charter.models import Version
from folkmoot.communities.models import Community, Invitation, JoinRequest, Membership, PracticeArea
from folkmoot.core import clock
from folkmoot.demo.invention import SEED, invent
from folkmoot.discussions.models import Post, Thread
from folkmoot.health.measuring import measure
from folkmoot.people.models import Person, Unit

pytestmark = pytest.mark.usefixtures("demo")


def test_what_is_loaded_is_what_was_invented():
    programme = invent(SEED, today())
    block = next(programme.blocks())
    loaded = Membership.objects.values_list("community__slug", "person__ref", "role", "since", "until")
    assert sorted(loaded, key=str) == sorted(
        ((m.community, m.person, m.role, m.since, m.until) for m in block.memberships), key=str
    )
    people = Person.objects.get_queryset()
    assert sorted(people.values_list("ref", "name", "email", "unit__code", "left"), key=str) == sorted(
        ((p.ref, p.name, p.email, p.unit, p.left) for p in block.people), key=str
    )
    units = Unit.objects.values_list("code", "name", "parent__code", "kind")
    assert set(units) == {(u.code, u.name, u.parent or None, u.kind) for u in programme.units}
    assert Community.objects.open(today()).count() == 22
    assert PracticeArea.objects.count() == 11
    assert JoinRequest.objects.waiting().count() == 6
    assert Invitation.objects.open().count() == 1
    assert Entry.objects.count() == len(block.happenings) + 1
    versions = Version.objects.order_by("since").values_list("since", "thresholds")
    assert list(versions) == [(version.since, version.thresholds) for version in programme.charter]


def test_nothing_has_happened_before_it_happens():
    now = clock.now()
    assert not Entry.objects.filter(at__gt=now).exists()
    assert not JoinRequest.objects.filter(asked_at__gt=now).exists()
    assert not Invitation.objects.filter(invited_at__gt=now).exists()
    times = list(Entry.objects.exclude(verb="demo_loaded").order_by("id").values_list("at", flat=True))
    assert times == sorted(times)


def test_units_inherit_nothing_that_they_do_not_state():
    before = dict(Unit.objects.values_list("code", "kind"))
    Unit.objects.settle_kinds()
    assert dict(Unit.objects.values_list("code", "kind")) == before
    assert set(before.values()) == {"academic", "central", "other"}


def test_names_are_found_without_their_accents_and_written_keys_are_those_that_saving_writes():
    (tomasz,) = Person.objects.matching("zielinski tomasz")
    assert tomasz.name == "Tomasz Zieliński"
    keys = tomasz.sort_name, tomasz.search_key
    tomasz.save()
    assert (tomasz.sort_name, tomasz.search_key) == keys
    assert not tomasz.has_usable_password()
    assert list(Community.objects.matching("event")[:1].values_list("slug", flat=True)) == [
        "events-management"
    ]


def test_the_database_gives_the_next_ids():
    last = Person.objects.get_queryset().latest("pk").pk
    assert Person.objects.create(ref="new", name="New Person").pk == last + 1


def test_the_charter_finds_every_status():
    found = {(f.commitment.key, f.status) for health in measure(today()) for f in health.findings}
    for commitment in ("leads", "sponsor"):
        statuses = {status for key, status in found if key == commitment}
        assert statuses == {"met", "due_soon", "missed", "waived"}


def test_every_active_community_talks_and_only_its_members_do():
    threads = Thread.objects.select_related("community")
    assert set(threads.values_list("community__slug", flat=True)) == {
        community.slug for community in Community.objects.open(today()) if community.stage == "active"
    }
    assert not Post.objects.filter(at__gt=clock.now()).exists()
    assert Thread.objects.filter(kind="question", answer__isnull=False).exists()
    for thread in threads.prefetch_related("written"):
        posts = sorted(thread.written.all(), key=lambda post: post.number)
        assert [post.number for post in posts] == list(range(1, thread.posts + 1))
        assert [post.at for post in posts] == sorted(post.at for post in posts)
        assert (thread.last_at, thread.last_by_id) == (posts[-1].at, posts[-1].by_id)
        assert "{" not in thread.title + "".join(post.text for post in posts)
        here = Membership.objects.current(today()).filter(community=thread.community)
        assert {post.by_id for post in posts} <= set(here.values_list("person", flat=True))
