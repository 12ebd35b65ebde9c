"""Starting threads, writing in them, correcting and removing what was written."""

import secrets
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.live import publish
from folkmoot.core.refused import Refused
from folkmoot.discussions.models import Earlier, Post, Reading, Report, Thread
from folkmoot.people.models import Person

VERBS = {Thread.Kind.ANNOUNCEMENT: "announced", Thread.Kind.LOUNGE: "lounge_opened"}


def mint_once() -> str:
    """An id for a form, so that what is sent twice is written once."""
    return secrets.token_urlsafe(18)


@transaction.atomic
def start_thread(
    *,
    by: Person,
    community: Community,
    kind: str,
    title: str,
    text: str,
    once: str = "",
    pinned_until: date | None = None,
) -> Thread:
    """A thread with its first post, which `by` follows. Refuses a second lounge. Sent twice with one `once`: one."""
    if (written := _written(once)) is not None:
        return written.thread
    thread = Thread(community=community, kind=kind, title=title.strip(), by=by, pinned_until=pinned_until)
    try:
        with transaction.atomic():
            thread.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("There is a lounge here already. Write in it."), "kind") from error
    _write(by, thread, text, once)
    record(VERBS.get(Thread.Kind(kind), "thread_started"), by=by, about=thread, community=community)
    return thread


def reply(*, by: Person, thread: Thread, text: str, once: str = "") -> Post:
    """Write in a thread, and follow it. Refuses one that is locked. Sent twice with one `once`, it is one post."""
    try:
        return _reply(by, thread, text, once)
    except IntegrityError:
        written = _written(once)
        if written is None:
            raise
        return written


@transaction.atomic
def _reply(by: Person, thread: Thread, text: str, once: str) -> Post:
    post = _write(by, thread, text, once)
    data = {"thread": thread.pk, "number": post.number, "title": thread.title}
    record("posted", by=by, about=post, community=thread.community, data=data)
    return post


@transaction.atomic
def edit_post(*, by: Person, post: Post, text: str) -> Post:
    """Other words; what it said before can be read. The same words change nothing. Refuses what was removed."""
    post = _fresh(post)
    if post.text != text.strip():
        Earlier.objects.create(post=post, text=post.text)
        post.text, post.edited_at = text.strip(), clock.now()
        post.save(update_fields=["text", "edited_at"])
        record("post_edited", by=by, about=post, community=post.thread.community)
        publish(topic_of(post.thread), f"={post.number}")
    return post


@transaction.atomic
def remove_post(*, by: Person, post: Post) -> None:
    """Its place stays, its words go, also from what it said before. Refuses what was removed already."""
    post = _fresh(post)
    post.earlier.all().delete()
    post.text, post.removed_at, post.removed_by = "", clock.now(), by
    post.save(update_fields=["text", "removed_at", "removed_by"])
    data = {"author": post.by_id, "title": post.thread.title, "thread": post.thread_id}
    record("post_removed", by=by, about=post, community=post.thread.community, data=data)
    publish(topic_of(post.thread), f"={post.number}")


@transaction.atomic
def report_post(*, by: Person, post: Post, reason: str) -> Report:
    """Have those who look after the community look at a post. Reporting it again while it waits changes nothing."""
    post = _fresh(post)
    report, made = Report.objects.get_or_create(
        post=post, by=by, settled_at=None, defaults={"reason": reason.strip()}
    )
    if made:
        data = {"thread": post.thread_id, "number": post.number, "title": post.thread.title}
        record("post_reported", by=by, about=post, community=post.thread.community, data=data)
    return report


@transaction.atomic
def settle_reports(*, by: Person, post: Post, remove: bool) -> None:
    """Whoever looks after the community has looked at a post: it goes, or it stays. Settles all that wait about it."""
    Post.objects.select_for_update().get(pk=post.pk)
    waiting = Report.objects.filter(post=post, settled_at=None)
    if not waiting.update(settled_at=clock.now(), settled_by=by):
        return
    data = {"removed": remove, "title": post.thread.title, "thread": post.thread_id, "number": post.number}
    record("reports_settled", by=by, about=post, community=post.thread.community, data=data)
    if remove and not Post.objects.get(pk=post.pk).is_removed:
        remove_post(by=by, post=post)


@transaction.atomic
def accept_answer(*, by: Person, thread: Thread, post: Post | None) -> None:
    """That post answers the question; None takes it back. Refuses what is no question, and a removed post."""
    thread = _locked(thread)
    if not thread.is_question:
        raise Refused(_("Only a question has an answer."))
    if post is not None:
        post = _fresh(post)
    if thread.answer_id == (post.pk if post else None):
        return
    thread.answer = post
    thread.save(update_fields=["answer"])
    if post is not None:
        data = {"author": post.by_id, "title": thread.title, "thread": thread.pk, "number": post.number}
        record("answer_accepted", by=by, about=post, community=thread.community, data=data)


@transaction.atomic
def lock_thread(*, by: Person, thread: Thread, locked: bool) -> None:
    """Nobody writes in it any more, or they do again. What is so already stays so."""
    thread = _locked(thread)
    if thread.is_locked != locked:
        thread.locked_at = clock.now() if locked else None
        thread.save(update_fields=["locked_at"])
        verb = "thread_locked" if locked else "thread_unlocked"
        record(verb, by=by, about=thread, community=thread.community)


def read_thread(*, by: Person, thread: Thread, number: int) -> None:
    """`by` has read as far as that post; nobody reads backwards."""
    reading, made = Reading.objects.get_or_create(thread=thread, person=by, defaults={"number": number})
    if not made:
        Reading.objects.filter(pk=reading.pk, number__lt=number).update(number=number)


def read_all(*, by: Person, community: Community) -> None:
    """`by` has read all that a community talks about. One statement, and nobody reads backwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO discussions_reading (thread_id, person_id, number, follows)
            SELECT id, %s, posts, false FROM discussions_thread WHERE community_id = %s
            ON CONFLICT (thread_id, person_id) DO UPDATE
            SET number = GREATEST(discussions_reading.number, excluded.number)
            """,
            [by.pk, community.pk],
        )


@transaction.atomic
def follow_thread(*, by: Person, thread: Thread, follows: bool) -> None:
    """Hear of what is written in it, or no longer."""
    Reading.objects.update_or_create(thread=thread, person=by, defaults={"follows": follows})


_NEXT = """
    UPDATE discussions_thread SET posts = posts + 1, last_at = %s, last_by_id = %s
    WHERE id = %s AND locked_at IS NULL RETURNING posts
"""


def _write(by: Person, thread: Thread, text: str, once: str) -> Post:
    """The next post; whoever writes in the thread meanwhile waits for this one's number. Refuses a locked thread."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [now, by.pk, thread.pk])
        row = cursor.fetchone()
    if row is None:
        raise Refused(_("This thread is locked: nobody can write in it any more."))
    thread.posts, thread.last_at, thread.last_by = row[0], now, by
    post = Post.objects.create(
        thread=thread,
        community_id=thread.community_id,
        number=row[0],
        by=by,
        at=now,
        text=text.strip(),
        once=once or mint_once(),
    )
    Reading.objects.bulk_create(
        [Reading(thread=thread, person=by, number=post.number, follows=True)],
        update_conflicts=True, unique_fields=["thread", "person"], update_fields=["number", "follows"],
    )  # fmt: skip
    publish(topic_of(thread), post.number)
    return post


def topic_of(thread: Thread) -> str:
    """What open pages of the thread listen to: the number of a new post, or of one that has changed behind an “=”."""
    return f"thread:{thread.pk}"


def _written(once: str) -> Post | None:
    return Post.objects.select_related("thread__community").filter(once=once).first() if once else None


def _locked(thread: Thread) -> Thread:
    return Thread.objects.select_for_update(of=("self",)).select_related("community").get(pk=thread.pk)


def _fresh(post: Post) -> Post:
    """The post, locked for the transaction. Refuses one that was removed."""
    post = Post.objects.select_for_update(of=("self",)).select_related("thread__community").get(pk=post.pk)
    if post.is_removed:
        raise Refused(_("This post has been removed."))
    return post
