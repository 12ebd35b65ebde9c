"""One line of the ledger."""

from typing import ClassVar

from django.db import models

# Who came, and what became of the community.
LATELY = ("accepted", "added", "appointed", "community_created", "joined", "stage_changed", "stepped_up")


class EntryQuerySet(models.QuerySet["Entry"]):
    """The ledger's readings, newest first."""

    def of_community(self, community_id: int) -> "EntryQuerySet":
        """What happened in one community."""
        return self.filter(community_id=community_id).order_by("-id")


class Entry(models.Model):
    """Somebody (or nobody: the system) did something to something. No foreign keys: it outlives its subject."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=300, blank=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    about_label = models.CharField(max_length=300, blank=True)
    community_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    objects: ClassVar[EntryQuerySet] = EntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["community_id", "-id"], name="entry_by_community"),
            # What a community's page shows, which is little of all that is done there.
            models.Index(
                fields=["community_id", "-id"], condition=models.Q(verb__in=LATELY), name="entry_lately"
            ),
            models.Index(fields=["about_type", "about_id", "-id"], name="entry_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.by_label or 'Folkmoot'} {self.verb} {self.about_label}"
