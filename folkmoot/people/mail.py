"""Letters to one person: plain text, from a pair of templates."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

KEPT_IN_A_FOLDER = "django.core.mail.backends.filebased.EmailBackend"


def is_configured() -> bool:
    """Whether letters leave the house. Without a mail server they are only kept in a folder."""
    return settings.EMAIL_BACKEND != KEPT_IN_A_FOLDER


def send(letter: str, to: str, context: dict[str, Any]) -> None:
    """Send the letter of `<letter>_subject.txt` and `<letter>_message.txt`. Raises OSError when it cannot."""
    context = {**context, "organisation": settings.FOLKMOOT_ORGANISATION}
    subject = " ".join(render_to_string(f"{letter}_subject.txt", context).split())
    body = render_to_string(f"{letter}_message.txt", context).strip() + "\n"
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to]).send()
