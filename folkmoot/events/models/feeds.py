"""Addresses that calendars read: each a secret of one person, who can have another."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models import Community


def mint_secret() -> str:
    """What nobody guesses."""
    return secrets.token_urlsafe(24)


class Feed(models.Model):
    """A calendar that somebody subscribes to: what they come to, a community's events, or the programme's."""

    class Kind(models.TextChoices):
        """Whose events."""

        MINE = "mine", _("What I come to")
        COMMUNITY = "community", _("A community's")
        PROGRAMME = "programme", _("The programme's")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds")
    kind = models.CharField(max_length=9, choices=Kind)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, null=True, related_name="+")
    secret = models.CharField(max_length=40, unique=True, default=mint_secret)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "community"], nulls_distinct=False, name="one_feed_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="community") ^ Q(community__isnull=True), name="feed_of_a_community_names_it"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"
