"""Finding a time that suits: a few that are offered, and what each who is asked says of them."""

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models import Community, Membership, MembershipQuerySet, Role
from folkmoot.events.models import Event, Kind, Status
from folkmoot.events.people import CIRCLES
from folkmoot.people.models import Person, PersonQuerySet


def held_in_circle(community: int, kind: str, on: date) -> MembershipQuerySet:
    """What makes a community's meetings of that kind somebody's on the day `on`."""
    return Membership.objects.current(on).filter(community=community, role__in=CIRCLES[kind])


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

    @property
    def is_called_off(self) -> bool:
        """Whether what was booked was cancelled since."""
        return self.event is not None and self.event.status == Status.CANCELLED

    def circle(self, on: date) -> PersonQuerySet:
        """Those who are asked and whose meeting it still is on the day `on`: nobody else's answers count."""
        held = held_in_circle(self.community_id, self.kind, on).values("person")
        return Person.objects.here(on).filter(pk__in=held).filter(pk__in=self.askings.values("person"))

    def best(self, on: date) -> "Slot | None":
        """The time that suits most, the fewest of them only if need be; of equals the earliest. None where none does.

        At least two of its circle must be able to come, and to a sponsor meeting the sponsor and a lead of the day
        `on`. Three statements.
        """
        said: dict[int, dict[int, str]] = {}
        marks = Mark.objects.filter(slot__poll=self, person__in=self.circle(on))
        for slot, person, suits in marks.values_list("slot", "person", "suits"):
            said.setdefault(slot, {})[person] = suits
        held = Membership.objects.current(on).filter(community=self.community_id)
        roles = {
            role: set(held.filter(role=role).values_list("person", flat=True))
            for role in (Role.LEAD, Role.SPONSOR)
        }

        def will_do(slot: Slot) -> bool:
            can = {person for person, suits in said.get(slot.pk, {}).items() if suits != Suits.NO}
            both = all(can & roles[role] for role in roles)
            return len(can) >= 2 and (both or self.kind != Kind.SPONSOR_MEETING)

        def worth(slot: Slot) -> tuple[int, int, float]:
            answers = list(said.get(slot.pk, {}).values())
            can = len(answers) - answers.count(Suits.NO)
            return can, answers.count(Suits.YES), -slot.starts_at.timestamp()

        return max((slot for slot in self.slots.all() if will_do(slot)), key=worth, default=None)


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
