"""The letters that the demo would have sent: kept in the home's folder where there is no mail server."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

MOST = 50
_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]+\.log")


@dataclass(frozen=True)
class Letter:
    """One letter in the folder, by the name of its file."""

    name: str
    message: EmailMessage

    @property
    def to(self) -> str:
        """Whom it is for."""
        return str(self.message["To"] or "")

    @property
    def subject(self) -> str:
        """What it is about."""
        return str(self.message["Subject"] or "")

    @property
    def at(self) -> datetime | None:
        """When it was written; None where it does not say."""
        date = self.message["Date"]
        at = parsedate_to_datetime(str(date)) if date else None
        # “-0000” says that it is UTC and from nowhere, and Python that it has no zone.
        return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at

    @property
    def text(self) -> str:
        """What it says, as text."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """What it says, as HTML; empty where it has none."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


def letters() -> list[Letter]:
    """The latest letters."""
    folder = Path(settings.EMAIL_FILE_PATH)
    if not folder.is_dir():
        return []
    names = sorted((path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)
    return [letter for name in names[:MOST] if (letter := letter_of(name)) is not None]


def letter_of(name: str) -> Letter | None:
    """The letter in the file of that name; None for what is none of ours."""
    path = Path(settings.EMAIL_FILE_PATH) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    # Several letters of one connection stand in one file, with a line of dashes behind each.
    first = re.split(rb"\n-{79}\n", path.read_bytes())[0]
    message = message_from_bytes(first, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Letter(name, message)
