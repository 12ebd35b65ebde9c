"""Where the site is, for what is written outside a request, letters; and which addresses are its own."""

from pathlib import Path

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme


def site_address() -> str:
    """The address without a slash at its end: FOLKMOOT_URL, or where `folkmoot up` serves this home."""
    if settings.FOLKMOOT_URL:
        return str(settings.FOLKMOOT_URL).rstrip("/")
    kept = Path(settings.FOLKMOOT_ADDRESS_FILE)
    return kept.read_text().strip() if kept.exists() else "http://127.0.0.1:8000"


def own_path(text: str) -> str:
    """A path of this site that somebody sent along, to go back to; empty where it is none."""
    ours = url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text if ours and text.startswith("/") else ""
