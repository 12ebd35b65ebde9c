"""An event, the communities that host it, who speaks and who was there."""

import secrets
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from folkmoot.calendar.days import start_of, zone
from folkmoot.communities.models import Community
from folkmoot.core.text import fold
from folkmoot.discussions.models import Thread
from folkmoot.events.models.series import Series, uid_column


class Kind(models.TextChoices):
    """What kind of event it is."""

    LUNCH_AND_LEARN = "lunch_and_learn", _("Lunch and Learn")
    WORKSHOP = "workshop", _("Workshop")
    TALK = "talk", _("Talk")
    SHOW_AND_TELL = "show_and_tell", _("Show and tell")
    SOCIAL = "social", _("Social")
    CORE_MEETING = "core_meeting", _("Core meeting")
    SPONSOR_MEETING = "sponsor_meeting", _("Sponsor meeting")


LEARNING = (Kind.LUNCH_AND_LEARN, Kind.WORKSHOP, Kind.TALK, Kind.SHOW_AND_TELL)
MEETINGS = (Kind.CORE_MEETING, Kind.SPONSOR_MEETING)


class Status(models.TextChoices):
    """How far an event is. One whose end has passed was held unless it is a draft or was cancelled."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


# Neither drafts nor cancelled.
SETTLED = (Status.SCHEDULED, Status.HELD)


class Audience(models.TextChoices):
    """Who may come to what is no meeting."""

    STAFF = "staff", _("Everybody on the staff")
    COMMUNITY = "community", _("Members of the communities that hold it")
    CORE = "core", _("Core members, leads and sponsors")


class EventQuerySet(models.QuerySet["Event"]):
    """Events by time, host and kind."""

    def coming(self, at: datetime) -> "EventQuerySet":
        """Those that are not over at the moment `at`, the next first."""
        return self.filter(ends_at__gt=at).order_by("starts_at", "id")

    def past(self, at: datetime) -> "EventQuerySet":
        """Those that are over at the moment `at`, the latest first."""
        return self.filter(ends_at__lte=at).order_by("-starts_at", "-id")

    def between(self, first: date, last: date) -> "EventQuerySet":
        """Those that touch a day from `first` to `last` in the organisation's zone; midnight ends the day before."""
        begin, end = start_of(first), start_of(last + timedelta(days=1))
        return self.filter(starts_at__lt=end, ends_at__gte=begin).exclude(starts_at__lt=begin, ends_at=begin)

    def hosted_by(self, community: int) -> "EventQuerySet":
        """Those that the community hosts, alone or with others."""
        return self.filter(Exists(Hosting.objects.filter(event=OuterRef("pk"), community=community)))

    def starting(self, first: datetime, last: datetime) -> "EventQuerySet":
        """Those that begin after `first`, and by `last`."""
        return self.filter(starts_at__gt=first, starts_at__lte=last)

    def drafts_of(self, community: int) -> "EventQuerySet":
        """What those who plan the community's events have not published yet."""
        return self.filter(community=community, status=Status.DRAFT)

    def held(self) -> "EventQuerySet":
        """Held for the transaction, in the order of their ids, so that nobody who holds several waits for ever."""
        return self.select_for_update(of=("self",)).select_related("community").order_by("pk")

    def settled(self) -> "EventQuerySet":
        """Neither drafts nor cancelled."""
        return self.filter(status__in=SETTLED)


class Event(models.Model):
    """Something that takes place from `starts_at` to `ends_at`; its wall clock is that of `timezone`.

    `ref` is the organisation's own id, as given. `community` is the one that plans it, among those that host it; an
    event of the programme itself has none. In `thread` people talk about it. `note` is for those who may read the
    community's findings, `joining` for those who may come. `summary` is what is read, and `summary_html` how it is
    formatted, where it is. `sequence` rises with everything that calendars have to know. No `capacity` is no limit.
    Of a series, `occurrence` is when it was to start by its rule, wherever it has been moved to since; one that was
    moved by itself is_apart, and stays where it is when the others are moved.
    """

    MINTED = "~"

    ref = models.CharField(_("id"), max_length=200, unique=True)
    uid = uid_column()
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("what it is about"), max_length=8000, blank=True)
    summary_html = models.TextField(blank=True, db_default="")
    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, null=True, blank=True, related_name="planned_events"
    )
    hosts: "models.ManyToManyField[Community, Hosting]" = models.ManyToManyField(
        Community, through="Hosting", related_name="events"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    timezone = models.CharField(max_length=60)
    place = models.CharField(_("place"), max_length=300, blank=True)
    online_url = models.URLField(_("link"), max_length=2000, blank=True)
    joining = models.TextField(_("joining notes"), max_length=2000, blank=True, db_default="")
    recording_url = models.URLField(_("recording"), max_length=2000, blank=True, db_default="")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SCHEDULED)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    audience = models.CharField(
        _("who may come"), max_length=9, choices=Audience, default=Audience.STAFF, db_default=Audience.STAFF
    )
    sequence = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    series = models.ForeignKey(
        Series, on_delete=models.SET_NULL, null=True, blank=True, related_name="events", editable=False
    )
    occurrence = models.DateTimeField(null=True, blank=True, editable=False)
    is_apart = models.BooleanField(default=False, db_default=False, editable=False)
    thread = models.OneToOneField(Thread, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(_("note"), max_length=8000, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="event_times_in_order"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(ref=""), name="event_has_a_title_and_an_id"),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="event_by_start"),
            models.Index(fields=["ends_at"], name="event_by_end"),
            models.Index(fields=["series", "occurrence"], name="event_of_series"),
            models.Index(fields=["kind", "starts_at", "id"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The event's page."""
        return reverse("event", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """The title as part of an address; it carries no meaning."""
        return _slug(self.title)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its wall clock."""
        return ZoneInfo(self.timezone)

    @property
    def starts(self) -> datetime:
        """When it starts, by its own wall clock."""
        return self.starts_at.astimezone(self.zone)

    @property
    def starting_hour(self) -> str:
        """“12:30”, by its own wall clock, which a template would turn into the organisation's."""
        return f"{self.starts:%H:%M}"

    @property
    def ends(self) -> datetime:
        """When it ends, by its own wall clock."""
        return self.ends_at.astimezone(self.zone)

    @property
    def day(self) -> date:
        """The day it starts in the organisation's zone, by which the charter counts it."""
        return self.starts_at.astimezone(zone()).date()

    def counted_on(self, on: date) -> date:
        """The day as of which it counts who is here: `on`, and once it is over its own."""
        return min(self.day, on)

    @property
    def is_moved(self) -> bool:
        """Whether it no longer starts when its series says."""
        return self.occurrence is not None and self.occurrence != self.starts_at

    def is_over(self, at: datetime) -> bool:
        """Whether it has ended at the moment `at`."""
        return self.ends_at <= at

    @property
    def is_settled(self) -> bool:
        """Neither a draft nor cancelled."""
        return self.status in SETTLED

    @property
    def is_meeting(self) -> bool:
        """Whether it is a core or a sponsor meeting, for those who may read the community's findings."""
        return self.kind in MEETINGS

    @property
    def is_elsewhere(self) -> bool:
        """Whether its wall clock is not the organisation's."""
        return self.starts.utcoffset() != self.starts_at.astimezone(zone()).utcoffset()


@lru_cache(maxsize=8192)
def _slug(title: str) -> str:
    return slugify(fold(title))[:80].strip("-") or "event"


_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"


def mint_ref() -> str:
    """An id for an event that is made here."""
    return Event.MINTED + "".join(secrets.choice(_LETTERS) for _ in range(12))


def is_minted(ref: str) -> bool:
    """Whether this is such an id, and none of the organisation's own."""
    return len(ref) == 13 and ref.startswith(Event.MINTED) and set(ref[1:]) <= set(_LETTERS)


class Hosting(models.Model):
    """A community hosts an event; the one that plans it as well."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="hostings")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="hostings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "event"], name="hosts_once")]

    def __str__(self) -> str:
        return f"{self.community_id} hosts {self.event_id}"


class Speaker(models.Model):
    """Somebody who speaks at an event: a person of the directory, or a guest by name; in order."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="speakers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="talks"
    )
    name = models.CharField(max_length=300, blank=True)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["event", "place"], name="one_speaker_a_place"),
            models.UniqueConstraint(fields=["event", "person"], name="speaks_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ ~Q(name=""), name="speaker_is_a_person_or_a_guest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.name} speaks at {self.event_id}"


class Attendance(models.Model):
    """Somebody was at an event, and how that is known. Who came without having said so before walked in."""

    class How(models.TextChoices):
        """Who says so."""

        LIST = "list", _("Recorded by those who held it")
        CODE = "code", _("Checked in by the code in the room")
        REPORT = "report", _("By the report of Microsoft Teams")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances")
    how = models.CharField(max_length=6, choices=How, default=How.LIST, db_default=How.LIST)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="attends_once")]

    def __str__(self) -> str:
        return f"{self.person_id} was at {self.event_id}"


def as_known(zone_name: str) -> ZoneInfo | None:
    """The zone of that name, None where there is none."""
    try:
        return ZoneInfo(zone_name)
    except (ValueError, OSError, KeyError):  # an absolute path, a folder, no such zone
        return None
