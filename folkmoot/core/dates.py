"""Days as people say them, in sentences. For dates on a page there is the `day` tag of ui, with its <time>."""

from datetime import date

from django.utils.formats import date_format


def say_day(day: date, on: date) -> str:
    """“3 March”, with the year where it is not that of `on`."""
    return date_format(day, "j F" if day.year == on.year else "j F Y")
