"""Starting threads, writing in them, correcting and removing what was written."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.activity.actions import record
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.live import publish
from folkmoot.core.models import StoredFile
from folkmoot.core.refused import Refused
from folkmoot.core.richtext import LONGEST as LONGEST_HTML
from folkmoot.core.richtext import as_kept
from folkmoot.discussions.actions.locks import has_changed, said_of, standing, topic_of
from folkmoot.discussions.mentions import mentioned
from folkmoot.discussions.models import Attachment, Earlier, Post, Reading, Thread
from folkmoot.people.models import Person

VERBS = {Thread.Kind.ANNOUNCEMENT: "announced", Thread.Kind.LOUNGE: "lounge_opened"}
LONGEST, MOST_FILES, MOST_MENTIONS = 20_000, 5, 20
# Somebody is new for a week, and then is held to so many posts in ten minutes and in a day, and mentions in a post.
NEW_FOR = timedelta(days=7)
NEW_IN_TEN_MINUTES, NEW_IN_A_DAY, NEW_MENTIONS = 5, 40, 3


@dataclass(frozen=True)
class Words:
    """What is to be said: plain words, and safe HTML where they are formatted."""

    text: str
    html: str

    @classmethod
    def of(cls, text: str, html: str) -> "Words":
        """As it is kept; `text` counts where there is no `html`. Refuses what says nothing, and too much."""
        if len(html) > LONGEST_HTML:
            raise Refused(_("This is too long to be read. Say it in parts."), "text")
        text, html = as_kept(text, html)
        if not text:
            raise Refused(_("Write something."), "text")
        if len(text) > LONGEST:
            raise Refused(_("This is too long to be read. Say it in parts."), "text")
        return cls(text, html)


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
    html: str = "",
    files: Sequence[StoredFile] = (),
    once: str = "",
    pinned_until: date | None = None,
) -> Thread:
    """A thread with its first post, which `by` follows. Refuses a second lounge. Sent twice with one `once`: one."""
    if (written := _written(once)) is not None:
        return written.thread
    words = Words.of(text, html)
    thread = Thread(community=community, kind=kind, title=title.strip(), by=by, pinned_until=pinned_until)
    try:
        with transaction.atomic():
            thread.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("There is a lounge here already. Write in it."), "kind") from error
    _write(by, thread, words, files, once, place=None)
    verb = VERBS.get(Thread.Kind(kind), "thread_started")
    record(verb, by=by, about=thread, community=community, data=_naming(by, community, words))
    return thread


def reply(
    *,
    by: Person,
    thread: Thread,
    text: str,
    html: str = "",
    files: Sequence[StoredFile] = (),
    once: str = "",
) -> Post:
    """Write in a thread, and follow it. Refuses one that is locked. Sent twice with one `once`, it is one post."""
    try:
        return _reply(by, thread, Words.of(text, html), files, once)
    except IntegrityError:
        written = _written(once)
        if written is None:
            raise
        return written


@transaction.atomic
def _reply(by: Person, thread: Thread, words: Words, files: Sequence[StoredFile], once: str) -> Post:
    post = _write(by, thread, words, files, once, place=thread)
    data = {"thread": thread.pk, "number": post.number, "title": thread.title}
    naming = _naming(by, thread.community, words)
    record("posted", by=by, about=post, community=thread.community, data=data | naming)
    return post


@transaction.atomic
def edit_post(*, by: Person, post: Post, text: str, html: str = "", drop: Collection[int] = ()) -> Post:
    """Other words, and without the attachments `drop`; what it said before can be read, dropped files are gone.

    The same words change nothing. Refuses what was removed.
    """
    words = Words.of(text, html)
    post = standing(post)
    dropped = list(post.attachments.filter(pk__in=drop).values_list("file", flat=True))
    if dropped:
        StoredFile.objects.filter(pk__in=dropped).delete()
        data = said_of(post) | {"files": len(dropped)}
        record("files_dropped", by=by, about=post, community=post.thread.community, data=data)
        has_changed(post)
    if (post.text, post.html) != (words.text, words.html):
        Earlier.objects.create(post=post, text=post.text, html=post.html)
        community = post.thread.community
        named = set(mentioned(community, post.text, post.html))
        naming = _naming(by, community, words)
        fresh = {"mentions": [each for each in naming.get("mentions", []) if each not in named]}
        post.text, post.html, post.edited_at = words.text, words.html, clock.now()
        post.save(update_fields=["text", "html", "edited_at"])
        record("post_edited", by=by, about=post, community=community, data=said_of(post) | fresh)
        has_changed(post)
    return post


@transaction.atomic
def remove_post(*, by: Person, post: Post) -> None:
    """Its place stays; its words go, also from what it said before, and its files. Refuses what was removed already."""
    post = standing(post)
    post.earlier.all().delete()
    StoredFile.objects.filter(pk__in=list(post.attachments.values_list("file", flat=True))).delete()
    post.text, post.html, post.removed_at, post.removed_by = "", "", clock.now(), by
    post.save(update_fields=["text", "html", "removed_at", "removed_by"])
    record("post_removed", by=by, about=post, community=post.thread.community, data=said_of(post))
    has_changed(post)


# What was begun there is said now.
_NEXT = """
    WITH draft AS (
        DELETE FROM discussions_draft
        WHERE person_id = %(by)s AND community_id = %(community)s AND thread_id IS NOT DISTINCT FROM %(place)s
    )
    UPDATE discussions_thread SET posts = posts + 1, last_at = %(now)s, last_by_id = %(by)s
    WHERE id = %(thread)s AND community_id = %(community)s AND locked_at IS NULL RETURNING posts
"""


def _write(
    by: Person,
    thread: Thread,
    words: Words,
    files: Sequence[StoredFile],
    once: str,
    *,
    place: Thread | None,
) -> Post:
    """The next post; whoever writes in the thread meanwhile waits for this one's number. Refuses a locked thread."""
    now = clock.now()
    _hold_back(by)
    values: dict[str, Any] = {"by": by.pk, "community": thread.community_id, "now": now, "thread": thread.pk}
    values["place"] = place and place.pk
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        row = cursor.fetchone()
    if row is None:
        raise Refused(_("This thread is locked or was moved: nobody can write here any more."))
    thread.posts, thread.last_at, thread.last_by = row[0], now, by
    post = Post.objects.create(
        thread=thread,
        community_id=thread.community_id,
        number=row[0],
        by=by,
        at=now,
        text=words.text,
        html=words.html,
        once=once or mint_once(),
    )
    _attach(post, files)
    Reading.objects.bulk_create(
        [Reading(thread=thread, person=by, number=post.number, follows=True)],
        update_conflicts=True, unique_fields=["thread", "person"], update_fields=["number", "follows"],
    )  # fmt: skip
    publish(topic_of(thread), post.number)
    return post


def _attach(post: Post, files: Sequence[StoredFile]) -> None:
    if len(files) > MOST_FILES:
        raise Refused(_("Attach %(most)d files at most.") % {"most": MOST_FILES}, "attachments")
    if files:
        StoredFile.objects.bulk_create(files)
        Attachment.objects.bulk_create(Attachment(post=post, file=file) for file in files)


def _hold_back(by: Person) -> None:
    """Who is new writes no more than a person would. No statement for all others."""
    now = clock.now()
    if by.created_at < now - NEW_FOR or by.on_programme_team:
        return
    recent = Post.objects.filter(by=by, at__gt=now - timedelta(days=1)).aggregate(
        day=Count("pk"), minutes=Count("pk", filter=Q(at__gt=now - timedelta(minutes=10)))
    )
    if recent["minutes"] >= NEW_IN_TEN_MINUTES or recent["day"] >= NEW_IN_A_DAY:
        raise Refused(
            _("You are new here and have written a lot. Wait ten minutes; what you wrote is kept."), "text"
        )


def _naming(by: Person, community: Community, words: Words) -> dict[str, Any]:
    """For the ledger: whom the words name. Refuses more than anybody needs."""
    found = [pk for pk in mentioned(community, words.text, words.html) if pk != by.pk]
    most = NEW_MENTIONS if by.created_at > clock.now() - NEW_FOR else MOST_MENTIONS
    if len(found) > most:
        raise Refused(
            ngettext("Name %(most)d person at most.", "Name %(most)d people at most.", most) % {"most": most},
            "text",
        )
    return {"mentions": found} if found else {}


def _written(once: str) -> Post | None:
    return Post.objects.select_related("thread__community").filter(once=once).first() if once else None
