"""What any room may keep: files, and the doors that have been shut while pages stood open."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


def mint_key() -> str:
    """A name for a file that nobody can guess."""
    return secrets.token_urlsafe(18)


class StoredFileManager(models.Manager["StoredFile"]):
    """Files without what is in them."""

    def get_queryset(self) -> "models.QuerySet[StoredFile]":
        """The content is asked for by `core.files` alone, part by part."""
        return super().get_queryset().defer("content")


class StoredFile(models.Model):
    """A file that somebody gave, kept with the data so that one backup holds everything.

    `kind` is what its content was found to be, a media type; `name` is what it was called, and only words. `size` is
    in bytes.
    """

    key = models.CharField(max_length=32, primary_key=True, default=mint_key)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar[StoredFileManager] = StoredFileManager()

    def __str__(self) -> str:
        return self.name


class ShutDoor(models.Model):
    """Streams that were allowed by `door` before `at` are closed, and not opened again; see `core.live`."""

    door = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.door} at {self.at}"
