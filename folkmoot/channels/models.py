"""The channel that a community has linked."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models import Community


class ChannelQuerySet(models.QuerySet["Channel"]):
    """The channels that are linked."""

    def working(self) -> "ChannelQuerySet":
        """Those that were not switched off."""
        return self.filter(switched_off_at=None)


class Channel(models.Model):
    """A webhook. Its address is a secret, kept sealed; `host` is what may be shown of it.

    `failures` counts those since the last success.
    """

    class Program(models.TextChoices):
        """What is at the other end."""

        TEAMS = "teams", _("Microsoft Teams (Workflows)")
        SLACK = "slack", _("Slack, Mattermost or alike")

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="channel")
    program = models.CharField(_("program"), max_length=5, choices=Program, default=Program.TEAMS)
    sealed = models.BinaryField()
    host = models.CharField(max_length=253)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    linked_at = models.DateTimeField(db_default=Now())
    failures = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True)
    succeeded_at = models.DateTimeField(null=True)
    switched_off_at = models.DateTimeField(null=True)

    objects: ClassVar[ChannelQuerySet] = ChannelQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.program}: {self.host}"

    @property
    def is_off(self) -> bool:
        """Whether nothing is posted any more."""
        return self.switched_off_at is not None
