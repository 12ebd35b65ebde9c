"""Asking another community to hold an event together."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from folkmoot.communities.models import Community
from folkmoot.events.models.events import Event


class HostRequestQuerySet(models.QuerySet["HostRequest"]):
    """Requests by state."""

    def open(self) -> "HostRequestQuerySet":
        """Those that nobody has answered."""
        return self.filter(answered_at=None)


class HostRequest(models.Model):
    """`community` is asked to hold `event` as well; its leads agree or decline. It hosts only once they agree."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="host_requests")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="host_requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    objects: ClassVar[HostRequestQuerySet] = HostRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "community"], name="host_asked_once")]
        indexes = [
            models.Index(fields=["community"], condition=models.Q(answered_at=None), name="host_request_open")
        ]

    def __str__(self) -> str:
        return f"{self.community_id} for {self.event_id}"
