"""What follows when an event begins, and when people answer or it changes: their calendars."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from procrastinate.contrib.django import app

from folkmoot.activity.actions import line, record_all
from folkmoot.activity.models import Entry
from folkmoot.calendar.days import start_of, today
from folkmoot.channels.models import Channel
from folkmoot.communities.models import Membership
from folkmoot.core import clock
from folkmoot.events.actions.answers import fill_places
from folkmoot.events.actions.circles import follow_circle
from folkmoot.events.invitations import bring_up_to_date, whose_calendars
from folkmoot.events.models import COMING, MEETINGS, Answer, Attendance, Event, FeedbackGiven, Hosting
from folkmoot.events.notices import FOLLOW_CIRCLE, INVITE
from folkmoot.events.people import CORE
from folkmoot.notifications.actions import settle_notices
from folkmoot.notifications.models import Notice
from folkmoot.notifications.tasks import GrowingGaps
from folkmoot.people.models import Person

EVERY = timedelta(minutes=5)
ASKED_FOR = timedelta(days=7)


@app.periodic(cron="*/5 * * * *")
@app.task(name="events.begin", lock="events.begin", queueing_lock="events.begin")
def begin(timestamp: int | None = None) -> None:
    """Put on record which events begin now, for the channels of the communities that host them; each once."""
    now = clock.now()
    said = Entry.objects.filter(
        verb="event_starting",
        about_type="events.event",
        about_id=OuterRef("event"),
        community_id=OuterRef("community"),
    )
    told = Channel.objects.working().filter(community=OuterRef("community"))
    beginning = (
        Hosting.objects.filter(event__starts_at__gt=now - EVERY, event__starts_at__lte=now + EVERY)
        .exclude(event__kind__in=MEETINGS)
        .filter(event__in=Event.objects.settled())
        .filter(Exists(told), ~Exists(said))
        .select_related("event", "community")
    )
    record_all(
        line("event_starting", by=None, about=each.event, community=each.community) for each in beginning
    )


@app.periodic(cron="*/5 * * * *")
@app.task(name="events.remind", lock="events.remind", queueing_lock="events.remind")
def remind(timestamp: int | None = None) -> None:
    """Put on record which events are a day or an hour ahead, for those who come; each of the two once.

    Each person says in their choices whether and how they hear of them. After a break of the worker, what has begun
    meanwhile is left alone.
    """
    now = clock.now()
    for verb, ahead, until in (
        ("event_tomorrow", timedelta(days=1), timedelta(hours=2)),
        ("event_in_an_hour", timedelta(hours=1), timedelta()),
    ):
        coming = Answer.objects.filter(event=OuterRef("pk"), said__in=COMING)
        near = Event.objects.settled().starting(now + until, now + ahead).filter(Exists(coming))
        # A letter says what was put on record last before the rest: what begins first.
        events = {event.pk: event for event in near.select_related("community").order_by("-starts_at", "-pk")}
        lines = Entry.objects.filter(verb=verb, about_type="events.event", about_id__in=events)
        known = set(lines.values_list("about_id", "data__starts"))
        record_all(
            line(verb, by=None, about=event, community=event.community, data={"starts": starts})
            for event in events.values()
            for starts in (event.starts_at.isoformat(),)
            if (event.pk, starts) not in known
        )


@app.periodic(cron="7,37 * * * *")
@app.task(name="events.ask_feedback", lock="events.ask_feedback", queueing_lock="events.ask_feedback")
def ask_feedback(timestamp: int | None = None) -> None:
    """Ask those who were there what they thought, once it is over and known who was; for a week after it."""
    now = clock.now()
    group = Concat(Value("feedback:"), Cast(OuterRef("event"), CharField()))
    told = Notice.objects.filter(person=OuterRef("person"), group=group)
    given = FeedbackGiven.objects.filter(person=OuterRef("person"), event=OuterRef("event"))
    here = Person.objects.here(today()).values("pk")
    came = Attendance.objects.filter(event=OuterRef("pk"), person__in=here)
    came = came.exclude(Exists(told)).exclude(Exists(given))
    over = (
        Event.objects.settled()
        .exclude(kind__in=MEETINGS)
        .filter(ends_at__gt=now - ASKED_FOR, ends_at__lte=now)
    )
    record_all(
        line("feedback_wanted", by=None, about=event, community=event.community)
        for event in over.filter(Exists(came)).select_related("community")
    )


@app.periodic(cron="12,42 * * * *")
@app.task(
    name="events.forget_reminders", lock="events.forget_reminders", queueing_lock="events.forget_reminders"
)
def forget_reminders(timestamp: int | None = None) -> None:
    """Of what is over since yesterday no reminder stands in an inbox any more."""
    now = clock.now()
    over = list(
        Event.objects.filter(ends_at__gt=now - timedelta(days=1), ends_at__lte=now).values_list(
            "pk", flat=True
        )
    )
    reminded = Answer.objects.filter(event__in=over).values("person")
    settle_notices(reminded, group__in=[f"reminder:{pk}" for pk in over])


@app.task(name=FOLLOW_CIRCLE, retry=5)
def follow(*, entry: int) -> None:
    """Bring the meetings to come in step with a membership that a line of the ledger began or ended."""
    found = Entry.objects.filter(pk=entry).first()
    if found is None or not found.about_id or not found.community_id:
        return
    ended = {each["role"] for each in found.data.get("ended", [])}
    if found.verb in {"left", "removed"}:
        ended.add(found.data["role"])
    follow_circle(community=found.community_id, person=found.about_id, ended=ended, at=found.at)


@app.periodic(cron="4 * * * *")
@app.task(name="events.follow_terms", lock="events.follow_terms", queueing_lock="events.follow_terms")
def follow_terms(timestamp: int | None = None) -> None:
    """The same for terms that began or ended by themselves, within a week: the worker may have been away."""
    day, week = today(), timedelta(days=7)
    begun = Q(since__range=(day - week, day))
    ended = Q(until__range=(day - week, day - timedelta(days=1)))
    for turned in Membership.objects.filter(begun | ended, role__in=CORE).order_by("pk"):
        over = turned.until if turned.until and turned.until < day else None
        follow_circle(
            community=turned.community_id,
            person=turned.person_id,
            ended=[turned.role] if over else [],
            at=start_of(over + timedelta(days=1)) if over else None,
        )


@app.periodic(cron="14 * * * *")
@app.task(name="events.fill", lock="events.fill", queueing_lock="events.fill")
def fill(timestamp: int | None = None) -> None:
    """Places of who has left the organisation, by their last day or an import, go to those who wait."""
    coming = Event.objects.settled().filter(ends_at__gt=clock.now(), capacity__isnull=False)
    for event in coming.filter(Exists(Answer.objects.waiting().filter(event=OuterRef("pk")))).order_by("pk"):
        fill_places(event)


@app.task(name=INVITE, retry=5)
@transaction.atomic
def invite(*, entry: int) -> None:
    """Have the calendars brought up to date that a line of the ledger concerns: one person's, or all of them.

    Not with what is over, as where it is marked as held.
    """
    found = Entry.objects.filter(pk=entry).first()
    if found is None or found.about_id is None:
        return
    new = found.verb == "event_invited"
    told = Event.objects.filter(pk__in=found.data.get("events", [found.about_id]), ends_at__gt=clock.now())
    calendars_follow(list(told.values_list("pk", flat=True)), new=new, person=found.data.get("person"))


def calendars_follow(events: Collection[int], *, new: bool = False, person: int | None = None) -> None:
    """Have every calendar brought up to date that has one of these events, or should; that of `person` alone, or only
    those to which they are `new`.

    One letter after the other to a person: calendars take the last, and of a series it tells of several.
    """
    for event, whose in whose_calendars(events, new=new, person=person):
        send_invitation.configure(lock=f"invite:{whose}").defer(event=event, person=whose)


@app.task(name="events.send_invitation", retry=GrowingGaps())
def send_invitation(*, event: int, person: int) -> None:
    """Bring one calendar up to date; tried again until the mail server takes it."""
    bring_up_to_date(event, person)
