"""The day a page is asked for."""

from datetime import date

from django.http import HttpRequest

from folkmoot.calendar.days import today
from folkmoot.events import filters


def asked_day(request: HttpRequest) -> tuple[date, bool]:
    """The day of `?on=`, and whether it was understood; today where there is none or it is no day."""
    text = request.GET.get("on", "").strip()
    day = filters.asked_day(text)
    return day or today(), not text or day is not None
