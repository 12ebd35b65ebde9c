"""Whom a post concerns, and how they are told. Who may not look inside is told nothing."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.activity.actions import announce
from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership
from folkmoot.communities.notices import leads_of, name_of
from folkmoot.discussions.models import Reading, Thread
from folkmoot.notifications.kinds import Kind, Words, register
from folkmoot.people.models import Person

# What is done to what somebody has written.
_DONE_TO_IT = (
    "answer_accepted",
    "post_removed",
    "post_hidden",
    "post_shown",
    "thread_locked",
    "thread_unlocked",
    "thread_moved",
)


def groups_of(thread: Thread) -> list[str]:
    """The groups of notices that somebody has seen who has seen the thread."""
    about = ("thread", "announced", "thread_started", "mention", *_DONE_TO_IT)
    return [f"{each}:{thread.pk}" for each in about]


SHUT_OUT = "discussions.shut_out"
# The kinds that speak of what only insiders see.
INSIDE = ["mention", "reply_to_me", "reply", "announced", "thread_started", "post_reported", *_DONE_TO_IT]
announce(["left", "removed"], task=SHUT_OUT)
MOVED = "discussions.moved"
announce(["thread_moved"], task=MOVED)
CLOSED = "discussions.closed"
announce(["community_edited"], task=CLOSED)


def insiders(entry: Entry) -> QuerySet[Person]:
    """Who may look inside the community of that line."""
    people = Person.objects.get_queryset()
    if Community.objects.filter(pk=entry.community_id or 0, inside=Community.Inside.STAFF).exists():
        return people
    return people.filter(Q(pk__in=_members(entry)) | Q(on_programme_team=True))


def _members(entry: Entry) -> QuerySet[Membership, Any]:
    return Membership.objects.current(today()).filter(community=entry.community_id).values("person")


def _of_community(entry: Entry) -> QuerySet[Person]:
    return Person.objects.get_queryset().filter(pk__in=_members(entry))


def _starter(entry: Entry) -> QuerySet[Person]:
    """Unless they have muted it: who starts a thread follows it until they say otherwise."""
    threads = Thread.objects.filter(pk=entry.data["thread"])
    following = Reading.objects.filter(thread=entry.data["thread"], follows=True)
    return insiders(entry).filter(pk__in=threads.values("by")).filter(pk__in=following.values("person"))


def _followers(entry: Entry) -> QuerySet[Person]:
    """Those who follow, but for who started it: they are told directly."""
    threads = Thread.objects.filter(pk=entry.data["thread"], by__isnull=False)
    following = Reading.objects.filter(thread=entry.data["thread"], follows=True)
    return insiders(entry).filter(pk__in=following.values("person")).exclude(pk__in=threads.values("by"))


def _author(entry: Entry) -> QuerySet[Person]:
    return insiders(entry).filter(pk=entry.data["author"] or 0)


def _named(entry: Entry) -> QuerySet[Person]:
    return insiders(entry).filter(pk__in=entry.data.get("mentions", ()))


def _thread_of(entry: Entry) -> int:
    return int(entry.data.get("thread", entry.about_id))


def _page(entry: Entry) -> str:
    slug = Community.objects.values_list("slug", flat=True).get(pk=entry.community_id or 0)
    thread = _thread_of(entry)
    number = entry.data.get("number")
    return reverse("thread", args=[slug, thread]) + (f"?at={number}#post-{number}" if number else "")


def _queue(entry: Entry) -> str:
    slug = Community.objects.values_list("slug", flat=True).get(pk=entry.community_id or 0)
    return reverse("thread_reports", args=[slug])


def _title(entry: Entry) -> str:
    return str(entry.data.get("title", entry.about_label))


def _to_author(key: str, title: Words, words: Words, **more: Any) -> Kind:
    """What somebody else does to what one has written."""
    standard: dict[str, Any] = {
        "recipients": _author,
        "about": _title,
        "group": lambda entry: f"{key}:{_thread_of(entry)}",
    }
    return Kind(
        key=key,
        title=title,
        words=words,
        verbs=frozenset({key}),
        url=_page,
        where=name_of,
        **(standard | more),
    )


register(
    Kind(
        key="mention",
        title=_("Somebody mentions you"),
        verbs=frozenset({"posted", "post_edited", "thread_started", "announced"}),
        recipients=_named,
        words=_("%(who)s mentioned you in “%(about)s”."),
        url=_page,
        where=name_of,
        about=_title,
        group=lambda entry: f"mention:{_thread_of(entry)}",
        may_be_blocked=True,
    ),
    Kind(
        key="reply_to_me",
        title=_("Somebody replies to what you started"),
        verbs=frozenset({"posted"}),
        recipients=_starter,
        words=_("%(who)s replied to “%(about)s”."),
        url=_page,
        where=name_of,
        about=_title,
        group=lambda entry: f"thread:{entry.data['thread']}",
    ),
    _to_author(
        "answer_accepted", _("Your answer is accepted"), _("%(who)s accepted your answer to “%(about)s”.")
    ),
    _to_author(
        "post_removed", _("A post of yours is removed"), _("%(who)s removed a post of yours in “%(about)s”.")
    ),
    _to_author(
        "post_hidden",
        _("A post of yours is hidden"),
        _("%(who)s hid a post of yours in “%(about)s”."),
        about=lambda entry: f"{_title(entry)}: {entry.data['reason']}",
    ),
    _to_author(
        "post_shown",
        _("A post of yours is shown again"),
        _("%(who)s put a post of yours in “%(about)s” back in sight."),
    ),
    _to_author("thread_locked", _("A thread you started is locked"), _("%(who)s locked “%(about)s”.")),
    _to_author(
        "thread_unlocked", _("A thread you started is opened again"), _("%(who)s opened “%(about)s” again.")
    ),
    _to_author(
        "thread_moved",
        _("A thread you started is moved"),
        _("%(who)s moved “%(about)s” to %(community)s."),
        recipients=lambda entry: Person.objects.get_queryset().filter(pk=entry.data["author"] or 0),
    ),
    Kind(
        key="post_reported",
        title=_("A post in a community you lead is reported"),
        verbs=frozenset({"post_reported"}),
        recipients=leads_of,
        words=_("%(who)s reported a post in “%(about)s”."),
        url=_queue,
        where=name_of,
        about=_title,
    ),
    Kind(
        key="reply",
        title=_("Somebody writes in a thread you follow"),
        verbs=frozenset({"posted"}),
        recipients=_followers,
        words=_("%(who)s wrote in “%(about)s”."),
        url=_page,
        where=name_of,
        about=_title,
        direct=False,
        group=lambda entry: f"thread:{entry.data['thread']}",
    ),
    Kind(
        key="announced",
        title=_("A community of yours announces something"),
        verbs=frozenset({"announced"}),
        recipients=_of_community,
        words=_("%(who)s announced “%(about)s”."),
        url=_page,
        where=name_of,
        direct=False,
        group=lambda entry: f"announced:{entry.about_id}",
    ),
    Kind(
        key="thread_started",
        title=_("Somebody starts a thread in a community of yours"),
        verbs=frozenset({"thread_started"}),
        recipients=_of_community,
        words=_("%(who)s started “%(about)s”."),
        url=_page,
        where=name_of,
        direct=False,
        group=lambda entry: f"thread_started:{entry.about_id}",
    ),
)
