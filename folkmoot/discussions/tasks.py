"""What follows for talk from what happens to a membership, or when a thread is moved; and what is forgotten."""

from procrastinate.contrib.django import app

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.core.live import shut
from folkmoot.discussions.access import door_of
from folkmoot.discussions.actions import forget_old_drafts
from folkmoot.discussions.models import Reading, Thread
from folkmoot.discussions.notices import CLOSED, INSIDE, MOVED, SHUT_OUT, groups_of, insiders
from folkmoot.notifications.models import Notice


@app.task(name=SHUT_OUT)
def shut_out(*, entry: int) -> None:
    """Who may look inside no more hears no more of it: not of what waits for their next letter either."""
    found = Entry.objects.filter(pk=entry).first()
    if found is None or insiders(found).filter(pk=found.about_id or 0).exists():
        return
    Notice.objects.filter(person=found.about_id, community_id=found.community_id, kind__in=INSIDE).delete()
    shut(door_of(Community(pk=found.community_id), found.about_id or 0))
    Reading.objects.filter(person=found.about_id, thread__community=found.community_id).update(follows=False)


@app.task(name=MOVED)
def moved(*, entry: int) -> None:
    """Who may not look inside where a thread is now hears no more of it."""
    found = Entry.objects.filter(pk=entry).first()
    thread = Thread.objects.filter(pk=found.about_id or 0).first() if found else None
    if found is None or thread is None or thread.community_id != found.community_id:
        return
    here = insiders(found).values("pk")
    told = Notice.objects.filter(community_id=found.data["from"], group__in=groups_of(thread))
    told.exclude(person__in=here).delete()
    told.update(community_id=found.community_id, community_label=found.data["to_name"])
    Reading.objects.filter(thread=thread, follows=True).exclude(person__in=here).update(follows=False)


@app.task(name=CLOSED)
def closed(*, entry: int) -> None:
    """Where fewer may look inside than before, the others hear no more of it."""
    found = Entry.objects.filter(pk=entry).first()
    if found is None or "inside" not in found.data.get("changed", []):
        return
    here = insiders(found).values("pk")
    told = Notice.objects.filter(community_id=found.community_id, kind__in=INSIDE)
    told.exclude(person__in=here).delete()
    following = Reading.objects.filter(thread__community=found.community_id, follows=True)
    following.exclude(person__in=here).update(follows=False)


@app.periodic(cron="47 3 * * *")
@app.task(name="discussions.forget", queueing_lock="discussions.forget")
def forget(timestamp: int | None = None) -> None:
    """Drop drafts that nobody has gone on with."""
    forget_old_drafts()
