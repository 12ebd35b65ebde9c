"""Subscribing to events, and having another address for it."""

from collections.abc import Iterable

from django.db import transaction

from folkmoot.activity.actions import record
from folkmoot.events.models import Feed, mint_secret
from folkmoot.people.models import Person


@transaction.atomic
def feeds_of(*, by: Person, communities: Iterable[int] = ()) -> list[Feed]:
    """The addresses of what `by` comes to, of the programme and of these communities (ids), made when first asked for.

    Then those of others that they were given before: these work on, and can be renewed. Three statements at most.
    """
    wanted: list[tuple[str, int | None]] = [(Feed.Kind.MINE, None), (Feed.Kind.PROGRAMME, None)]
    wanted += [(Feed.Kind.COMMUNITY, pk) for pk in communities]
    feeds = Feed.objects.filter(person=by).select_related("community").order_by("community__sort_name", "pk")
    known = {(feed.kind, feed.community_id): feed for feed in feeds}
    new = [Feed(person=by, kind=kind, community_id=pk) for kind, pk in wanted if (kind, pk) not in known]
    if new:
        Feed.objects.bulk_create(new, ignore_conflicts=True)
        known = {(feed.kind, feed.community_id): feed for feed in feeds.all()}
    return [known.pop(each) for each in wanted] + list(known.values())


@transaction.atomic
def renew_feed(*, by: Person, feed: Feed) -> Feed:
    """Another address; the one before is nobody's any more."""
    feed.secret = mint_secret()
    feed.save(update_fields=["secret"])
    record("feed_renewed", by=by, about=feed)
    return feed
