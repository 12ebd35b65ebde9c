"""A commitment waived for one community, for a reason and a time."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models.communities import Community


class WaiverQuerySet(models.QuerySet["Waiver"]):
    """Waivers by day."""

    def current(self, on: date) -> "WaiverQuerySet":
        """Those that cover the day `on`."""
        return self.filter(since__lte=on, until__gte=on)

    def not_ended(self, on: date) -> "WaiverQuerySet":
        """Those that cover the day `on` or begin after it."""
        return self.filter(until__gte=on)


class Waiver(models.Model):
    """From `since` to `until`, both inclusive, a community is not held to a commitment of the charter."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="waivers")
    commitment = models.CharField(max_length=40)
    reason = models.TextField(_("reason"), max_length=1000)
    since = models.DateField(_("from"))
    until = models.DateField(_("last day"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[WaiverQuerySet] = WaiverQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="waiver_days_in_order"),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_a_reason"),
        ]
        indexes = [models.Index(fields=["community", "commitment", "since"], name="waiver_by_community")]

    def __str__(self) -> str:
        return f"{self.commitment} of {self.community_id} waived until {self.until}"
