"""What somebody has not read, across their communities."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from folkmoot.core import clock
from folkmoot.discussions.models import RECENT

MOST = 100
_UNREAD = """
SELECT community, (
    SELECT count(*) FROM (
        SELECT FROM discussions_thread thread
        LEFT JOIN discussions_reading reading ON reading.thread_id = thread.id AND reading.person_id = %(person)s
        WHERE thread.community_id = community AND thread.last_at > %(since)s
          AND COALESCE(reading.number, 0) < thread.posts
        LIMIT %(most)s
    ) unread
)
FROM unnest(%(communities)s::bigint[]) community
"""


def unread_threads(person: int, communities: Sequence[int]) -> dict[int, int]:
    """{community: threads in which something was said in two weeks that the person has not read}, up to a hundred.

    Communities without are left out. One statement.
    """
    if not communities:
        return {}
    values: dict[str, Any] = {
        "person": person,
        "since": clock.now() - RECENT,
        "most": MOST,
        "communities": list(communities),
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, values)
        return {community: number for community, number in cursor.fetchall() if number}
