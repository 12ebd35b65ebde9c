"""Subscribing to events, and having another address for it."""

from django.db import transaction

from folkmoot.activity.actions import record
from folkmoot.communities.models import Community
from folkmoot.events.models import Feed, mint_secret
from folkmoot.people.models import Person


def feed_of(*, by: Person, kind: str, community: Community | None = None) -> Feed:
    """The address by which `by` subscribes, made when it is first asked for."""
    return Feed.objects.get_or_create(person=by, kind=Feed.Kind(kind), community=community)[0]


@transaction.atomic
def renew_feed(*, by: Person, feed: Feed) -> Feed:
    """Another address; the one before is nobody's any more."""
    feed.secret = mint_secret()
    feed.save(update_fields=["secret"])
    record("feed_renewed", by=by, about=feed)
    return feed
