"""Calendars, and the terms and closures in them."""

from datetime import date, time
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from folkmoot.core.statements import statement

FIRST_MONTH = 8  # an academic year begins in August


def monday_to_friday() -> list[int]:
    """The usual working days; Monday is 0."""
    return [0, 1, 2, 3, 4]


class CalendarQuerySet(models.QuerySet["Calendar"]):
    """The calendars there are."""

    def organisations(self) -> "Calendar":
        """The organisation's own, which every community follows that has no other. One statement."""
        return self.get(is_organisations=True)


class Calendar(models.Model):
    """Terms, closures and working hours of the organisation, or of a part that differs.

    `opens` and `closes` bound the working hours of `working_days` (Monday is 0). `holidays` names the country or
    part of one whose bank holidays are kept, as ISO 3166 does: GB-ENG.
    """

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    is_organisations = models.BooleanField(default=False, editable=False)
    opens = models.TimeField(_("working hours from"), default=time(9))
    closes = models.TimeField(_("until"), default=time(17))
    working_days = ArrayField(models.SmallIntegerField(), default=monday_to_friday)
    holidays = models.CharField(_("bank holidays"), max_length=10, blank=True)

    objects: ClassVar[CalendarQuerySet] = CalendarQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-is_organisations", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_organisations"], condition=Q(is_organisations=True), name="one_calendar_of_all"
            ),
            models.CheckConstraint(condition=~Q(slug="") & ~Q(name=""), name="calendar_has_a_name"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")), name="calendar_opens_before_it_closes"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def year_of(day: date) -> int:
    """The academic year that a day falls into, by the year in which it begins: 2026 is 2026–27."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def said_year(year: int) -> str:
    """“2026–27”."""
    return f"{year}–{(year + 1) % 100:02}"


class PeriodQuerySet(models.QuerySet["Period"]):
    """Terms and closures by day."""

    def terms(self) -> "PeriodQuerySet":
        """Terms only."""
        return self.filter(kind=Period.Kind.TERM)

    def of_year(self, year: int) -> "PeriodQuerySet":
        """Those that begin in an academic year."""
        return self.filter(start__gte=date(year, FIRST_MONTH, 1), start__lt=date(year + 1, FIRST_MONTH, 1))

    def term_of_all(self, on: date) -> "Period | None":
        """CHARTER.md's T for the organisation: the term that contains the day `on`, else the last that ended before.

        One statement.
        """
        found = _terms_begun(on)
        return found[0] if found else None

    def closed_on(self, day: date, calendar: int | None) -> "Period | None":
        """The closure that covers a day in that calendar, or in the organisation's (None). One statement."""
        kept = Q(calendar=calendar) if calendar else Q(calendar__is_organisations=True)
        return self.filter(kept, kind=Period.Kind.CLOSURE, start__lte=day, end__gte=day).first()


class Period(models.Model):
    """A term, a closure, or a week of another kind within a term; first and last day are both in it."""

    class Kind(models.TextChoices):
        """What a period is. Only terms and closures have consequences."""

        TERM = "term", _("Term")
        CLOSURE = "closure", _("Closure")
        READING_WEEK = "reading_week", _("Reading week")

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="periods")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TERM)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))

    objects: ClassVar[PeriodQuerySet] = PeriodQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["start", "end", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="period_days_in_order"),
            models.CheckConstraint(condition=~Q(name=""), name="period_has_a_name"),
            ExclusionConstraint(
                name="terms_do_not_overlap",
                expressions=[
                    (
                        Func(F("calendar"), F("calendar"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (Func(F("start"), F("end"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind="term"),
            ),
        ]
        indexes = [models.Index(fields=["calendar", "kind", "start"], name="period_by_start")]

    def __str__(self) -> str:
        return self.name

    def covers(self, on: date) -> bool:
        """Whether the day `on` is in it."""
        return self.start <= on <= self.end

    @property
    def weeks(self) -> int:
        """How many weeks it touches, counted from its first day."""
        return (self.end - self.start).days // 7 + 1

    def week(self, on: date) -> int:
        """Which of its weeks the day `on` is in, from 1."""
        return (on - self.start).days // 7 + 1


@statement
def _terms_begun(on: date) -> PeriodQuerySet:
    """Terms do not overlap, so the last one begun contains the day or has ended before it."""
    terms = Period.objects.terms().filter(calendar__is_organisations=True, start__lte=on)
    return terms.order_by("-start")[:1]
