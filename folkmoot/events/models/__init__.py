"""Events and their series, who hosts them and speaks, what people answer, who was there, what followed; feeds."""

from folkmoot.events.models.afterwards import Feedback, FeedbackGiven, Slides, Unsettled
from folkmoot.events.models.answers import COMING, IN_CALENDARS, Answer, AnswerQuerySet, Said
from folkmoot.events.models.events import (
    LEARNING,
    MEETINGS,
    SETTLED,
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
from folkmoot.events.models.hosting import HostRequest, HostRequestQuerySet
from folkmoot.events.models.series import Series

__all__ = [
    "COMING",
    "IN_CALENDARS",
    "LEARNING",
    "MEETINGS",
    "SETTLED",
    "Answer",
    "AnswerQuerySet",
    "Attendance",
    "Audience",
    "Event",
    "EventQuerySet",
    "Feed",
    "Feedback",
    "FeedbackGiven",
    "HostRequest",
    "HostRequestQuerySet",
    "Hosting",
    "Kind",
    "Said",
    "Series",
    "Slides",
    "Speaker",
    "Status",
    "Unsettled",
    "as_known",
    "is_minted",
    "mint_ref",
    "mint_secret",
]
