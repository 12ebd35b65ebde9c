"""Addresses in letters that open one thing without signing in: signed, and each good for its own `purpose` alone."""

from typing import Any

from django.core import signing


def sign_pair(first: int, second: int | str, *, purpose: str) -> str:
    """What stands in the address for these two."""
    return signing.dumps([first, second], salt=purpose)


def signed_pair(token: str, *, purpose: str) -> tuple[int, Any] | None:
    """The two of such a token; None for one that we never wrote, or for another purpose."""
    try:
        first, second = signing.loads(token, salt=purpose)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(first), second
