"""When events of a series take place: by a rule of RFC 5545, reckoned by `dateutil` on the wall clock.

The wall clock stays what it is across clock changes. A time that is skipped or doubled by one is read as RFC 5545
§3.3.5 says: by the offset before the change, which is what `zoneinfo` does.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from dateutil.rrule import rrulestr
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.calendar.models import Period

MOST = 60
LONGEST = timedelta(days=3 * 366)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Every(models.TextChoices):
    """How often."""

    WEEK = "week", gettext_lazy("Every week")
    FORTNIGHT = "fortnight", gettext_lazy("Every two weeks")
    MONTH = "month", gettext_lazy("Every month, on the same weekday")
    TERM = "term", gettext_lazy("Every term, in the same week of it")


def rule_of(every: str, first: date, until: date) -> str:
    """The RRULE for events from the day `first` to the day `until`; empty for termly ones, which no rule describes."""
    last = f"UNTIL={until:%Y%m%d}T235959"
    match every:
        case Every.WEEK:
            return f"FREQ=WEEKLY;{last}"
        case Every.FORTNIGHT:
            return f"FREQ=WEEKLY;INTERVAL=2;{last}"
        case Every.MONTH:
            # The fifth of a weekday is the last one: not every month has five.
            which = (first.day - 1) // 7 + 1
            return f"FREQ=MONTHLY;BYDAY={which if which < 5 else -1}{_DAYS[first.weekday()]};{last}"
    return ""


def days_by_rule(rule: str, first: datetime, most: int = MOST) -> list[datetime]:
    """When they start on the wall clock, the first among them, and one more than `most` where there are more.

    `first` carries no zone. Raises ValueError for a rule that is none.
    """
    found = [first]
    for at in rrulestr(rule, dtstart=first, ignoretz=True).xafter(first, count=most + 1):
        if at - first > LONGEST:
            break
        found.append(at)
    return found[: most + 1]


def days_by_term(first: date, until: date, terms: Sequence[Period]) -> list[date]:
    """The day of the same week and weekday in each term from that of `first` on; in shorter ones their last such.

    Only `first` where it lies in no term.
    """
    own = next((term for term in terms if term.covers(first)), None)
    if own is None:
        return [first]
    week = (first - _monday(own.start)).days // 7
    found = [first]
    for term in sorted(terms, key=lambda each: each.start):
        if term.start <= own.start:
            continue
        day = _monday(term.start) + timedelta(days=7 * week + first.weekday())
        while day > term.end:
            day -= timedelta(days=7)
        if term.covers(day) and day <= until:
            found.append(day)
    return found


def said(rule: str) -> str:
    """A rule of ours in words."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    if parts.get("FREQ") == "MONTHLY":
        return _("every month")
    if parts.get("FREQ") == "WEEKLY":
        return _("every two weeks") if parts.get("INTERVAL") == "2" else _("every week")
    return _("every term") if not rule else _("again and again")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
