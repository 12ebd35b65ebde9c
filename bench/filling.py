"""Fills one home with talk beyond any demo, and says where it is, as JSON: `FOLKMOOT_HOME=… python -m bench.filling`.

One community of 20,000 members and 2,000 threads, whose first has 2,000 posts; 198,000 threads elsewhere.
"""

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from bench.inside import cookies, typical_community, typical_lead  # noqa: E402
from folkmoot.communities.models import Community  # noqa: E402
from folkmoot.core.live import live_url  # noqa: E402
from folkmoot.discussions.actions import start_thread  # noqa: E402
from folkmoot.discussions.actions.locks import topic_of  # noqa: E402

HERE, ELSEWHERE, POSTS, MEMBERS = 2_000, 198_000, 2_000, 20_000
WORDS = "What a post says, in the length that people write: three lines or so, and then they stop. " * 3
_THREADS = """
    INSERT INTO discussions_thread (community_id, kind, title, by_id, posts, last_by_id, started_at, last_at)
    SELECT %s, 'conversation', 'Thread number ' || n, %s, 1, %s, moment, moment
    FROM (SELECT n, now() - n * interval '3 minutes' AS moment FROM generate_series(1, %s) n) begun
"""
_FIRST_POSTS = """
    INSERT INTO discussions_post (thread_id, community_id, number, by_id, at, text, once)
    SELECT id, community_id, 1, by_id, last_at, %s, 'bench:' || id FROM discussions_thread thread
    WHERE NOT EXISTS (SELECT FROM discussions_post post WHERE post.thread_id = thread.id)
"""
_MORE_POSTS = """
    INSERT INTO discussions_post (thread_id, community_id, number, by_id, at, text, once)
    SELECT %(thread)s, %(community)s, n, %(by)s, now() - (%(last)s - n) * interval '1 minute', %(words)s,
           'bench:long:' || n
    FROM generate_series(2, %(last)s) n
"""
_PEOPLE = """
    INSERT INTO people_person (ref, name, sort_name, search_key, password, email, job_title, skills_offered,
                               skills_wanted, pronouns, about, photo_key, own_fields, on_programme_team)
    SELECT 'bench' || n, 'Bench ' || n, 'bench ' || n, 'bench', '', 'bench' || n || '@bench.example', '', '{}', '{}',
           '', '', '', '{}', false
    FROM generate_series(1, %s) n
"""
_MEMBERS = """
    INSERT INTO communities_membership (community_id, person_id, role, since)
    SELECT %s, id, 'wider', current_date - 30 FROM people_person WHERE ref LIKE 'bench%%'
"""


def main() -> None:
    """Fill, and print what the measurement asks for."""
    community, lead = typical_community(), typical_lead()
    other = Community.objects.exclude(pk=community.pk).order_by("pk")[0]
    small, large = (f"/communities/{one.slug}/threads/" for one in (community, other))
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [MEMBERS])
        cursor.execute(_MEMBERS, [community.pk])
        cursor.execute(_THREADS, [community.pk, lead.pk, lead.pk, HERE])
        cursor.execute(_THREADS, [other.pk, lead.pk, lead.pk, ELSEWHERE])
        cursor.execute(_FIRST_POSTS, [WORDS])
        long = start_thread(by=lead, community=community, kind="conversation", title="Long", text=WORDS)
        values = {"thread": long.pk, "community": community.pk, "by": lead.pk, "last": POSTS, "words": WORDS}
        cursor.execute(_MORE_POSTS, values)
        cursor.execute("UPDATE discussions_thread SET posts = %s WHERE id = %s", [POSTS, long.pk])
        cursor.execute("VACUUM ANALYZE")
    said = cookies()
    threads = {
        "list of 2,000 threads": (small, said["lead"]),
        "list of 198,000 threads": (large, said["team"]),
        "thread of 2,000 posts, its end": (f"{small}{long.pk}/", said["lead"]),
        "thread of 2,000 posts, its middle": (f"{small}{long.pk}/?from=1000", said["lead"]),
        "likely threads while writing": (f"{large}likely/?title=thread+number+77", said["team"]),
        "home, with what is unread": ("/", said["lead"]),
    }  # fmt: skip
    print(  # noqa: T201
        json.dumps(
            {
                "pages": threads,
                "thread": f"{small}{long.pk}/",
                "stream": live_url(topic_of(long)),
                "members": MEMBERS,
                "lead": said["lead"],
                "announce": f"{small}new/",
            }
        )
    )


if __name__ == "__main__":
    main()
