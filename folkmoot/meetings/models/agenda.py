"""The agenda of a meeting, and what was written and decided under each item."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.events.models import Event


class ItemQuerySet(models.QuerySet["Item"]):
    """The items of agendas, in order."""

    def agenda(self) -> "ItemQuerySet":
        """Those that stand on it."""
        return self.filter(is_suggestion=False).order_by("place", "id")

    def suggested(self) -> "ItemQuerySet":
        """Those that members suggest, the first first."""
        return self.filter(is_suggestion=True).order_by("id")


class Item(models.Model):
    """Something to speak of. `minutes` is how long it may take; `text` is what is written down under it.

    What a member suggests stands beside the agenda until it is taken in.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="agenda_items")
    title = models.CharField(_("item"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    place = models.IntegerField(default=0)
    is_suggestion = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("minutes"), max_length=50_000, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects: ClassVar[ItemQuerySet] = ItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="item_says_something")]
        indexes = [models.Index(fields=["event", "place", "id"], name="item_in_order")]

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """What a meeting decided, under an item or beside them."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    text = models.CharField(_("decision"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="decision_says_something")]

    def __str__(self) -> str:
        return self.text


class Minutes(models.Model):
    """That the minutes of a meeting were published: whom they concern has them since."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="published_minutes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"minutes of {self.event_id}"
