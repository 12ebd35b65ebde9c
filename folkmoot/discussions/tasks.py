"""What follows for talk from what happens to a membership."""

from procrastinate.contrib.django import app

from folkmoot.activity.models import Entry
from folkmoot.discussions.models import Reading
from folkmoot.discussions.notices import INSIDE, SHUT_OUT, insiders
from folkmoot.notifications.models import Notice


@app.task(name=SHUT_OUT)
def shut_out(*, entry: int) -> None:
    """Who may look inside no more hears no more of it: not of what waits for their next letter either."""
    found = Entry.objects.filter(pk=entry).first()
    if found is None or insiders(found).filter(pk=found.about_id or 0).exists():
        return
    Notice.objects.filter(person=found.about_id, community_id=found.community_id, kind__in=INSIDE).delete()
    Reading.objects.filter(person=found.about_id, thread__community=found.community_id).update(follows=False)
