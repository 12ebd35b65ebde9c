"""The dated versions of the charter."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now

from folkmoot.charter.commitments import Commitment, commitment_named
from folkmoot.core.meanwhile import mark
from folkmoot.core.statements import statement


class VersionQuerySet(models.QuerySet["Version"]):
    """Readings of the charter by day."""

    def in_force(self, on: date) -> "Version":
        """The version that judges the day `on`: the latest begun by then, else the first. One statement."""
        versions = _versions()
        begun = [version for version in versions if version.since <= on]
        return begun[-1] if begun else versions[0] if versions else Version(since=on)

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

    def value(self, commitment: str, threshold: str) -> int:
        """The whole number this version sets for a threshold, or the one its commitment declares."""
        stated: Any = self.thresholds.get(commitment, {}).get(threshold)
        return (
            int(stated) if stated is not None else commitment_named(commitment).threshold(threshold).default
        )


@statement
def _versions() -> VersionQuerySet:
    return Version.objects.order_by("since")
