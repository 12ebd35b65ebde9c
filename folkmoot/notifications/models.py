"""A notice for one person, and how people want to hear of what."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    """A person's notices."""

    def of(self, person: int) -> "NoticeQuerySet":
        """What that person was told, the latest first."""
        return self.filter(person=person).order_by("-entry", "-id")

    def open(self) -> "NoticeQuerySet":
        """Those that are not done with."""
        return self.filter(done_at=None)

    def unread(self) -> "NoticeQuerySet":
        """Those that were not read, nor done with unread."""
        return self.filter(read_at=None, done_at=None)


class Notice(models.Model):
    """That something happened, told to one person once: `key` is unique among theirs.

    `entry` is the line of the ledger, which gives the order. Who, what and where are kept as they were called then.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    group = models.CharField(max_length=120)
    entry = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=300, blank=True)
    about = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=500)
    community_id = models.BigIntegerField(null=True)
    community_label = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="told_once")]
        indexes = [
            models.Index(fields=["person", "-entry", "-id"], name="notice_by_person"),
            models.Index(
                fields=["person"], condition=Q(read_at=None) & Q(done_at=None), name="notice_unread"
            ),
            # Of a hundred thousand notices the few that may still go into a letter.
            models.Index(
                fields=["entry", "person"],
                condition=Q(mailed_at=None) & Q(read_at=None) & Q(done_at=None),
                name="notice_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"


class When(models.TextChoices):
    """How soon somebody hears of a kind by e-mail. Of what they never want to hear, the inbox has it read."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


class Choice(models.Model):
    """That somebody wants to hear of a kind otherwise than by default; in one community, or in all (None)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices"
    )
    kind = models.CharField(max_length=60)
    community_id = models.BigIntegerField(null=True)
    when = models.CharField(max_length=10, choices=When)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "community_id"], nulls_distinct=False, name="one_choice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.when}"


class Rhythm(models.Model):
    """When somebody wants their digest, by the clock of their zone, and when they had the last one.

    Who never chose has no row until their first: then Monday at nine in the organisation's zone.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_rhythm"
    )
    weekday = models.SmallIntegerField(default=0)
    hour = models.SmallIntegerField(default=9)
    timezone = models.CharField(max_length=60, blank=True)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="digest_on_a_weekday"),
            models.CheckConstraint(condition=Q(hour__range=(0, 23)), name="digest_at_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} at {self.hour}"


class Block(models.Model):
    """Somebody wants to hear no more of it when `person` calls on them by name."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocked_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "person"], name="block_once")]

    def __str__(self) -> str:
        return f"{self.by_id} blocks {self.person_id}"


class BadAddress(models.Model):
    """An address that a mail server refused for good; nothing more is sent to it until it changes."""

    email = models.EmailField(max_length=254, unique=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.email
