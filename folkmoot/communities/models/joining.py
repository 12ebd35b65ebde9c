"""Asking to join, and being invited."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models.communities import Community
from folkmoot.communities.models.memberships import Role


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    """Requests to join."""

    def waiting(self) -> "JoinRequestQuerySet":
        """Those that nobody has answered or withdrawn."""
        return self.filter(answered_at__isnull=True)

    def fresh(self, at: datetime) -> "JoinRequestQuerySet":
        """Those that wait, or were declined after the moment `at`."""
        declined = models.Q(answer=JoinRequest.Answer.DECLINED, answered_at__gt=at)
        return self.filter(models.Q(answered_at__isnull=True) | declined)


class JoinRequest(models.Model):
    """Somebody asks to join a community that is joined by request; a lead answers, once."""

    class Answer(models.TextChoices):
        """How it ended."""

        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="join_requests")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests"
    )
    message = models.TextField(max_length=1000, blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    note = models.TextField(max_length=1000, blank=True)

    objects: ClassVar[JoinRequestQuerySet] = JoinRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"],
                condition=Q(answered_at__isnull=True),
                name="one_waiting_request",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="request_answered_or_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} asks to join {self.community_id}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def open(self) -> "InvitationQuerySet":
        """Those that have been neither accepted nor declined nor withdrawn."""
        return self.filter(closed_at__isnull=True)


class Invitation(models.Model):
    """A lead invites a person of the directory into a community, in a role; accepted by joining."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=7, choices=Role, default=Role.WIDER)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invited_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"],
                condition=Q(closed_at__isnull=True),
                name="one_open_invitation",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["core", "wider"]), name="invitation_to_core_or_wider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} invited to {self.community_id}"
