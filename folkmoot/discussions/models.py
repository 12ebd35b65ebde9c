"""A thread, its posts with what they said before, and how far somebody has read."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.models import StoredFile

RECENT = timedelta(days=14)
TITLE_WORDS = SearchVector("title", config="english")


class ThreadQuerySet(models.QuerySet["Thread"]):
    """The threads of a community."""

    def pinned(self, on: date) -> "ThreadQuerySet":
        """Announcements that stand above all else on the day `on`, those that do so longest first.

        Not by their last post: an index of that order holds every thread of the community, and few are pinned.
        """
        return self.filter(pinned_until__gte=on).order_by("-pinned_until", "-id")

    def with_unread(self, person: int) -> "ThreadQuerySet":
        """Each with `unread`: how many posts came since that person last looked, None where they never did."""
        reading = models.FilteredRelation("readings", condition=Q(readings__person=person))
        return self.annotate(reading=reading, unread=F("posts") - F("reading__number"))


class Thread(models.Model):
    """A conversation. `posts` counts them, removed ones included; `last_at` is the time of the last."""

    class Kind(models.TextChoices):
        """What it is for."""

        CONVERSATION = "conversation", _("Conversation")
        QUESTION = "question", _("Question")
        ANNOUNCEMENT = "announcement", _("Announcement")
        LOUNGE = "lounge", _("Lounge")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="threads")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CONVERSATION)
    title = models.CharField(_("title"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    posts = models.PositiveIntegerField(default=0, db_default=0)
    last_at = models.DateTimeField(db_default=Now())
    last_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answer = models.ForeignKey("Post", on_delete=models.SET_NULL, null=True, related_name="+")
    pinned_until = models.DateField(_("pinned until"), null=True, blank=True)
    locked_at = models.DateTimeField(null=True)

    objects: ClassVar[ThreadQuerySet] = ThreadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="thread_has_a_title"),
            models.UniqueConstraint(
                fields=["community"], condition=Q(kind="lounge"), name="one_lounge_a_community"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "-last_at", "-id"], name="thread_by_last_post"),
            models.Index(fields=["community", "kind", "-last_at", "-id"], name="thread_by_kind"),
            models.Index(
                fields=["community", "pinned_until"],
                condition=Q(pinned_until__isnull=False),
                name="thread_pinned",
            ),
            GinIndex(TITLE_WORDS, name="thread_title_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The thread's page; its community has to be there."""
        return reverse("thread", args=[self.community.slug, self.pk])

    @property
    def door(self) -> str:
        """The door to the thread where it is, which is shut when it moves: see `core.live.shut`."""
        return f"thread:{self.pk}"

    @property
    def is_locked(self) -> bool:
        """Whether nobody may write in it any more."""
        return self.locked_at is not None

    @property
    def is_recent(self) -> bool:
        """Whether somebody wrote in the last two weeks: only then is it news to who never looked."""
        return self.last_at > clock.now() - RECENT

    @property
    def is_question(self) -> bool:
        """Whether a post can be its answer."""
        return self.kind == self.Kind.QUESTION


class Post(models.Model):
    """What one person wrote; `number` counts within the thread, from 1. A removed post keeps its place, without text.

    `text` is its words; `html` is set where they are formatted, and is safe. `community` is its thread's, kept here so
    that the charter finds a community's last post by one look at an index.

    `once` is an id that the form was given, so that a form that is sent twice writes once.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="written")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(db_default=Now())
    text = models.TextField(max_length=20_000, blank=True)
    html = models.TextField(blank=True, db_default="")
    once = models.CharField(max_length=40, unique=True)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    hidden_for = models.CharField(_("reason"), max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "number"], name="post_number_once")]
        indexes = [
            models.Index(
                fields=["community", "-at"],
                condition=Q(removed_at=None, hidden_at=None),
                name="post_by_community",
            ),
            models.Index(fields=["by", "-at"], name="post_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}#{self.number}"

    @property
    def is_removed(self) -> bool:
        """Whether only its place is left."""
        return self.removed_at is not None

    @property
    def is_hidden(self) -> bool:
        """Whether those who look after the community have put it out of sight, and may put it back."""
        return self.hidden_at is not None


class Reaction(models.Model):
    """What somebody has to say of a post without words; one of each kind a person."""

    class Kind(models.TextChoices):
        """The small set."""

        THANKS = "thanks", _("Thank you")
        AGREE = "agree", _("I agree")
        USEFUL = "useful", _("Useful")
        HURRAY = "hurray", _("Hurray")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "kind", "person"], name="reaction_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class Attachment(models.Model):
    """A file of a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.file)


class Draft(models.Model):
    """What somebody has begun to write: a reply to `thread`, or without one a thread of the community."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, null=True, related_name="drafts")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=20_000, blank=True)
    html = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "community", "thread"], nulls_distinct=False, name="one_draft_a_place"
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Earlier(models.Model):
    """What a post said before it was edited, until `at`."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="earlier")
    text = models.TextField()
    html = models.TextField(blank=True, db_default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.post_id} until {self.at}"


class Reading(models.Model):
    """How far somebody has read a thread, and whether they follow it."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(default=0)
    follows = models.BooleanField(default=False, db_default=Value(False))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="one_reading")]
        indexes = [
            models.Index(fields=["thread"], condition=Q(follows=True), name="followers_of_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.number}"


class ReportQuerySet(models.QuerySet["Report"]):
    """What was reported."""

    def waiting(self, community: int) -> "ReportQuerySet":
        """Those of a community that nobody has looked at, the oldest first."""
        return self.filter(post__thread__community=community, settled_at=None).order_by("id")


class Report(models.Model):
    """Somebody thinks that those who look after a community should look at a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(_("reason"), max_length=1000)
    at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "by"], condition=Q(settled_at=None), name="one_open_report_a_person"
            )
        ]
        indexes = [models.Index(fields=["post"], condition=Q(settled_at=None), name="report_waiting")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.reason[:40]}"
