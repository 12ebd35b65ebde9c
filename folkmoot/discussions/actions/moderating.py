"""Looking after what is said: reports, hiding and showing posts, locking threads and moving them."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership
from folkmoot.core import clock
from folkmoot.core.live import shut
from folkmoot.core.refused import Refused
from folkmoot.discussions.actions.locks import has_changed, held, said_of, standing
from folkmoot.discussions.actions.writing import remove_post
from folkmoot.discussions.models import Draft, Post, Report, Thread
from folkmoot.notifications.actions import settle_notices
from folkmoot.people.models import Person


@transaction.atomic
def report_post(*, by: Person, post: Post, reason: str) -> Report:
    """Have those who look after the community look at a post. Reporting it again while it waits changes nothing."""
    post = standing(post)
    report, made = Report.objects.get_or_create(
        post=post, by=by, settled_at=None, defaults={"reason": reason.strip()}
    )
    if made:
        record("post_reported", by=by, about=post, community=post.thread.community, data=said_of(post))
    return report


@transaction.atomic
def settle_reports(*, by: Person, post: Post, remove: bool) -> None:
    """Whoever looks after the community has looked at a post: it goes, or it stays. Settles all that wait about it."""
    Post.objects.select_for_update().get(pk=post.pk)
    waiting = Report.objects.filter(post=post, settled_at=None)
    if not waiting.update(settled_at=clock.now(), settled_by=by):
        return
    community = post.thread.community
    if not Report.objects.filter(post__thread__community=community, settled_at=None).exists():
        leads = Membership.objects.current(today()).leads().filter(community=community)
        settle_notices(leads.values("person"), kind="post_reported", community_id=community.pk)
    data = {"removed": remove, **said_of(post)}
    record("reports_settled", by=by, about=post, community=post.thread.community, data=data)
    if remove and not Post.objects.get(pk=post.pk).is_removed:
        remove_post(by=by, post=post)


@transaction.atomic
def hide_post(*, by: Person, post: Post, reason: str) -> None:
    """Out of sight for all but its author and those who look after the community, for a reason its author is told.

    What is hidden already stays so. Refuses a removed post, and no reason.
    """
    post = standing(post)
    if not reason.strip():
        raise Refused(_("Say why: its author is told."), "reason")
    if post.is_hidden:
        return
    post.hidden_at, post.hidden_by, post.hidden_for = clock.now(), by, reason.strip()
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_for"])
    data = {"reason": post.hidden_for, **said_of(post)}
    record("post_hidden", by=by, about=post, community=post.thread.community, data=data)
    has_changed(post)


@transaction.atomic
def show_post(*, by: Person, post: Post) -> None:
    """In sight again. What is shown already stays so. Refuses a removed post."""
    post = standing(post)
    if post.is_hidden:
        post.hidden_at, post.hidden_by, post.hidden_for = None, None, ""
        post.save(update_fields=["hidden_at", "hidden_by", "hidden_for"])
        record("post_shown", by=by, about=post, community=post.thread.community, data=said_of(post))
        has_changed(post)


@transaction.atomic
def lock_thread(*, by: Person, thread: Thread, locked: bool) -> None:
    """Nobody writes in it any more, or they do again. What is so already stays so."""
    thread = held(thread)
    if thread.is_locked != locked:
        thread.locked_at = clock.now() if locked else None
        thread.save(update_fields=["locked_at"])
        verb = "thread_locked" if locked else "thread_unlocked"
        record(verb, by=by, about=thread, community=thread.community, data=_said_of(thread))


@transaction.atomic
def move_thread(*, by: Person, thread: Thread, to: Community) -> None:
    """It belongs to another community from now on, with all its posts; its address follows.

    Whoever may not look inside there hears no more of it. Refuses a lounge, which is its community's own.
    """
    thread = held(thread)
    source = thread.community
    if source.pk == to.pk:
        return
    if thread.kind == Thread.Kind.LOUNGE:
        raise Refused(_("The lounge belongs to its community."), "to")
    thread.community, thread.pinned_until = to, None
    try:
        with transaction.atomic():
            thread.save(update_fields=["community", "pinned_until"])
    except IntegrityError as error:
        raise Refused(_("It cannot be moved there."), "to") from error
    Post.objects.filter(thread=thread).update(community=to)
    Draft.objects.filter(thread=thread).update(community=to)
    data = {"from": source.pk, "from_name": source.name, "to_name": to.name, **_said_of(thread)}
    record("thread_moved", by=by, about=thread, community=to, data=data)
    shut(thread.door)


def _said_of(thread: Thread) -> dict[str, object]:
    return {"author": thread.by_id, "title": thread.title, "thread": thread.pk}
