"""Events, who hosts them and speaks, who was there; what people answer, and the feeds that calendars read."""

from folkmoot.events.models.answers import Answer, AnswerQuerySet, Said
from folkmoot.events.models.events import (
    LEARNING,
    MEETINGS,
    Attendance,
    Audience,
    Event,
    EventQuerySet,
    Hosting,
    Kind,
    Speaker,
    Status,
    as_known,
    is_minted,
    mint_ref,
)
from folkmoot.events.models.feeds import Feed, mint_secret

__all__ = [
    "LEARNING",
    "MEETINGS",
    "Answer",
    "AnswerQuerySet",
    "Attendance",
    "Audience",
    "Event",
    "EventQuerySet",
    "Feed",
    "Hosting",
    "Kind",
    "Said",
    "Speaker",
    "Status",
    "as_known",
    "is_minted",
    "mint_ref",
    "mint_secret",
]
