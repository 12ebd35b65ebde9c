"""Looking after what is said: hiding, locking, moving; each told to the author; and streams that end with access."""

import pytest
from django.test import Client

from folkmoot.activity.models import Entry
from folkmoot.communities.actions import edit_community
from folkmoot.communities.models import Community, Membership
from folkmoot.core.models import ShutDoor
from folkmoot.core.refused import Refused
from folkmoot.discussions.actions import (
    follow_thread,
    hide_post,
    lock_thread,
    move_thread,
    remove_post,
    reply,
    show_post,
    start_thread,
)
from folkmoot.discussions.models import Post, Reading, Thread
from folkmoot.discussions.tasks import closed, moved, shut_out
from folkmoot.discussions.tests.world import HERE, client_of, community_of, told
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


def test_a_hidden_post_is_seen_by_its_author_and_the_leads_alone(people: dict[str, Person], thread: Thread):
    post = reply(by=people["dan"], thread=thread, text="Rude words")
    ada, dan, eve = (client_of(people[name]) for name in ("ada", "dan", "eve"))
    where = f"{HERE}{thread.pk}/posts/2/hiding/"
    assert eve.post(where, {"reason": "x"}).status_code == 403
    assert ada.post(where, {"reason": " "}).status_code == 422
    assert ada.post(where, {"reason": "Unkind"}).status_code == 302

    def sees(client: Client) -> bool:
        return "Rude words" in client.get(f"{HERE}{thread.pk}/").content.decode()

    assert [sees(client) for client in (ada, dan, eve)] == [True, True, False]
    for path in ("history/", "report/", "edit/", "reactions/"):
        assert eve.get(f"{HERE}{thread.pk}/posts/2/{path}").status_code == 404
    assert "Rude words" not in eve.get(f"{HERE}{thread.pk}/export.md").content.decode()
    assert "Rude words" not in eve.get(f"{HERE}{thread.pk}/?quote=2").content.decode()
    only = eve.get(f"{HERE}{thread.pk}/posts/?only=2", headers={"HX-Request": "true"}).content.decode()
    assert "Rude words" not in only
    assert dan.get(f"{HERE}{thread.pk}/posts/2/edit/").status_code == 403
    assert "Ada hid a post of yours in “Which tool?: Unkind”." in told()["dan"]
    assert ada.post(where).status_code == 302
    assert sees(eve)
    assert "Ada put a post of yours in “Which tool?” back in sight." in told()["dan"]
    assert [entry.verb for entry in Entry.objects.filter(about_id=post.pk).order_by("id")] == [
        "posted", "post_hidden", "post_shown",
    ]  # fmt: skip


def test_hiding_needs_a_post_and_happens_once(people: dict[str, Person], thread: Thread):
    post = thread.written.get()
    for _twice in range(2):
        hide_post(by=people["ada"], post=post, reason="x")
    assert Entry.objects.filter(verb="post_hidden").count() == 1
    remove_post(by=people["ada"], post=post)
    for act in (
        lambda: show_post(by=people["ada"], post=post),
        lambda: hide_post(by=people["ada"], post=post, reason="x"),
    ):
        with pytest.raises(Refused):
            act()


def test_who_started_a_thread_is_told_that_it_is_locked(people: dict[str, Person], thread: Thread):
    for locked in (True, False):
        lock_thread(by=people["ada"], thread=thread, locked=locked)
    assert told()["eve"] == ["Ada opened “Which tool?” again.", "Ada locked “Which tool?”."]


def test_a_moved_thread_takes_everything_along(people: dict[str, Person], thread: Thread):
    reply(by=people["dan"], thread=thread, text="@Ada, look")
    target = community_of(people, "other", inside="members")
    Membership.objects.filter(community=target, person=people["dan"]).delete()
    follow_thread(by=people["dan"], thread=thread, follows=True)
    told()
    ada = client_of(people["ada"])
    assert (
        ada.post(f"{HERE}{thread.pk}/move/", {"to": "other"}).headers["Location"]
        == f"/communities/other/threads/{thread.pk}/"
    )
    thread.refresh_from_db()
    assert thread.community == target
    assert set(Post.objects.values_list("community", flat=True)) == {target.pk}
    assert ShutDoor.objects.filter(door=thread.door).exists()
    moved(entry=Entry.objects.get(verb="thread_moved").pk)
    assert not Reading.objects.get(thread=thread, person=people["dan"]).follows
    found = told()
    assert "Ada moved “Which tool?” to Other." in found["eve"]
    assert not [each for each in found.get("dan", []) if "Which tool?" in each]
    assert ada.get(f"{HERE}{thread.pk}/").headers["Location"] == f"/communities/other/threads/{thread.pk}/"
    assert client_of(people["dan"]).get(f"{HERE}{thread.pk}/").status_code == 404
    with pytest.raises(Refused):
        reply(
            by=people["eve"],
            thread=Thread(pk=thread.pk, community=Community.objects.get(slug="data")),
            text="late",
        )


def test_a_thread_is_moved_only_between_what_one_looks_after(people: dict[str, Person], thread: Thread):
    target = community_of(people, "other", inside="staff")
    Membership.objects.filter(community=target, person=people["ada"]).update(role="core")
    ada = client_of(people["ada"])
    assert "You look after no other community" in ada.get(f"{HERE}{thread.pk}/move/").content.decode()
    assert ada.post(f"{HERE}{thread.pk}/move/", {"to": "other"}).status_code == 422
    assert client_of(people["dan"]).get(f"{HERE}{thread.pk}/move/").status_code == 403
    assert client_of(people["olu"]).post(f"{HERE}{thread.pk}/move/", {"to": "other"}).status_code == 302


def test_a_lounge_stays(people: dict[str, Person], data: Community):
    lounge = start_thread(by=people["ada"], community=data, kind="lounge", title="Lounge", text="Hello")
    with pytest.raises(Refused):
        move_thread(by=people["ada"], thread=lounge, to=community_of(people, "other"))
    assert client_of(people["ada"]).get(f"{HERE}{lounge.pk}/move/").status_code == 403


def test_who_loses_their_membership_loses_their_stream(people: dict[str, Person], thread: Thread):
    client_of(people["dan"]).post("/communities/data/membership/end/")
    shut_out(entry=Entry.objects.get(verb="left").pk)
    assert list(ShutDoor.objects.values_list("door", flat=True)) == [
        f"{thread.community.inside_door}:{people['dan'].pk}"
    ]


def test_who_starts_a_thread_can_mute_it(people: dict[str, Person], thread: Thread):
    follow_thread(by=people["eve"], thread=thread, follows=False)
    reply(by=people["dan"], thread=thread, text="Hello")
    assert "eve" not in told()
    follow_thread(by=people["eve"], thread=thread, follows=True)
    reply(by=people["dan"], thread=thread, text="Hello again")
    assert told()["eve"] == ["Dan replied to “Which tool?”."]


def test_where_fewer_may_look_inside_the_others_hear_no_more(people: dict[str, Person]):
    community = community_of(people, "open", inside="staff")
    thread = start_thread(by=people["dan"], community=community, kind="conversation", title="T", text="x")
    follow_thread(by=people["fay"], thread=thread, follows=True)
    follow_thread(by=people["eve"], thread=thread, follows=True)
    reply(by=people["dan"], thread=thread, text="y")
    assert told()["fay"] == ["Dan wrote in “T”."]
    edit_community(by=people["ada"], community=community, inside="members")
    assert ShutDoor.objects.filter(door=community.inside_door).exists()
    closed(entry=Entry.objects.get(verb="community_edited").pk)
    assert "fay" not in told()
    assert "eve" in told()
    assert not Reading.objects.get(thread=thread, person=people["fay"]).follows
    assert Reading.objects.get(thread=thread, person=people["eve"]).follows
