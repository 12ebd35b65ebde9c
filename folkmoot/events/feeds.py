"""What stands in a calendar that somebody subscribes to: a month back, a year ahead, and what they may see."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Q, TextField, Value
from django.db.models.functions import MD5, Concat
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.events.access import visible_to, with_way_in
from folkmoot.events.calendars import window, with_moments
from folkmoot.events.models import COMING, Answer, Event, EventQuerySet, Feed

MOST = 10_000


def events_of(feed: Feed, at: datetime) -> EventQuerySet:
    """The events of a feed as of the moment `at`."""
    needed = [
        "uid",
        "title",
        "summary",
        "place",
        "online_url",
        "joining",
        "status",
        "sequence",
    ]
    chosen = with_moments(with_way_in(_chosen(feed, at), feed.person, today()))
    return chosen.only(*needed).order_by("starts_at", "id")[:MOST]


def stamp_of(feed: Feed, at: datetime) -> str:
    """Changes whenever the feed does. One statement."""
    each = Concat("pk", Value(":"), "sequence", Value(":"), "has_way_in", output_field=TextField())
    chosen = with_way_in(_chosen(feed, at), feed.person, today()).order_by()
    said = chosen.aggregate(all=MD5(StringAgg(each, ",", order_by="pk", default=Value(""))))["all"]
    return hashlib.sha256(f"{feed.secret}:{name_of(feed)}:{said}".encode()).hexdigest()[:32]


def name_of(feed: Feed) -> str:
    """What calendars call it."""
    site = settings.FOLKMOOT_ORGANISATION or "Folkmoot"
    if feed.kind == Feed.Kind.COMMUNITY and feed.community:
        return feed.community.name
    return _("%(site)s: all events") % {"site": site} if feed.kind == Feed.Kind.PROGRAMME else site


def _chosen(feed: Feed, at: datetime) -> EventQuerySet:
    first, last = window(at)
    seen = (
        visible_to(feed.person, today())
        .filter(starts_at__lte=last, ends_at__gte=first)
        .exclude(status="draft")
    )
    if feed.kind == Feed.Kind.MINE:
        mine = Answer.objects.filter(person=feed.person, said__in=COMING).values("event")
        speaks = Event.objects.filter(speakers__person=feed.person).values("pk")
        return seen.filter(Q(pk__in=mine) | Q(pk__in=speaks))
    if feed.kind == Feed.Kind.COMMUNITY and feed.community_id:
        return seen.hosted_by(feed.community_id)
    return seen
