"""Events that take place again and again."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Cast


def uid_column() -> models.CharField:
    """What calendars know it by, everywhere and for good (RFC 7986 §5.3): it does not tell where Folkmoot runs."""
    known = Cast(RandomUUID(), models.CharField())
    return models.CharField(max_length=300, unique=True, db_default=known, editable=False)


class Series(models.Model):
    """What makes events one series. `rule` is an RRULE (RFC 5545 §3.3.10); termly ones have none, their days are told.

    Each event of it is a row of its own, so that it can be answered, moved, cancelled and counted like any other.
    """

    uid = uid_column()
    rule = models.CharField(max_length=200, blank=True)
    sequence = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.rule or "termly"
