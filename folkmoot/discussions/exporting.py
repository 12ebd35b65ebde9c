"""A thread as a file: to keep, to print, to hand on."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from folkmoot.discussions.models import Attachment, Post, Thread

FORMS = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}


def file_name(thread: Thread, form: str) -> str:
    """A name for the file, from the thread's title."""
    return f"{slugify(thread.title)[:60] or 'thread'}.{form}"


def as_markdown(thread: Thread, posts: Iterable[Post]) -> str:
    """The thread as Markdown; what people wrote stands in it as they wrote it, each line quoted."""
    files = _files_of(thread)
    parts = [f"# {_line(thread.title)}", f"{_line(thread.community.name)}, {thread.get_kind_display()}"]
    for post in posts:
        heading = f"## {post.number}. {_line(_who(post))}, {timezone.localtime(post.at):%Y-%m-%d %H:%M}"
        text = _("A post was removed here.") if post.is_removed else post.text
        parts += [heading, "\n".join(f"> {line}".rstrip() for line in text.splitlines())]
        if post.pk in files:
            parts.append(_("Files: %(names)s") % {"names": ", ".join(_line(name) for name in files[post.pk])})
    return "\n\n".join(parts) + "\n"


def as_html(thread: Thread, posts: Iterable[Post]) -> str:
    """The thread as a page that needs nothing else."""
    files = _files_of(thread)
    said = [(post, files.get(post.pk, [])) for post in posts]
    return render_to_string("discussions/export.html", {"thread": thread, "said": said})


def _files_of(thread: Thread) -> dict[int, list[str]]:
    """{post: the names of its files}. One statement."""
    found: dict[int, list[str]] = {}
    for post, name in Attachment.objects.filter(post__thread=thread).values_list("post", "file__name"):
        found.setdefault(post, []).append(name)
    return found


def _who(post: Post) -> str:
    return post.by.name if post.by else _("Somebody who has left")


def _line(text: str) -> str:
    return " ".join(text.split())
