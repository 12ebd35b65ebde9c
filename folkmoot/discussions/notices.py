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
from folkmoot.notifications.kinds import Kind, register
from folkmoot.people.models import Person


def groups_of(thread: Thread) -> list[str]:
    """The groups of notices that somebody has seen who has seen the thread."""
    return [f"thread:{thread.pk}", f"announced:{thread.pk}", f"thread_started:{thread.pk}"]


SHUT_OUT = "discussions.shut_out"
# The kinds that speak of what only insiders see.
INSIDE = [
    "reply_to_me",
    "reply",
    "announced",
    "thread_started",
    "answer_accepted",
    "post_removed",
    "post_reported",
]
announce(["left", "removed"], task=SHUT_OUT)


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
    threads = Thread.objects.filter(pk=entry.data["thread"])
    return insiders(entry).filter(pk__in=threads.values("by"))


def _followers(entry: Entry) -> QuerySet[Person]:
    """Those who follow, but for who started it: they are told directly."""
    threads = Thread.objects.filter(pk=entry.data["thread"], by__isnull=False)
    following = Reading.objects.filter(thread=entry.data["thread"], follows=True)
    return insiders(entry).filter(pk__in=following.values("person")).exclude(pk__in=threads.values("by"))


def _author(entry: Entry) -> QuerySet[Person]:
    return insiders(entry).filter(pk=entry.data["author"] or 0)


def _page(entry: Entry) -> str:
    slug = Community.objects.values_list("slug", flat=True).get(pk=entry.community_id or 0)
    thread = entry.data.get("thread", entry.about_id)
    number = entry.data.get("number")
    return reverse("thread", args=[slug, thread]) + (f"?at={number}#post-{number}" if number else "")


def _queue(entry: Entry) -> str:
    slug = Community.objects.values_list("slug", flat=True).get(pk=entry.community_id or 0)
    return reverse("thread_reports", args=[slug])


def _title(entry: Entry) -> str:
    return str(entry.data.get("title", entry.about_label))


register(
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
    Kind(
        key="answer_accepted",
        title=_("Your answer is accepted"),
        verbs=frozenset({"answer_accepted"}),
        recipients=_author,
        words=_("%(who)s accepted your answer to “%(about)s”."),
        url=_page,
        where=name_of,
        about=_title,
    ),
    Kind(
        key="post_removed",
        title=_("A post of yours is removed"),
        verbs=frozenset({"post_removed"}),
        recipients=_author,
        words=_("%(who)s removed a post of yours in “%(about)s”."),
        url=_page,
        where=name_of,
        about=_title,
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
