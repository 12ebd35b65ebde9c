"""What somebody is to do, by when."""

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models import Community
from folkmoot.events.models import Event
from folkmoot.meetings.models.agenda import Item


class ActionQuerySet(models.QuerySet["Action"]):
    """Actions by state and day."""

    def open(self) -> "ActionQuerySet":
        """Neither done nor given up; those with the earliest day first."""
        return self.filter(done_at=None).order_by(F("due").asc(nulls_last=True), "id")

    def open_before(self, at: datetime) -> "ActionQuerySet":
        """Those given before the moment `at` and open then, whatever became of them since; in the same order."""
        then = self.filter(Q(done_at=None) | Q(done_at__gt=at), at__lt=at)
        return then.order_by(F("due").asc(nulls_last=True), "id")

    def overdue(self, on: date) -> "ActionQuerySet":
        """Open ones whose day has passed on the day `on`."""
        return self.open().filter(due__lt=on)


class Action(models.Model):
    """`owner` is to do it by the end of the day `due`. One that is given up counts as done, `is_dropped`.

    `event` is the meeting that gave it, if one did. `reminded_on` is the day of the last reminder.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="to_do")
    event = models.ForeignKey(Event, on_delete=models.SET_NULL, null=True, blank=True, related_name="to_do")
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, blank=True, related_name="to_do")
    text = models.CharField(_("action"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="actions_to_do",
        null=True,
        blank=True,
    )
    due = models.DateField(_("by"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_dropped = models.BooleanField(default=False, db_default=False)
    reminded_on = models.DateField(null=True)

    objects: ClassVar[ActionQuerySet] = ActionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="action_says_something")]
        indexes = [
            models.Index(fields=["owner", "due"], condition=Q(done_at=None), name="action_of_owner"),
            models.Index(fields=["community", "due"], condition=Q(done_at=None), name="action_of_community"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None

    def is_overdue(self, on: date) -> bool:
        """Whether its day has passed on the day `on`."""
        return self.is_open and self.due is not None and self.due < on
