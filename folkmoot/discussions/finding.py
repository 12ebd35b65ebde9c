"""Looking for threads by their titles, and for people to name, while somebody writes."""

from django.contrib.postgres.search import SearchQuery as Query
from django.contrib.postgres.search import SearchRank
from django.db.models import QuerySet

from folkmoot.communities.models import Community
from folkmoot.core.text import words
from folkmoot.discussions.mentions import mentionable
from folkmoot.discussions.models import TITLE_WORDS, Thread
from folkmoot.people.models import Person
from folkmoot.people.naming import proposed

MOST = 5
_SHORTEST = 3
_WEIGHED = 1_000  # of words that stand in most titles, the latest threads


def likely(community: Community, title: str) -> QuerySet[Thread]:
    """The threads whose titles share most with `title`, by its words and their forms: “tools” finds “tool”."""
    wanted = [word for word in dict.fromkeys(words(title)) if len(word) >= _SHORTEST and word.isalnum()][:12]
    if not wanted:
        return Thread.objects.none()
    query = Query(" | ".join(wanted), search_type="raw", config="english")
    found = Thread.objects.annotate(titles=TITLE_WORDS).filter(community=community, titles=query)
    latest = found.order_by("-last_at", "-id")[:_WEIGHED].values("pk")
    return Thread.objects.filter(pk__in=latest).order_by(SearchRank(TITLE_WORDS, query).desc(), "-last_at")[
        :MOST
    ]


def to_name(community: Community, beginning: str) -> list[Person]:
    """The people of a community in whose names every word begins so. One statement, or two."""
    return proposed(mentionable(community).only("ref", "name", "job_title"), beginning)
