"""The dated versions of the charter."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from folkmoot.charter.commitments import Commitment, commitment_named, commitments
from folkmoot.core.meanwhile import mark
from folkmoot.core.statements import statement


@dataclass(frozen=True)
class Versions:
    """Every version of the charter, the earliest first."""

    all: "tuple[Version, ...]"

    def on(self, day: date) -> "Version":
        """The version that judges a day: the latest begun by then, else the first."""
        begun = [version for version in self.all if version.since <= day]
        return begun[-1] if begun else self.all[0] if self.all else Version(since=day)


class VersionQuerySet(models.QuerySet["Version"]):
    """Readings of the charter by day."""

    def by_day(self) -> "Versions":
        """All versions, to ask for more than one day. One statement."""
        return Versions(tuple(_versions()))

    def in_force(self, on: date) -> "Version":
        """The version that judges the day `on`: the latest begun by then, else the first. One statement."""
        return self.by_day().on(on)

    def marks(self) -> dict[str, str]:
        """{first day: mark} of what each version says, for `core.meanwhile`. One statement."""
        return {version.since.isoformat(): mark((version.thresholds, version.note)) for version in self}


class Version(models.Model):
    """The charter from the day `since` until the next version's.

    `thresholds` is {commitment: {threshold: whole number}}; what is missing has the value its commitment declares.
    """

    since = models.DateField(unique=True)
    thresholds = models.JSONField(default=dict)
    note = models.TextField(max_length=2000, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"Charter from {self.since}"

    def in_short(self, commitment: Commitment) -> str:
        """A commitment's promise in a few characters, with this version's numbers: “2–4”."""
        return commitment.in_short(lambda threshold: self.value(commitment.key, threshold))

    def numbers(self) -> dict[str, dict[str, int]]:
        """{commitment: {threshold: whole number}} of every commitment there is."""
        return {
            each.key: {threshold.key: self.value(each.key, threshold.key) for threshold in each.thresholds}
            for each in commitments()
        }

    def value(self, commitment: str, threshold: str) -> int:
        """The whole number this version sets for a threshold, or the one its commitment declares."""
        stated: Any = self.thresholds.get(commitment, {}).get(threshold)
        return (
            int(stated) if stated is not None else commitment_named(commitment).threshold(threshold).default
        )


class MeasuredFrom(models.Model):
    """The day from which the programme is measured, where it is not that of the first version; at most one row."""

    day = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="measured_from_one_day")]

    def __str__(self) -> str:
        return f"Measured from {self.day}"


@statement
def _versions() -> VersionQuerySet:
    return Version.objects.order_by("since")
