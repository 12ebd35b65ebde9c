"""Where the site is, for what is written outside a request: letters."""

from pathlib import Path

from django.conf import settings


def site_address() -> str:
    """The address without a slash at its end: FOLKMOOT_URL, or where `folkmoot up` serves this home."""
    if settings.FOLKMOOT_URL:
        return str(settings.FOLKMOOT_URL).rstrip("/")
    kept = Path(settings.FOLKMOOT_ADDRESS_FILE)
    return kept.read_text().strip() if kept.exists() else "http://127.0.0.1:8000"
