"""Who belongs to a community, in which role, from which day to which."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import connection, models
from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models.communities import Community
from folkmoot.core.search import beginning_with


class Role(models.TextChoices):
    """The roles of DOMAIN.md."""

    LEAD = "lead", _("Lead")
    SPONSOR = "sponsor", _("Sponsor")
    CORE = "core", _("Core member")
    WIDER = "wider", _("Wider member")


def _key_range(name: str) -> Func:
    """An id as a range of one, so that the exclusion needs no extension for scalars."""
    return Func(F(name), F(name), Value("[]"), function="int8range")


def _days() -> Func:
    return Func(F("since"), F("until"), Value("[]"), function="daterange")


ROLE_ORDER = (Role.LEAD, Role.SPONSOR, Role.CORE, Role.WIDER)
SMALLEST_GROUP = 5  # smaller groups of people are not broken down (CHARTER.md, DOMAIN.md: guard-rails)


@dataclass(frozen=True)
class Figures:
    """How many distinct people belong to a community on a day, and how they are made up."""

    people: int
    units: int
    leads: int
    sponsors: int
    core: int
    wider: int
    central: int
    academic: int
    joined_this_week: int

    @property
    def may_be_broken_down(self) -> bool:
        """Whether there are enough people to say anything about parts of them."""
        return self.people >= SMALLEST_GROUP

    @property
    def academic_share(self) -> int | None:
        """Per cent of academic departments among those of either kind; None where a part is too small."""
        parts = (self.central, self.academic)
        if sum(parts) < SMALLEST_GROUP or any(0 < part < SMALLEST_GROUP for part in parts):
            return None
        return round(100 * self.academic / sum(parts))

    @property
    def central_share(self) -> int | None:
        """What `academic_share` leaves to central services."""
        return None if self.academic_share is None else 100 - self.academic_share


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships on a day. They chain: `Membership.objects.current(on).leads()`."""

    def current(self, on: date) -> "MembershipQuerySet":
        """Memberships that cover the day `on`."""
        return self.filter(Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on)))

    def not_ended(self, on: date) -> "MembershipQuerySet":
        """Memberships that cover the day `on` or begin after it."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on))

    def overlapping(self, since: date, until: date | None) -> "MembershipQuerySet":
        """Memberships with a day from `since` to `until` (None: for ever), both inclusive."""
        later = self.not_ended(since)
        return later if until is None else later.filter(since__lte=until)

    def leads(self) -> "MembershipQuerySet":
        """Those of leads."""
        return self.filter(role=Role.LEAD)

    def sponsors(self) -> "MembershipQuerySet":
        """Those of sponsors."""
        return self.filter(role=Role.SPONSOR)

    def in_post(self) -> "MembershipQuerySet":
        """Those of leads and sponsors."""
        return self.filter(role__in=[Role.LEAD, Role.SPONSOR])

    def seats(self) -> "MembershipQuerySet":
        """Those of leads, core and wider members, of which a person holds one at most in a community."""
        return self.exclude(role=Role.SPONSOR)

    def dated_after(self, on: date) -> "MembershipQuerySet":
        """Memberships that begin after the day `on`, or are held on it and have an end."""
        return self.filter(Q(since__gt=on) | Q(since__lte=on, until__gte=on))

    def matching(self, text: str) -> "MembershipQuerySet":
        """Memberships of people whose name, title, unit or skills hold every word of `text`, by prefix."""
        wanted = beginning_with(text)
        return self if wanted is None else self.filter(person__words=wanted)

    def in_role_order(self) -> "MembershipQuerySet":
        """Leads first, then sponsors, core and wider members, by name: annotates `role_order` to page by."""
        places = [When(role=role, then=Value(place)) for place, role in enumerate(ROLE_ORDER)]
        order = Case(*places, output_field=IntegerField())
        return self.annotate(role_order=order).order_by("role_order", "person__sort_name", "id")

    def sizes(self, on: date, communities: Iterable[int]) -> dict[int, int]:
        """{community id: distinct people with a membership on the day `on`}. One statement."""
        with connection.cursor() as cursor:
            cursor.execute(_SIZES, {"communities": list(communities), "on": on})
            return dict(cursor.fetchall())

    def figures(self, on: date, community: Community) -> Figures:
        """What `community` is made of on the day `on`. People of two roles count once. One statement.

        Somebody has joined this week who belongs to it now and did not seven days ago.
        """
        week_ago = on - timedelta(days=7)
        with connection.cursor() as cursor:
            cursor.execute(_FIGURES, {"community": community.pk, "on": on, "week_ago": week_ago})
            return Figures(*cursor.fetchone())


_SIZES = """
SELECT community_id, count(DISTINCT person_id)
FROM communities_membership
WHERE community_id = ANY (%(communities)s) AND since <= %(on)s AND (until IS NULL OR until >= %(on)s)
GROUP BY community_id
"""

_FIGURES = """
SELECT count(DISTINCT m.person_id), count(DISTINCT person.unit_id),
       count(DISTINCT m.person_id) FILTER (WHERE m.role = 'lead'),
       count(DISTINCT m.person_id) FILTER (WHERE m.role = 'sponsor'),
       count(DISTINCT m.person_id) FILTER (WHERE m.role = 'core'),
       count(DISTINCT m.person_id) FILTER (WHERE m.role = 'wider'),
       count(DISTINCT m.person_id) FILTER (WHERE unit.kind = 'central'),
       count(DISTINCT m.person_id) FILTER (WHERE unit.kind = 'academic'),
       count(DISTINCT m.person_id) FILTER (WHERE m.since > %(week_ago)s AND NOT EXISTS (
           SELECT FROM communities_membership before
           WHERE before.community_id = m.community_id AND before.person_id = m.person_id
             AND before.since <= %(week_ago)s AND (before.until IS NULL OR before.until >= %(week_ago)s)))
FROM communities_membership m
JOIN people_person person ON person.id = m.person_id
LEFT JOIN people_unit unit ON unit.id = person.unit_id
WHERE m.community_id = %(community)s AND m.since <= %(on)s AND (m.until IS NULL OR m.until >= %(on)s)
"""


class Membership(models.Model):
    """A person belongs to a community in a role, from `since` to `until`, both inclusive, or still."""

    Role = Role

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=7, choices=Role)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="membership_days_in_order"
            ),
            ExclusionConstraint(
                name="one_seat_a_person_at_a_time",
                expressions=[
                    (_key_range("community_id"), RangeOperators.OVERLAPS),
                    (_key_range("person_id"), RangeOperators.OVERLAPS),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                condition=~Q(role="sponsor"),
            ),
            ExclusionConstraint(
                name="one_sponsorship_a_person_at_a_time",
                expressions=[
                    (_key_range("community_id"), RangeOperators.OVERLAPS),
                    (_key_range("person_id"), RangeOperators.OVERLAPS),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(role="sponsor"),
            ),
        ]
        indexes = [
            models.Index(fields=["community", "role", "since", "until"], name="membership_by_community"),
            models.Index(fields=["person", "since", "until"], name="membership_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.community_id}"

    def covers(self, on: date) -> bool:
        """Whether the membership holds on the day `on`."""
        return self.since <= on and (self.until is None or self.until >= on)
