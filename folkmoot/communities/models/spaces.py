"""Days on which an online space that Folkmoot cannot see was alive."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models.communities import Community


class ActiveDay(models.Model):
    """Somebody who answers for a community says that its online space was active on a day."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="active_days")
    day = models.DateField(_("active on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["community", "day"], name="active_day_once")]

    def __str__(self) -> str:
        return f"{self.community_id} active on {self.day}"
