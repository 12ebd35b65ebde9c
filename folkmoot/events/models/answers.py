"""What people answer: whether they come, or wait for a place."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.calendar.days import today
from folkmoot.events.models.events import Event


class Said(models.TextChoices):
    """What somebody answers. Who wants to come to a full event waits; who was invited has not answered yet."""

    GOING = "going", _("Going")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("Can’t")
    WAITING = "waiting", _("Waiting")
    ASKED = "asked", _("Invited")


COMING = (Said.GOING, Said.MAYBE)
IN_CALENDARS = (*COMING, Said.ASKED)


class AnswerQuerySet(models.QuerySet["Answer"]):
    """The answers to an event."""

    def going(self) -> "AnswerQuerySet":
        """Those that take a place."""
        return self.filter(said=Said.GOING)

    def here(self, on: date) -> "AnswerQuerySet":
        """Those of people who have not left by the day `on`."""
        return self.filter(Q(person__left__isnull=True) | Q(person__left__gt=on))

    def waiting(self) -> "AnswerQuerySet":
        """Those that wait for a place, the first first."""
        return self.filter(said=Said.WAITING).order_by("at", "id")

    def place_in_line(self, mine: "Answer") -> int:
        """The how manyth of those who wait for that event this one is, from one on."""
        before = Q(at__lt=mine.at) | Q(at=mine.at, id__lt=mine.pk)
        waiting = self.filter(before, event=mine.event_id, said=Said.WAITING)
        return waiting.here(today()).count() + 1


class Answer(models.Model):
    """What `person` says to an event. `at` is when they came to say so, by which those who wait stand in line.

    `turn` rises whenever they say otherwise. `invited` is the sequence of the last invitation that their calendar was
    sent; None where it has none of ours. `heard` is the line of the ledger up to which letters have told them. Who
    answered a series at once (`of_series`) has it in their calendar as one thing.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="event_answers"
    )
    said = models.CharField(max_length=8, choices=Said)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    invited = models.PositiveIntegerField(null=True)
    heard = models.BigIntegerField(default=0, db_default=0)
    turn = models.PositiveIntegerField(default=0, db_default=0)
    of_series = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[AnswerQuerySet] = AnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="answers_once")]
        indexes = [models.Index(fields=["event", "said", "at", "id"], name="answers_in_line")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.said}"

    @property
    def is_coming(self) -> bool:
        """Whether they come, or perhaps do."""
        return self.said in COMING

    @property
    def sequence(self) -> int:
        """What their calendar is told: it rises with every change of the event that shows there, and of the answer."""
        return self.event.sequence + self.turn

    @property
    def is_in_calendar(self) -> bool:
        """Whether it stands in their calendar, or is to: also while they have not answered."""
        return self.said in IN_CALENDARS
