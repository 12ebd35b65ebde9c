"""Posts as a page shows them: what the reader may do with each, what others say of it, its files."""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet
from django.utils.html import format_html

from folkmoot.core.statements import statement
from folkmoot.discussions.access import ThreadStanding
from folkmoot.discussions.models import Attachment, Post, Thread
from folkmoot.discussions.saying import said


@dataclass(frozen=True)
class Given:
    """A reaction of one kind: how many gave it, and whether the reader did."""

    number: int
    is_mine: bool


@dataclass(frozen=True)
class ShownPost:
    """A post and what its reader may do with it."""

    post: Post
    found: ThreadStanding
    given: dict[str, Given] = field(default_factory=dict)
    files: list[Attachment] = field(default_factory=list)

    @property
    def is_seen(self) -> bool:
        """Whether its words are shown."""
        return not self.post.is_removed and self.found.can_see(self.post)


def shown(found: ThreadStanding, posts: list[Post]) -> list[ShownPost]:
    """The posts of a page. Two statements, whatever their number."""
    if not posts:
        return []
    first, last = posts[0].number, posts[-1].number
    files: dict[int, list[Attachment]] = {}
    for attachment in _files(found.thread.pk, first, last):
        files.setdefault(attachment.post_id, []).append(attachment)
    given: dict[int, dict[str, Given]] = {}
    for post, kind, mine, number in _given(found.thread.pk, first, last, found.standing.viewer.pk or 0):
        given.setdefault(post, {})[kind] = Given(number, mine)
    return [ShownPost(post, found, given.get(post.pk, {}), files.get(post.pk, [])) for post in posts]


def quoted(post: Post) -> tuple[str, str]:
    """A post as the beginning of an answer to it: text, HTML."""
    name = post.by.name if post.by else ""
    lines = [f"{name}:", *post.text.splitlines()] if name else post.text.splitlines()
    text = "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"
    html = format_html(
        "<blockquote><p><b>{}</b></p>{}</blockquote><p><br></p>", name, said(post.text, post.html)
    )
    return text, html


def posts_of(thread: Thread | int, first: int, end: int) -> list[Post]:
    """The posts from the number `first` to before `end`, with what is shown of who wrote them. One statement."""
    return _written(thread if isinstance(thread, int) else thread.pk, first, end)


@statement
def _written(thread: int, first: int, end: int) -> QuerySet[Post]:
    posts = Post.objects.filter(thread=thread, number__gte=first, number__lt=end).select_related("by")
    fields = [field.name for field in Post._meta.concrete_fields] + ["by__ref", "by__name", "by__photo_key"]
    return posts.only(*fields).order_by("number")


@statement
def _files(thread: int, first: int, last: int) -> QuerySet[Attachment]:
    attachments = Attachment.objects.filter(
        post__thread=thread, post__number__gte=first, post__number__lte=last
    )
    return attachments.select_related("file").defer("file__content").order_by("id")


def _given(thread: int, first: int, last: int, reader: int) -> list[tuple[int, str, bool, int]]:
    """(post, kind, whether the reader gave it, how many did)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT reaction.post_id, reaction.kind, bool_or(reaction.person_id = %s), count(*)
            FROM discussions_post post JOIN discussions_reaction reaction ON reaction.post_id = post.id
            WHERE post.thread_id = %s AND post.number BETWEEN %s AND %s GROUP BY reaction.post_id, reaction.kind
            """,
            [reader, thread, first, last],
        )
        return cursor.fetchall()
