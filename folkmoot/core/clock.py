"""The clock. Whatever depends on the time takes it as an argument; only the edges ask here."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """The day it is now in the site's time zone (`settings.TIME_ZONE`, the organisation's own)."""
    return now().astimezone(timezone.get_default_timezone()).date()
