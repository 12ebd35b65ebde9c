"""What follows an event: what people thought of it, slides, and names of a report that are still to be settled."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from folkmoot.core.models import StoredFile
from folkmoot.events.models.events import Event


class Feedback(models.Model):
    """What somebody who was there thought. Nobody knows who: it holds neither person nor time, and its key no order."""

    class Useful(models.IntegerChoices):
        """Whether it was useful."""

        NOT = 1, _("Not at all")
        LITTLE = 2, _("A little")
        USEFUL = 3, _("Useful")
        VERY = 4, _("Very useful")

    id = models.UUIDField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="feedback")
    useful = models.PositiveSmallIntegerField(_("Was it useful?"), choices=Useful)
    text = models.TextField(
        _("What will you do differently, or would you like next?"), max_length=2000, blank=True
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(useful__range=(1, 4)), name="feedback_in_range")]

    def __str__(self) -> str:
        return f"{self.useful} for {self.event_id}"


class FeedbackGiven(models.Model):
    """That somebody gave theirs, so that nobody does twice; not which."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="feedback_once")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.event_id}"


class Slides(models.Model):
    """A file that belongs to an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="slides")
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.file)


class Unsettled(models.Model):
    """Somebody of a report of who was there, whom nobody of the directory matches yet. `minutes` is how long.

    Who is settled, as a guest or as anybody else, stays here, so that the same report names them once.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="unsettled")
    name = models.CharField(max_length=300)
    email = models.CharField(max_length=254, blank=True)
    minutes = models.PositiveIntegerField(null=True)
    is_guest = models.BooleanField(default=False, db_default=False)
    is_settled = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["event", "name", "email"], name="unsettled_once")]

    def __str__(self) -> str:
        return self.name
