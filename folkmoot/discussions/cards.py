"""Announcements have a card in the community's channel, and what was talked about a line in its weekly summary."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import ngettext

from folkmoot.activity.models import Entry
from folkmoot.channels.cards import WEEK, Card, register, summarise
from folkmoot.communities.models import Community
from folkmoot.discussions.models import Thread


def _announced(entry: Entry) -> Card | None:
    thread = Thread.objects.select_related("community").filter(pk=entry.about_id or 0).first()
    first = thread.written.filter(number=1, removed_at=None, hidden_at=None).first() if thread else None
    if thread is None or first is None:
        return None
    return Card(thread.title, first.text[:500], thread.get_absolute_url())


def _last_week(community: Community, now: datetime) -> list[str]:
    """The threads in which most was said in the seven days before."""
    said = Q(written__at__gt=now - WEEK, written__removed_at=None, written__hidden_at=None)
    threads = Thread.objects.filter(community=community, last_at__gt=now - WEEK).annotate(
        said=Count("written", filter=said)
    )
    return [
        ngettext("“%(title)s”: %(said)d post", "“%(title)s”: %(said)d posts", thread.said)
        % {"title": thread.title, "said": thread.said}
        for thread in threads.filter(said__gt=0).order_by("-said", "-last_at")[:5]
    ]


register(["announced"], _announced)
summarise(_last_week)
