"""What follows an event: what people thought, the recording, the slides."""

import uuid
from collections.abc import Sequence
from random import SystemRandom

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.core import clock
from folkmoot.core.meanwhile import mark
from folkmoot.core.models import StoredFile
from folkmoot.core.refused import Refused
from folkmoot.events.actions.events import change_event
from folkmoot.events.models import Attendance, Event, Feedback, FeedbackGiven, Slides
from folkmoot.notifications.actions import settle_notices
from folkmoot.people.models import Person

MOST_SLIDES = 20


@transaction.atomic
def give_feedback(*, by: Person, event: Event, useful: int, text: str = "") -> None:
    """What `by` thought, kept without a name: that they gave it is known, and not which it is.

    All of an event's are written anew in a new order, so that not even a copy of the tables, row by row, tells whose is
    whose. For those who were there, once, when it is over. Refuses others.
    """
    event = Event.objects.held().get(pk=event.pk)
    if not event.is_over(clock.now()):
        raise Refused(_("It is not over yet."))
    if not Attendance.objects.filter(event=event, person=by).exists():
        raise Refused(_("This is for those who were there. Those who held it can add you."))
    if not FeedbackGiven.objects.get_or_create(event=event, person=by)[1]:
        raise Refused(_("You have given yours already. Thank you."))
    settle_notices([by.pk], group=f"feedback:{event.pk}")
    given = [*event.feedback.values_list("useful", "text"), (useful, text.strip()[:2000])]
    SystemRandom().shuffle(given)
    event.feedback.all().delete()
    Feedback.objects.bulk_create(
        Feedback(id=uuid.uuid4(), event=event, useful=useful, text=text) for useful, text in given
    )


@transaction.atomic
def keep_material(
    *,
    by: Person,
    event: Event,
    recording_url: str,
    slides: Sequence[StoredFile] = (),
    seen: dict[str, str] | None = None,
) -> None:
    """Where the recording is, and slides; files are added to those there are.

    A link that is as it was `seen` (marks of `core.meanwhile`) stays what it has become since. Refuses to overwrite
    what another has put there, and more than twenty files.
    """
    if (seen or {}).get("recording_url") != mark(recording_url):
        event = change_event(by=by, event=event, seen=seen, recording_url=recording_url)
    event = Event.objects.held().get(pk=event.pk)
    if event.slides.count() + len(slides) > MOST_SLIDES:
        raise Refused(_("At most %(most)d files belong to an event.") % {"most": MOST_SLIDES}, "slides")
    for file in slides:
        file.save(force_insert=True)
        Slides.objects.create(event=event, file=file, by=by)
        record("slides_added", by=by, about=event, community=event.community, data={"name": file.name})


@transaction.atomic
def remove_slides(*, by: Person, slides: Slides) -> None:
    """Take a file away for good."""
    event, name = slides.event, slides.file.name
    slides.file.delete()
    record("slides_removed", by=by, about=event, community=event.community, data={"name": name})
