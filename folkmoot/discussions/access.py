"""Who may read, write and look after what a community talks about."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.access import Standing
from folkmoot.core.statements import statement
from folkmoot.discussions.models import Post, Thread

FOR_INSIDERS = _("What this community talks about is for its members.")
FOR_MEMBERS = _("Members write here. Join the community, and write.")


def can_read(standing: Standing) -> bool:
    """Inside is for staff or for members, as the community decided."""
    return standing.can_see_inside


def can_write(standing: Standing) -> bool:
    """Members write, and the programme team; in a closed community nobody."""
    return standing.is_open and standing.can_see_inside and (standing.is_member or standing.on_programme_team)


def can_announce(standing: Standing) -> bool:
    """Leads speak for the community, and the programme team."""
    return can_write(standing) and (standing.is_lead or standing.on_programme_team)


def can_moderate(standing: Standing) -> bool:
    """Leads and the programme team lock threads and remove posts."""
    return standing.is_lead or standing.on_programme_team


@dataclass(frozen=True)
class ThreadStanding:
    """How the viewer of `standing` stands to one thread of the community."""

    standing: Standing
    thread: Thread

    @property
    def can_reply(self) -> bool:
        """Whether they may write in it."""
        return can_write(self.standing) and not self.thread.is_locked

    @property
    def can_lock(self) -> bool:
        """Whether they may end it, and open it again."""
        return can_moderate(self.standing)

    @property
    def can_accept(self) -> bool:
        """The asker says what answers the question, or a lead."""
        return self.thread.is_question and (self._is_mine(self.thread.by_id) or can_moderate(self.standing))

    def can_edit(self, post: Post) -> bool:
        """Their own words, while they may write here."""
        return self.can_reply and self._is_mine(post.by_id) and not post.is_removed

    def can_remove(self, post: Post) -> bool:
        """Their own, or anybody's for those who look after it."""
        return not post.is_removed and (self._is_mine(post.by_id) or can_moderate(self.standing))

    def can_report(self, post: Post) -> bool:
        """Somebody else's words, for those who look after the community to look at."""
        return self.standing.is_staff and not post.is_removed and not self._is_mine(post.by_id)

    def _is_mine(self, author: int | None) -> bool:
        return author is not None and author == self.standing.viewer.pk


def thread_for(standing: Standing, pk: int) -> ThreadStanding:
    """The thread of that id in the community, for somebody who may read there. One statement, or 404."""
    found = _thread(standing.community.pk, pk)
    if not found:
        raise Http404
    found[0].community = standing.community
    return ThreadStanding(standing, found[0])


@statement
def _thread(community: int, pk: int) -> QuerySet[Thread]:
    return Thread.objects.filter(community=community, pk=pk)


def post_for(standing: Standing, thread: int, number: int) -> tuple[ThreadStanding, Post]:
    """A post of such a thread, by its number. Two statements."""
    found = thread_for(standing, thread)
    post = Post.objects.filter(thread=found.thread, number=number).select_related("by").first()
    if post is None:
        raise Http404
    post.thread = found.thread
    return found, post
