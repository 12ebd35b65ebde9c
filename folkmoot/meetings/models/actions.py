"""What somebody is to do, by when."""

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models import Community
from folkmoot.events.models import Event, Kind
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

    def carried_over_to(self, meeting: Event) -> "ActionQuerySet":
        """What was still to be done when the meeting began, or is now where it is to come: the first fifty.

        Of all that its community was given elsewhere, what those whose meeting it is may read.
        """
        before = self.open_before(meeting.starts_at).filter(community=meeting.community_id)
        read = before.exclude(event=meeting).read_in(meeting.kind)
        return read.select_related("owner", "community")[:50]

    def read_in(self, circle: str, *, owner: int = 0) -> "ActionQuerySet":
        """What those may read whose meetings of the kind `circle` are, and of the rest what `owner` is to do.

        What was given among leads and sponsor stays among them.
        """
        if circle == Kind.SPONSOR_MEETING:
            return self
        return self.filter(~Q(event__kind=Kind.SPONSOR_MEETING) | Q(owner=owner))

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
