"""Finding a time that suits: a few that are offered, and what each who is asked says of them."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models import Community
from folkmoot.events.models import Event, Kind
from folkmoot.people.models import Person


class PollQuerySet(models.QuerySet["Poll"]):
    """Polls by state."""

    def open(self) -> "PollQuerySet":
        """Those that are neither booked nor given up."""
        return self.filter(ended_at=None)


class Poll(models.Model):
    """Which of its times suits those who are asked; `kind` of meeting is booked at the best by `closes_at`.

    It ends with a booking (`event`), or without one where it was given up or nothing suited.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="polls")
    kind = models.CharField(max_length=20, choices=Kind)
    place = models.CharField(_("place"), max_length=300, blank=True)
    online_url = models.URLField(_("link"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    closes_at = models.DateTimeField(_("answers until"))
    ended_at = models.DateTimeField(null=True, blank=True)
    event = models.OneToOneField(Event, on_delete=models.SET_NULL, null=True, related_name="+")
    asked: "models.ManyToManyField[Person, Asked]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Asked", related_name="+"
    )

    objects: ClassVar[PollQuerySet] = PollQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind"], condition=Q(ended_at=None), name="one_poll_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return str(Kind(self.kind).label)

    def is_open(self, at: datetime) -> bool:
        """Whether one can still say what suits at the moment `at`."""
        return self.ended_at is None and at < self.closes_at


class Asked(models.Model):
    """Somebody is asked by a poll."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="askings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.person_id} by {self.poll_id}"


class Slot(models.Model):
    """A time that is offered."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "starts_at"], name="slot_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_in_order"),
        ]

    def __str__(self) -> str:
        return self.starts_at.isoformat()


class Suits(models.TextChoices):
    """Whether a time suits somebody."""

    YES = "yes", _("Suits")
    IF_NEED_BE = "if", _("If need be")
    NO = "no", _("Does not suit")


class Mark(models.Model):
    """What somebody says of a time."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="marks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    suits = models.CharField(max_length=3, choices=Suits)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "person"], name="mark_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.suits}"
