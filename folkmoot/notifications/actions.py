"""Telling people what the ledger says, and what they do with what they were told."""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.core import clock
from folkmoot.notifications.kinds import Kind, kinds, kinds_of
from folkmoot.notifications.models import Block, Choice, Notice, Rhythm, When
from folkmoot.people.models import Person

DIGEST = "digest"
# What somebody chose for a kind: in this community before in all of them. What they never want to hear of stands in
# their inbox as read.
CHOSEN = """
    (SELECT choice."when" FROM notifications_choice choice
     WHERE choice.person_id = {person} AND choice.kind = {kind}
       AND (choice.community_id = {community} OR choice.community_id IS NULL)
     ORDER BY choice.community_id NULLS LAST LIMIT 1)
"""
_CHOSEN_HERE = CHOSEN.format(person="chosen.id", kind="said.kind", community="said.community_id")
_WRITE = f"""
WITH told AS (
    INSERT INTO notifications_notice
        (person_id, key, kind, "group", entry, at, by_id, by_label, about, url, community_id, community_label, read_at)
    SELECT chosen.id, said.*, CASE WHEN %s AND {_CHOSEN_HERE} = 'never' THEN said.at END
    FROM (VALUES (%s, %s, %s, %s::bigint, %s::timestamptz, %s::bigint, %s, %s, %s, %s::bigint, %s))
         said(key, kind, "group", entry, at, by_id, by_label, about, url, community_id, community_label),
         ({{recipients}}) chosen(id)
    ON CONFLICT (person_id, key) DO NOTHING
    RETURNING person_id, read_at
)
UPDATE people_person SET has_news = true
WHERE id IN (SELECT person_id FROM told WHERE read_at IS NULL) AND NOT has_news
"""  # noqa: S608 - our own statements in our own statement


@transaction.atomic
def tell(entry: Entry) -> list[Kind]:
    """Write the notices of one line of the ledger, in sets, however many are told; the kinds that were.

    Done twice, everybody is told once; whom two kinds concern, by the one that was registered first.
    """
    told = list(kinds_of(entry.verb))
    for kind in told:
        _write(kind, entry)
    return told


def _write(kind: Kind, entry: Entry) -> None:
    people = kind.recipients(entry).here(today()).exclude(pk=entry.by_id)  # type: ignore[attr-defined]
    if kind.may_be_blocked:
        people = people.exclude(pk__in=Block.objects.filter(person=entry.by_id).values("by"))
    try:
        recipients, values = people.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return  # the room knows without asking that nobody is concerned
    notice: list[Any] = [
        kind.is_mailed,
        f"entry:{entry.pk}", kind.key, kind.group(entry), entry.pk, entry.at, entry.by_id, entry.by_label,
        kind.about(entry)[:300], kind.url(entry)[:500], entry.community_id, kind.where(entry)[:300],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(recipients=recipients), [*notice, *values])


@transaction.atomic
def read_notices(*, by: Person, groups: Collection[str] | None = None) -> None:
    """`by` has seen what they were told, of some groups or all of it. No statement where nothing is new to them."""
    if not by.has_news:
        return
    mine = Notice.objects.filter(person=by).unread()
    (mine if groups is None else mine.filter(group__in=groups)).update(read_at=clock.now())
    _look_again(by)


@transaction.atomic
def finish_notices(*, by: Person, group: str) -> None:
    """`by` is done with a group: it leaves the inbox."""
    Notice.objects.filter(person=by, group=group).open().update(done_at=clock.now())
    _look_again(by)


@transaction.atomic
def settle_notices(people: Iterable[int] | QuerySet[Any, Any], **which: Any) -> None:
    """What asked these people (ids) for something is answered: it leaves their inboxes, and no letter follows.

    `which` says which notices, as a filter does; two or three statements, and one where nothing stands there.
    """
    asked = Notice.objects.filter(person__in=people, **which).open()
    told = list(asked.order_by().values_list("person", flat=True).distinct())
    if told:
        asked.update(done_at=clock.now())
        unread = Notice.objects.filter(person=OuterRef("pk")).unread()
        Person.objects.filter(pk__in=told, has_news=True).exclude(Exists(unread)).update(has_news=False)


@transaction.atomic
def choose(*, by: Person, kind: str, when: str, community: int | None = None) -> None:
    """`by` wants to hear of a kind at once, daily, weekly or never by e-mail; in one community, or in all."""
    Choice.objects.update_or_create(
        person=by, kind=kind, community_id=community, defaults={"when": When(when)}
    )


@transaction.atomic
def choose_here(*, by: Person, community: int, chosen: dict[str, str]) -> None:
    """`by` chooses for each kind in one community; an empty choice is as in all communities."""
    for kind, when in chosen.items():
        if when:
            choose(by=by, kind=kind, when=when, community=community)
        else:
            Choice.objects.filter(person=by, kind=kind, community_id=community).delete()


@transaction.atomic
def choose_all(*, by: Person, rhythm: dict[str, Any], chosen: dict[str, str]) -> None:
    """`by` chooses for each kind, in all communities, and when the digest comes."""
    Rhythm.objects.update_or_create(person=by, defaults=rhythm)
    for kind, when in chosen.items():
        choose(by=by, kind=kind, when=when)


@transaction.atomic
def block(*, by: Person, person: Person, blocked: bool) -> None:
    """`by` hears no more of it when `person` calls on them, or does again. What is so already stays so."""
    if blocked and by.pk != person.pk:
        Block.objects.get_or_create(by=by, person=person)
    else:
        Block.objects.filter(by=by, person=person).delete()


@transaction.atomic
def unsubscribe(*, by: Person, about: str) -> None:
    """No more letters about some kinds, or no more digests: of nothing that would stand in one."""
    for kind in kinds():
        if kind.key in about.split(",") or (about == DIGEST and not kind.direct):
            choose(by=by, kind=kind.key, when=When.NEVER)
            Choice.objects.filter(person=by, kind=kind.key, community_id__isnull=False).delete()


def _look_again(person: Person) -> None:
    """Whether there is still something that the person has not read."""
    Person.objects.filter(pk=person.pk).update(
        has_news=Notice.objects.filter(person=person).unread().exists()
    )
