"""Events that take place again and again."""

from django.db import models


class Series(models.Model):
    """What makes events one series. `rule` is an RRULE (RFC 5545 §3.3.10); termly ones have none, their days are told.

    Each event of it is a row of its own, so that it can be answered, moved, cancelled and counted like any other.
    """

    rule = models.CharField(max_length=200, blank=True)
    sequence = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.rule or "termly"
