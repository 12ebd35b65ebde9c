"""Dates as people say them, each in a `<time>` that machines can read."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from folkmoot.core import clock

# Style: (in this year, in another one).
STYLES = {
    "": ("j F", "j F Y"),
    "short": ("j M", "j M Y"),
    "weekday": ("D j M", "D j M Y"),
    "long": ("l j F Y", "l j F Y"),
    "month": ("F Y", "F Y"),
}


def day(value: date | None, style: str = "") -> SafeString:
    """“4 December”, with the year where it is not this one; “4 Dec” if short, “Thu 26 Nov” if weekday."""
    if value is None:
        return SafeString("")
    said = local(value).date() if isinstance(value, datetime) else value
    return _day(said, clock.today().year, style, get_language())


@lru_cache(maxsize=4096)
def _day(value: date, this_year: int, style: str, language: str | None) -> SafeString:
    words = date_format(value, STYLES[style][value.year != this_year])
    return SafeString(f'<time datetime="{value.isoformat()}">{escape(words)}</time>')


def when(start: datetime, end: datetime | None = None) -> SafeString:
    """“Thu 26 Nov, 12:30–13:30”; over midnight both days are said."""
    first = local(start)
    style = STYLES["weekday"][first.year != clock.today().year]
    words = f"{date_format(first, style)}, {date_format(first, 'H:i')}"
    if end is not None:
        last = local(end)
        if last.date() == first.date():
            words += f"–{date_format(last, 'H:i')}"
        else:
            words += f" – {date_format(last, style)}, {date_format(last, 'H:i')}"
    return SafeString(f'<time datetime="{first.isoformat(timespec="minutes")}">{escape(words)}</time>')


def ago(value: datetime) -> SafeString:
    """“20 min ago”, “3 hours ago”, “yesterday”, “5 days ago”, and then the day."""
    now, then = clock.now(), local(value)
    minutes = int((now - value) / timedelta(minutes=1))
    days = (local(now).date() - then.date()).days
    if minutes < 0 or days > 6:
        return day(value)
    if minutes < 1:
        words = _("just now")
    elif minutes < 60:
        words = _("%(number)s min ago") % {"number": minutes}
    elif days == 0:
        hours = minutes // 60
        words = ngettext("%(number)s hour ago", "%(number)s hours ago", hours) % {"number": hours}
    elif days == 1:
        words = _("yesterday")
    else:
        words = _("%(number)s days ago") % {"number": days}
    return SafeString(f'<time datetime="{then.isoformat(timespec="minutes")}">{escape(words)}</time>')


def date_box(value: date) -> SafeString:
    """The date block of a list: the month over the day."""
    said = local(value).date() if isinstance(value, datetime) else value
    return _date_box(said, get_language())


@lru_cache(maxsize=4096)
def _date_box(value: date, language: str | None) -> SafeString:
    month, number = escape(date_format(value, "M")), value.day
    return SafeString(
        f'<time class="date" datetime="{value.isoformat()}"><span>{month}</span> <b>{number}</b></time>'
    )


def local(moment: datetime) -> datetime:
    """In the organisation's time zone."""
    return moment.astimezone(timezone.get_default_timezone())
