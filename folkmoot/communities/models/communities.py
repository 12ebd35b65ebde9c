"""A community of practice and the stages it went through."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from folkmoot.calendar.models import Calendar
from folkmoot.communities.models.sql import Sql
from folkmoot.core.search import beginning_with, words_column
from folkmoot.core.text import sort_key, words

LONGEST_LINE = 320
_STAGE = """
CASE WHEN {1} < %s THEN 'closed' ELSE COALESCE((
    SELECT change.stage FROM communities_stagechange change
    WHERE change.community_id = {0} AND change.since <= %s ORDER BY change.since DESC LIMIT 1
), 'proposed') END
"""
_ROLES = """
ARRAY(SELECT held.role FROM communities_membership held
      WHERE held.community_id = {0} AND held.person_id = %s
        AND held.since <= %s AND (held.until IS NULL OR held.until >= %s))
"""
_WAITING = """
(SELECT count(*) FROM communities_joinrequest asked WHERE asked.community_id = {0} AND asked.answered_at IS NULL)
"""


class PracticeArea(models.Model):
    """What kind of work communities gather around: Planning, Research support …"""

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering = ["sort_name", "id"]

    def __str__(self) -> str:
        return self.name

    def set_keys(self) -> None:
        """Recompute the sort key. `save` does it; bulk writers call it."""
        self.sort_name = sort_key(self.name)[:200]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a fresh key."""
        self.set_keys()
        super().save(*args, **kwargs)


class Stage(models.TextChoices):
    """The stages of a community, in the order of its life."""

    PROPOSED = "proposed", _("Proposed")
    FORMING = "forming", _("Forming")
    ACTIVE = "active", _("Active")
    RESTING = "resting", _("Resting")
    CLOSED = "closed", _("Closed")


class CommunityQuerySet(models.QuerySet["Community"]):
    """Readings of the programme's communities on a day."""

    def with_stage(self, on: date) -> "CommunityQuerySet":
        """Annotate `stage`: the stage that holds on the day `on`; `closed` after the community's last day."""
        return self.annotate(
            stage=Sql(_STAGE, "pk", "until", params=(on, on), output_field=models.CharField())
        )

    def with_roles_of(self, person: int, on: date) -> "CommunityQuerySet":
        """Annotate `viewer_roles`: the roles that the person of that id holds on the day `on`, as a list."""
        roles = ArrayField(models.CharField())
        return self.annotate(viewer_roles=Sql(_ROLES, "pk", params=(person, on, on), output_field=roles))

    def with_requests_waiting(self) -> "CommunityQuerySet":
        """Annotate `waiting`: how many people wait for an answer to their wish to join."""
        return self.annotate(waiting=Sql(_WAITING, "pk", params=(), output_field=models.IntegerField()))

    def open(self, on: date) -> "CommunityQuerySet":
        """Communities that are not closed on the day `on`, with their `stage`."""
        return self.with_stage(on).exclude(Q(stage=Stage.CLOSED))

    def measured(self, on: date) -> "CommunityQuerySet":
        """Communities that CHARTER.md measures on the day `on`, with their `stage`."""
        return (
            self.filter(Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on)))
            .with_stage(on)
            .exclude(Q(stage__in=[Stage.PROPOSED, Stage.CLOSED]))
        )

    def public(self) -> "CommunityQuerySet":
        """Communities that visitors may see where the organisation lets them see any."""
        return self.filter(is_public=True)

    def matching(self, text: str) -> "CommunityQuerySet":
        """Communities whose name, summary or practice area hold every word of `text`, by prefix."""
        wanted = beginning_with(text)
        return self if wanted is None else self.filter(words=wanted)


class Community(models.Model):
    """A community of practice. `since` and `until` are the first and the last day of its life, inclusive."""

    class Space(models.TextChoices):
        """Kinds of online space."""

        NONE = "", _("None yet")
        TEAMS = "teams", _("Microsoft Teams")
        SLACK = "slack", _("Slack")
        ENGAGE = "engage", _("Viva Engage")
        MAILING_LIST = "mailing_list", _("Mailing list")
        FOLKMOOT = "folkmoot", _("Folkmoot")
        OTHER = "other", _("Another space")

    class Joining(models.TextChoices):
        """How one becomes a member."""

        OPEN = "open", _("Anyone may join")
        REQUEST = "request", _("Ask to join")
        INVITATION = "invitation", _("By invitation")

    class Inside(models.TextChoices):
        """Who may see what is inside: conversations, minutes, files."""

        STAFF = "staff", _("All staff")
        MEMBERS = "members", _("Members only")

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)
    search_key = models.TextField(editable=False)
    words = words_column()
    practice_area = models.ForeignKey(
        PracticeArea, on_delete=models.PROTECT, null=True, blank=True, related_name="communities"
    )
    summary = models.TextField(_("purpose"), max_length=4000, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    space_kind = models.CharField(_("online space"), max_length=20, choices=Space, blank=True)
    space_url = models.URLField(_("link to the online space"), max_length=2000, blank=True)
    joining = models.CharField(_("joining"), max_length=12, choices=Joining, default=Joining.OPEN)
    inside = models.CharField(_("who may see inside"), max_length=10, choices=Inside, default=Inside.STAFF)
    calendar = models.ForeignKey(
        Calendar,
        verbose_name=_("calendar"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="communities",
    )
    is_public = models.BooleanField(_("visible to visitors"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    stage: str  # on a day: annotated by `with_stage`, `open` and `measured`
    viewer_roles: list[str]
    waiting: int

    objects: ClassVar[CommunityQuerySet] = CommunityQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="community_has_a_slug"),
            models.CheckConstraint(condition=~Q(slug="new"), name="community_slug_is_not_new"),
            models.CheckConstraint(condition=~Q(name=""), name="community_has_a_name"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since") - 1), name="community_days_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="community_by_name"),
            models.Index(fields=["practice_area", "sort_name", "id"], name="community_by_area"),
            GinIndex(fields=["words"], name="community_words"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The community's overview."""
        return reverse("community", args=[self.slug])

    def stage_on(self, on: date) -> str:
        """The stage that holds on the day `on`."""
        return Community.objects.with_stage(on).get(pk=self.pk).stage

    def is_measured(self, on: date) -> bool:
        """Whether CHARTER.md measures it on the day `on`, for which its `stage` was fetched."""
        living = self.since <= on and (self.until is None or self.until >= on)
        return living and self.stage not in {Stage.PROPOSED, Stage.CLOSED}

    @property
    def inside_door(self) -> str:
        """The door to what is inside, which is shut when fewer may look in: see `core.live.shut`."""
        return f"inside:{self.pk}"

    @property
    def purpose_line(self) -> str:
        """The purpose in a few lines, to stand under the name: the sentences of its first paragraph that fit."""
        first = self.summary.strip().split("\n")[0].strip()
        if len(first) <= LONGEST_LINE:
            return first
        end = first.rfind(". ", 0, LONGEST_LINE)
        return first[: end + 1] if end > 0 else Truncator(first).chars(LONGEST_LINE)

    @property
    def more_about(self) -> str:
        """What the purpose says beyond its line; all of it where that had to be cut within a sentence."""
        return self.summary.strip().removeprefix(self.purpose_line).strip()

    @property
    def space_link(self) -> str:
        """The link to the online space if a browser may follow it; an import may have brought anything."""
        return self.space_url if self.space_url.lower().startswith(("https://", "http://")) else ""

    def set_keys(self) -> None:
        """Recompute what name, purpose and practice area give. `save` does it; bulk writers call it."""
        self.sort_name = sort_key(self.name)[:200]
        area = self.practice_area.name if self.practice_area else ""
        self.search_key = " ".join(words(" ".join([self.name, area, self.summary])))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with fresh keys."""
        if kwargs.get("update_fields") is None:
            self.set_keys()
        super().save(*args, **kwargs)


class StageChange(models.Model):
    """From the day `since` the community was in `stage`, until the next change."""

    Stage = Stage

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=10, choices=Stage)
    since = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "since"], name="one_stage_change_a_day"),
        ]
        ordering = ["since"]

    def __str__(self) -> str:
        return f"{self.stage} since {self.since}"
