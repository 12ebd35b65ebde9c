"""What somebody has begun to write: kept while they type, gone when it is said."""

from datetime import timedelta

from django.db import transaction

from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.richtext import clean
from folkmoot.discussions.models import Draft, Thread
from folkmoot.people.models import Person

KEPT = timedelta(days=60)


@transaction.atomic
def keep_draft(
    *, by: Person, community: Community, thread: Thread | None, text: str, html: str = "", title: str = ""
) -> None:
    """Keep it in the place of what was kept of that reply, or of the next thread; nothing keeps nothing."""
    if not (text.strip() or html.strip() or title.strip()):
        Draft.objects.filter(person=by, community=community, thread=thread).delete()
        return
    said = {"text": text[:20_000], "html": clean(html), "title": title[:200], "at": clock.now()}
    Draft.objects.update_or_create(person=by, community=community, thread=thread, defaults=said)


def forget_old_drafts() -> int:
    """Drop what nobody has gone on with for two months; how many."""
    return Draft.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
