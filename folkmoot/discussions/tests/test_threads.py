"""Talking: starting, replying, reading on, correcting, removing, answering; who may, and who is told."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.actions import end_membership
from folkmoot.communities.models import Community, Membership
from folkmoot.core.refused import Refused
from folkmoot.discussions.actions import (
    accept_answer,
    edit_post,
    lock_thread,
    read_all,
    read_thread,
    remove_post,
    reply,
    start_thread,
)
from folkmoot.discussions.models import Earlier, Post, Thread
from folkmoot.discussions.tasks import shut_out
from folkmoot.discussions.tests.world import HERE, client_of, told
from folkmoot.discussions.unread import unread_threads
from folkmoot.notifications.inbox import inbox_of
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


def test_a_question_is_asked_answered_and_accepted(people: dict[str, Person], data: Community):
    eve, dan = client_of(people["eve"]), client_of(people["dan"])
    form = eve.get(f"{HERE}new/").context["form"]
    typed = {
        "kind": "question",
        "title": "Which tool?",
        "text": "For <b>charts</b>",
        "once": form["once"].value(),
    }
    asked = eve.post(f"{HERE}new/", typed)
    thread = Thread.objects.get()
    assert asked.headers["Location"] == f"{HERE}{thread.pk}/"
    assert eve.post(f"{HERE}new/", typed).headers["Location"] == asked.headers["Location"]
    page = dan.get(f"{HERE}{thread.pk}/")
    assert "For &lt;b&gt;charts&lt;/b&gt;" in page.content.decode()
    answer = {"text": "Try https://example.org/a", "once": page.context["form"]["once"].value()}
    for _twice in range(2):
        said = dan.post(f"{HERE}{thread.pk}/", answer)
        assert said.headers["Location"] == f"{HERE}{thread.pk}/?at=2#post-2"
    assert Post.objects.count() == 2
    assert 'href="https://example.org/a"' in eve.get(f"{HERE}{thread.pk}/").content.decode()
    assert dan.post(f"{HERE}{thread.pk}/answer/", {"number": "2"}).status_code == 403
    eve.post(f"{HERE}{thread.pk}/answer/", {"number": "2"})
    assert "Answered" in eve.get(HERE).content.decode()
    eve.post(f"{HERE}{thread.pk}/answer/")
    thread.refresh_from_db()
    assert thread.answer is None


def test_what_is_new_is_counted_and_marked_by_a_line(people: dict[str, Person], thread: Thread):
    dan = client_of(people["dan"])
    assert "New" in dan.get(HERE).content.decode()
    dan.get(f"{HERE}{thread.pk}/")
    assert dan.get(HERE).context["threads"][0].unread == 0
    for n in range(3):
        reply(by=people["ada"], thread=thread, text=f"No. {n}")
    assert "3 new" in dan.get(HERE).content.decode()
    assert 'id="new"' in dan.get(f"{HERE}{thread.pk}/").content.decode()
    assert 'id="new"' not in dan.get(f"{HERE}{thread.pk}/").content.decode()


def test_a_long_thread_is_read_on_where_one_stopped(people: dict[str, Person], thread: Thread):
    dan = client_of(people["dan"])
    for n in range(2, 151):
        reply(by=people["ada"], thread=thread, text=f"No. {n}")

    def numbers(query: str = "") -> list[int]:
        return [each.post.number for each in dan.get(f"{HERE}{thread.pk}/{query}").context["posts"]]

    assert numbers() == list(range(101, 151))  # never looked: the latest
    assert numbers("?from=51") == list(range(51, 101))
    assert numbers("?from=nonsense")[-1] == 150
    assert numbers("?from=99999999999999999999")[-1] == 150
    assert 20 in numbers("?at=20")
    read_thread(by=people["fay"], thread=thread, number=60)
    Membership.objects.create(community=thread.community, person=people["fay"], role="wider", since=today())
    fay = client_of(people["fay"]).get(f"{HERE}{thread.pk}/").context
    assert fay["posts"][0].post.number == 58
    assert fay["new_from"] == 61


def test_other_words_leave_the_earlier_ones_and_removal_leaves_a_stone(
    people: dict[str, Person], thread: Thread
):
    eve, dan, ada = (client_of(people[name]) for name in ("eve", "dan", "ada"))
    where = f"{HERE}{thread.pk}/posts/1/"
    assert dan.post(f"{where}edit/", {"text": "Mine now"}).status_code == 403
    eve.post(f"{where}edit/", {"text": "For maps"})
    assert "For charts" in dan.get(f"{where}history/").content.decode()
    assert "edited" in dan.get(f"{HERE}{thread.pk}/").content.decode()
    assert dan.get(f"{where}removal/").status_code == 403
    ada.post(f"{where}removal/")
    page = dan.get(f"{HERE}{thread.pk}/").content.decode()
    assert "A post was removed here" in page
    assert "For maps" not in page
    assert not Earlier.objects.exists()
    assert dan.get(f"{where}history/").status_code == 404
    with pytest.raises(Refused, match="removed"):
        edit_post(by=people["eve"], post=Post.objects.get(), text="Again")
    with pytest.raises(Refused, match="removed"):
        accept_answer(by=people["eve"], thread=thread, post=Post.objects.get())
    with pytest.raises(Refused, match="removed"):
        remove_post(by=people["ada"], post=Post.objects.get())


def test_who_is_outside_sees_nothing_and_hears_nothing(people: dict[str, Person], thread: Thread):
    fay, team = client_of(people["fay"]), client_of(people["olu"])
    for path in (HERE, f"{HERE}{thread.pk}/", f"{HERE}new/"):
        assert fay.get(path).status_code == 403
        assert Client().get(path).status_code == 302
        assert team.get(path).status_code == 200
    assert fay.post(f"{HERE}{thread.pk}/", {"text": "Hello"}).status_code == 403
    reply(by=people["fay"], thread=thread, text="I was a member then")  # and follows
    reply(by=people["ada"], thread=thread, text="Inside only")
    assert "fay" not in told()
    Community.objects.filter(slug="data").update(inside="staff")
    assert fay.get(f"{HERE}{thread.pk}/").status_code == 200
    assert fay.post(f"{HERE}{thread.pk}/", {"text": "Hello"}).status_code == 403, "members write"


def test_who_leaves_hears_no_more_of_what_is_inside(people: dict[str, Person], thread: Thread):
    reply(by=people["dan"], thread=thread, text="I follow this")
    reply(by=people["ada"], thread=thread, text="Inside only")
    told()
    membership = Membership.objects.get(person=people["dan"])
    end_membership(by=people["ada"], membership=membership)
    assert [job.task_name for job in ProcrastinateJob.objects.order_by("-id")[:2]].count(
        "discussions.shut_out"
    ) == 1
    shut_out.func(entry=Entry.objects.latest("id").pk)
    assert told()["dan"] == ["Ada ended your membership of Data."]
    reply(by=people["ada"], thread=thread, text="More")
    assert len(told()["dan"]) == 1
    Community.objects.filter(slug="data").update(inside="staff")
    end_membership(by=people["ada"], membership=Membership.objects.get(person=people["eve"]))
    shut_out.func(entry=Entry.objects.latest("id").pk)
    assert "Ada replied to “Which tool?”." in " ".join(told()["eve"]).replace("Ada and Dan", "Ada"), (
        "staff may look inside"
    )


def test_a_locked_thread_is_read_only(people: dict[str, Person], thread: Thread):
    dan = client_of(people["dan"])
    assert dan.post(f"{HERE}{thread.pk}/lock/", {"locked": "yes"}).status_code == 403
    client_of(people["ada"]).post(f"{HERE}{thread.pk}/lock/", {"locked": "yes"})
    assert dan.post(f"{HERE}{thread.pk}/", {"text": "Too late"}).status_code == 403
    with pytest.raises(Refused, match="locked"):
        reply(by=people["ada"], thread=thread, text="Too late")
    lock_thread(by=people["ada"], thread=thread, locked=False)
    reply(by=people["ada"], thread=thread, text="In time")


def test_leads_announce_and_there_is_one_lounge(people: dict[str, Person], data: Community):
    dan, ada = client_of(people["dan"]), client_of(people["ada"])
    news = {
        "kind": "announcement",
        "title": "News",
        "text": "Hear",
        "pinned_until": f"{today() + timedelta(days=3)}",
    }
    assert dan.post(f"{HERE}new/", news).status_code == 422
    ada.post(f"{HERE}new/", news)
    assert [thread.title for thread in dan.get(HERE).context["pinned"]] == ["News"]
    Thread.objects.update(pinned_until=today() - timedelta(days=1))
    assert dan.get(HERE).context["pinned"] == []
    lounge = {"kind": "lounge", "title": "Lounge", "text": "Tea?"}
    assert ada.post(f"{HERE}new/", lounge).status_code == 302
    assert "There is a lounge here already" in ada.post(f"{HERE}new/", lounge).content.decode()
    assert told() == {ref: ["Ada announced “News”."] for ref in ("dan", "eve")}


def test_who_asked_hears_at_once_and_followers_in_the_digest(people: dict[str, Person], thread: Thread):
    reply(by=people["dan"], thread=thread, text="Try this")
    told()
    answer = reply(by=people["ada"], thread=thread, text="Or that")
    accept_answer(by=people["eve"], thread=thread, post=answer)
    assert told() == {
        "ada": ["Eve accepted your answer to “Which tool?”.", "Eve started “Which tool?”."],
        "dan": ["Ada wrote in “Which tool?”.", "Eve started “Which tool?”."],
        "eve": ["Ada and Dan replied to “Which tool?”."],
    }


def test_pages_cost_the_same_for_one_and_for_many(people: dict[str, Person], thread: Thread):
    dan = client_of(people["dan"])
    counts: dict[str, set[int]] = {}
    for number in (1, 29):
        for n in range(number):
            start_thread(
                by=people["ada"], community=thread.community, kind="conversation", title=f"T{n}", text="x"
            )
            reply(by=people["ada"], thread=thread, text=f"No. {n}")
        for path in (HERE, f"{HERE}{thread.pk}/"):
            dan.get(path)
            with CaptureQueriesContext(connection) as asked:
                dan.get(path)
            counts.setdefault(path, set()).add(len(asked))
    assert all(len(each) == 1 and max(each) <= 12 for each in counts.values()), counts


def test_whoever_has_seen_the_thread_is_not_told_of_it(people: dict[str, Person], thread: Thread):
    told()
    dan = client_of(people["dan"])
    assert "something new" in dan.get("/").content.decode()
    dan.get(f"{HERE}{thread.pk}/")
    assert "something new" not in dan.get("/").content.decode()
    assert not inbox_of(people["dan"].pk)[0].is_unread


def test_a_reply_costs_ten_statements(people: dict[str, Person], thread: Thread):
    dan = client_of(people["dan"])
    dan.post(f"{HERE}{thread.pk}/", {"text": "One"})
    with CaptureQueriesContext(connection) as asked:
        assert dan.post(f"{HERE}{thread.pk}/", {"text": "Two"}).status_code == 302
    said = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(said) <= 10, "\n".join(said)


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_have_a_number_each(people: dict[str, Person], data: Community):
    thread = start_thread(by=people["ada"], community=data, kind="conversation", title="T", text="1")

    def write(_n: int) -> int:
        try:
            return reply(
                by=people["dan"], thread=Thread.objects.get(pk=thread.pk), text="x", once=f"form {_n // 2}"
            ).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(write, range(40)))
    assert sorted(set(numbers)) == list(range(2, 22))
    assert Post.objects.count() == 21
    assert Thread.objects.get().posts == 21
    assert Entry.objects.filter(verb="posted").count() == 20


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        'https://a.example/"onclick=alert(1)',
        "http://a.example/<b>",
        "https://a.example/?q=<script>",
        "[x](javascript:alert(1))",
        "data:text/html,<script>alert(1)</script>",
        "&lt;script&gt;",
        "\u202ehttps://a.example",
        "mailto:a@b.example?body=<b>",
        "ftp://a.example/'><svg onload=alert(1)>",
    ],
)
def test_what_is_hostile_is_only_text(people: dict[str, Person], thread: Thread, text: str):
    reply(by=people["ada"], thread=thread, text=text)
    page = client_of(people["dan"]).get(f"{HERE}{thread.pk}/").content.decode()
    shown = (
        page.split('id="post-2"')[1].split("</article>")[0].split('<div class="prose">')[1].split("</div>")[0]
    )
    tags = re.findall(r"<[^>]*>", shown)
    assert all(
        re.fullmatch(r'</?p>|</a>|<br>|<a href="(https?|mailto|ftp):[^"<>]*"( rel="nofollow")?>', tag)
        for tag in tags
    ), tags


def test_home_says_how_many_threads_have_something_new(people: dict[str, Person], thread: Thread):
    dan = client_of(people["dan"])
    start_thread(by=people["ada"], community=thread.community, kind="conversation", title="T", text="x")
    assert "2 new" in dan.get("/").content.decode()
    dan.get(f"{HERE}{thread.pk}/")
    assert "1 new" in dan.get("/").content.decode()
    reply(by=people["eve"], thread=thread, text="More")
    assert "2 new" in dan.get("/").content.decode()
    read_all(by=people["dan"], community=thread.community)
    assert " new<" not in dan.get("/").content.decode()
    Thread.objects.update(last_at=datetime(2024, 1, 8, tzinfo=UTC))
    assert unread_threads(people["fay"].pk, [thread.community.pk]) == {}, "what is old is no news"
