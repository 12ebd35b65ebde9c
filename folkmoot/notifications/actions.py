"""Telling people what the ledger says, and what they do with what they were told."""

from typing import Any

from django.db import connection, transaction

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.core import clock
from folkmoot.core.live import publish
from folkmoot.notifications.kinds import Kind, kinds_of
from folkmoot.notifications.models import Notice, When
from folkmoot.people.models import Person

# Whom a kind is for, but for those who never want to hear of it: the choice for this community before that for all.
_WRITE = """
WITH told AS (
    INSERT INTO notifications_notice
        (person_id, key, kind, "group", entry, at, by_id, by_label, about, url, community_id, community_label)
    SELECT chosen.id, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s
    FROM ({recipients}) chosen(id)
    WHERE (SELECT choice."when" FROM notifications_choice choice
           WHERE choice.person_id = chosen.id AND choice.kind = %s
             AND (choice.community_id = %s OR choice.community_id IS NULL)
           ORDER BY choice.community_id NULLS LAST LIMIT 1) IS DISTINCT FROM %s
    ON CONFLICT (person_id, key) DO NOTHING
    RETURNING person_id
)
UPDATE people_person SET has_news = true
WHERE id IN (SELECT person_id FROM told) AND NOT has_news
"""


@transaction.atomic
def tell(entry: Entry) -> list[Kind]:
    """Write the notices of one line of the ledger, in sets, however many are told; the kinds that were.

    Done twice, everybody is told once.
    """
    told = list(kinds_of(entry.verb))
    for kind in told:
        _write(kind, entry)
    if told:
        publish("notices")
    return told


def _write(kind: Kind, entry: Entry) -> None:
    people = kind.recipients(entry).here(today()).exclude(pk=entry.by_id)  # type: ignore[attr-defined]
    recipients, values = people.order_by().values("pk").query.sql_with_params()
    notice: list[Any] = [
        f"{kind.key}:{entry.pk}", kind.key, kind.group(entry), entry.pk, entry.at, entry.by_id, entry.by_label,
        kind.about(entry)[:300], kind.url(entry)[:500], entry.community_id, kind.where(entry)[:300],
    ]  # fmt: skip
    chosen = [kind.key, entry.community_id, When.NEVER.value]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(recipients=recipients), [*notice, *values, *chosen])


@transaction.atomic
def read_notices(*, by: Person, group: str | None = None) -> None:
    """`by` has seen what they were told, of one group or all of it."""
    mine = Notice.objects.filter(person=by).unread()
    (mine if group is None else mine.filter(group=group)).update(read_at=clock.now())
    _look_again(by)


@transaction.atomic
def finish_notices(*, by: Person, group: str) -> None:
    """`by` is done with a group: it leaves the inbox."""
    Notice.objects.filter(person=by, group=group).open().update(done_at=clock.now())
    _look_again(by)


def _look_again(person: Person) -> None:
    """Whether there is still something that the person has not read."""
    Person.objects.filter(pk=person.pk).update(
        has_news=Notice.objects.filter(person=person).unread().exists()
    )
