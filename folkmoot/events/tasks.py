"""What follows when an event begins, and when people answer or it changes: their calendars."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from procrastinate.contrib.django import app

from folkmoot.activity.actions import line, record_all
from folkmoot.activity.models import Entry
from folkmoot.channels.models import Channel
from folkmoot.core import clock
from folkmoot.events.invitations import bring_up_to_date, whose_calendars
from folkmoot.events.models import COMING, MEETINGS, Answer, Attendance, Event, FeedbackGiven, Hosting
from folkmoot.events.notices import INVITE
from folkmoot.notifications.actions import settle_notices
from folkmoot.notifications.models import Notice
from folkmoot.notifications.tasks import GrowingGaps

EVERY = timedelta(minutes=5)
ASKED_FOR = timedelta(days=7)


@app.periodic(cron="*/5 * * * *")
@app.task(name="events.begin", queueing_lock="events.begin")
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
@app.task(name="events.remind", queueing_lock="events.remind")
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
        events = {event.pk: event for event in near.select_related("community")}
        lines = Entry.objects.filter(verb=verb, about_type="events.event", about_id__in=events)
        known = set(lines.values_list("about_id", "data__starts"))
        record_all(
            line(verb, by=None, about=event, community=event.community, data={"starts": starts})
            for event in events.values()
            for starts in (event.starts_at.isoformat(),)
            if (event.pk, starts) not in known
        )


@app.periodic(cron="7,37 * * * *")
@app.task(name="events.ask_feedback", queueing_lock="events.ask_feedback")
def ask_feedback(timestamp: int | None = None) -> None:
    """Ask those who were there what they thought, once it is over and known who was; for a week after it."""
    now = clock.now()
    group = Concat(Value("feedback:"), Cast(OuterRef("event"), CharField()))
    told = Notice.objects.filter(person=OuterRef("person"), group=group)
    given = FeedbackGiven.objects.filter(person=OuterRef("person"), event=OuterRef("event"))
    came = Attendance.objects.filter(event=OuterRef("pk")).exclude(Exists(told)).exclude(Exists(given))
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
@app.task(name="events.forget_reminders", queueing_lock="events.forget_reminders")
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


@app.task(name=INVITE)
def invite(*, entry: int) -> None:
    """Have the calendars brought up to date that a line of the ledger concerns: one person's, or all of them."""
    found = Entry.objects.filter(pk=entry).first()
    if found is None or found.about_id is None:
        return
    person = found.data.get("person")
    if found.verb == "event_invited":
        for event, new in whose_calendars([found.about_id], new=True):
            _send(event, new)
    elif person is None:
        calendars_follow(found.data.get("events", [found.about_id]))
    else:
        _send(found.about_id, person)


def calendars_follow(events: Collection[int]) -> None:
    """Have every calendar brought up to date that has one of these events, or should."""
    for event, person in whose_calendars(events):
        _send(event, person)


def _send(event: int, person: int) -> None:
    """One letter after the other to a person: calendars take the last."""
    send_invitation.configure(lock=f"invite:{event}:{person}").defer(event=event, person=person)


@app.task(name="events.send_invitation", retry=GrowingGaps())
def send_invitation(*, event: int, person: int) -> None:
    """Bring one calendar up to date; tried again until the mail server takes it."""
    bring_up_to_date(event, person)
