"""Announcements have a card in the community's channel."""

from folkmoot.activity.models import Entry
from folkmoot.channels.cards import Card, register
from folkmoot.discussions.models import Thread


def _announced(entry: Entry) -> Card | None:
    thread = Thread.objects.select_related("community").filter(pk=entry.about_id or 0).first()
    first = thread.written.filter(number=1, removed_at=None).first() if thread else None
    if thread is None or first is None:
        return None
    return Card(thread.title, first.text[:500], thread.get_absolute_url())


register(["announced"], _announced)
