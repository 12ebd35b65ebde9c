"""The day a page is asked for."""

from datetime import date

from django.http import HttpRequest

from folkmoot.calendar.days import can_be_looked_at, today


def asked_day(request: HttpRequest) -> tuple[date, bool]:
    """The day of `?on=`, and whether it was understood; today where there is none or it is no day."""
    text = request.GET.get("on", "").strip()
    if not text:
        return today(), True
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today(), False
    return (day, True) if can_be_looked_at(day) else (today(), False)
