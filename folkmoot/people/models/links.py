"""One-time links by which somebody signs in for the first time, or again without a password."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

from folkmoot.core import clock

LIVES = timedelta(days=7)


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    """Readings of the links that were given out."""

    def open(self) -> "SignInLinkQuerySet":
        """Links that can still be used."""
        return self.filter(used_at__isnull=True, expires_at__gt=clock.now())

    def over(self) -> "SignInLinkQuerySet":
        """Links that were used or have expired."""
        return self.exclude(used_at__isnull=True, expires_at__gt=clock.now())

    def with_token(self, token: str) -> "SignInLinkQuerySet":
        """The open link that carries `token`, with its person."""
        return self.open().filter(token_hash=token_hash(token)).select_related("person")


class SignInLink(models.Model):
    """A link that signs in once. Only a keyed hash of its token is stored: a copy of the data opens nothing.

    Without a person it is for the first account of the programme team, which says on arrival who it is.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sign_in_links",
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[SignInLinkQuerySet] = SignInLinkQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"Sign-in link of {self.person_id or 'the first account'}"


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return salted_hmac("folkmoot.people.sign_in_link", token, algorithm="sha256").hexdigest()
