"""Secrets of others, kept so that a copy of the database alone does not give them away (Fernet, by the signing key)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def sealed(text: str) -> bytes:
    """The text, unreadable without the signing key."""
    return _box().encrypt(text.encode())


def opened(content: bytes | memoryview) -> str | None:
    """The text again; None where the signing key has become another one."""
    try:
        return _box().decrypt(bytes(content)).decode()
    except InvalidToken:
        return None


def _box() -> Fernet:
    key = hashlib.sha256(b"folkmoot.channels:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
