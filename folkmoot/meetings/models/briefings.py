"""What leads want of their sponsor, and the link by which a briefing is read without signing in."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models import Community
from folkmoot.events.models import Event, EventQuerySet, Kind, Status

LIVES_ON = timedelta(days=7)  # after the meeting, to answer what was asked


def sponsor_meetings(community: int) -> EventQuerySet:
    """The meetings of a community's leads with its sponsor, neither drafts nor cancelled."""
    return Event.objects.settled().hosted_by(community).filter(kind=Kind.SPONSOR_MEETING)


class AskQuerySet(models.QuerySet["Ask"]):
    """Asks by state."""

    def open(self) -> "AskQuerySet":
        """Those that the sponsor has not answered, the first first."""
        return self.filter(answered_at=None).order_by("at", "id")


class Ask(models.Model):
    """Something that the leads want of their sponsor: help, or a decision. It is answered with a word or two.

    The answer may be changed until the next meeting is over.
    """

    class Kind(models.TextChoices):
        """What is wanted."""

        HELP = "help", _("Support")
        DECISION = "decision", _("A decision")

    class Answer(models.TextChoices):
        """What the sponsor says."""

        YES = "yes", _("Yes")
        NO = "no", _("No")
        LATER = "later", _("Let us talk about it")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="asks")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.HELP)
    text = models.CharField(_("what you ask for"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    answer = models.CharField(max_length=5, choices=Answer, blank=True)
    note = models.CharField(_("a word on it"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects: ClassVar[AskQuerySet] = AskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="ask_says_something"),
            models.CheckConstraint(
                condition=Q(answer="") ^ Q(answered_at__isnull=False), name="ask_answered_once"
            ),
        ]
        indexes = [models.Index(fields=["community", "answered_at"], name="ask_of_community")]

    def __str__(self) -> str:
        return self.text

    def is_settled_by(self, meeting: Event | None) -> bool:
        """Whether the answer stands because `meeting`, the last that is over, ended after it was given."""
        return meeting is not None and self.answered_at is not None and meeting.ends_at >= self.answered_at


def mint_nonce() -> str:
    """What makes the link of a briefing one that nobody guesses."""
    return secrets.token_urlsafe(18)


class BriefingLinkQuerySet(models.QuerySet["BriefingLink"]):
    """Links by state."""

    def open(self, at: datetime) -> "BriefingLinkQuerySet":
        """Those that open something at the moment `at`: until some days after a meeting that takes place."""
        not_over = self.filter(withdrawn_at=None, event__ends_at__gt=at - LIVES_ON)
        return not_over.exclude(event__status=Status.CANCELLED)


class BriefingLink(models.Model):
    """A link by which `person` reads the briefing before `event`, and nothing else, without signing in.

    The link itself is signed; the data alone opens nothing. `made_at` is when it was last sent.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="briefing_links")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=40, default=mint_nonce)
    made_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[BriefingLinkQuerySet] = BriefingLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"], condition=Q(withdrawn_at=None), name="one_briefing_link"
            )
        ]

    @property
    def expires_at(self) -> datetime:
        """Until when it opens something, whenever the meeting is moved to."""
        return self.event.ends_at + LIVES_ON

    def __str__(self) -> str:
        return f"briefing of {self.event_id} for {self.person_id}"
