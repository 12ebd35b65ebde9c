"""Rows held for a transaction, and what open pages of a thread hear."""

from django.utils.translation import gettext as _

from folkmoot.core.live import publish
from folkmoot.core.refused import Refused
from folkmoot.discussions.models import Post, Thread


def topic_of(thread: Thread | int) -> str:
    """What open pages of the thread listen to: the number of a new post, or of one that has changed behind an “=”."""
    return f"thread:{thread if isinstance(thread, int) else thread.pk}"


def has_changed(post: Post) -> None:
    """Tell open pages to look at the post again."""
    publish(topic_of(post.thread_id), f"={post.number}")


def held(thread: Thread) -> Thread:
    """The thread as it is now, held for the transaction."""
    return Thread.objects.select_for_update(of=("self",)).select_related("community").get(pk=thread.pk)


def standing(post: Post) -> Post:
    """The post as it is now, held for the transaction. Refuses one that was removed."""
    post = Post.objects.select_for_update(of=("self",)).select_related("thread__community").get(pk=post.pk)
    if post.is_removed:
        raise Refused(_("This post has been removed."))
    return post


def said_of(post: Post) -> dict[str, object]:
    """What the ledger keeps of a post beside its id."""
    return {
        "author": post.by_id,
        "title": post.thread.title,
        "thread": post.thread_id,
        "number": post.number,
    }
