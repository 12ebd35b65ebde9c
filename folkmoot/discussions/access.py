"""Who may read, write and look after what a community talks about."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.models import Community, CommunityQuerySet, Membership
from folkmoot.core.statements import statement
from folkmoot.discussions.models import Post, Thread

FOR_INSIDERS = _("What this community talks about is for its members.")
FOR_MEMBERS = _("Members write here. Join the community, and write.")


def can_read(standing: Standing) -> bool:
    """Inside is for staff or for members, as the community decided."""
    return standing.can_see_inside


inside = of_community(may=can_read, reason=FOR_INSIDERS, locks=False)


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

    @property
    def can_move(self) -> bool:
        """Whoever looks after it may hand it to a community that they look after too; a lounge stays."""
        return self.can_lock and self.thread.kind != Thread.Kind.LOUNGE

    def can_see(self, post: Post) -> bool:
        """What is hidden, its author sees, and whoever looks after the community."""
        return not post.is_hidden or self._is_mine(post.by_id) or can_moderate(self.standing)

    def can_hide(self, post: Post) -> bool:
        """Out of sight, or back: for those who look after the community."""
        return not post.is_removed and can_moderate(self.standing)

    def can_react(self, post: Post) -> bool:
        """Whoever may read it, while the community is open."""
        return self.standing.is_open and not post.is_hidden

    def can_quote(self, post: Post) -> bool:
        """What one may read and reply to."""
        return self.can_reply and not post.is_removed and not post.is_hidden

    def can_edit(self, post: Post) -> bool:
        """Their own words, while they may write here."""
        return self.can_reply and self._is_mine(post.by_id) and not post.is_removed and not post.is_hidden

    def can_remove(self, post: Post) -> bool:
        """Their own, or anybody's for those who look after it."""
        return not post.is_removed and (self._is_mine(post.by_id) or can_moderate(self.standing))

    def can_report(self, post: Post) -> bool:
        """Somebody else's words, for those who look after the community to look at."""
        return self.standing.is_staff and not (post.is_removed or post.is_hidden or self._is_mine(post.by_id))

    def _is_mine(self, author: int | None) -> bool:
        return author is not None and author == self.standing.viewer.pk


def door_of(community: Community, person: int) -> str:
    """The door to the inside of a community as that person comes through it: see `core.live.shut`."""
    return f"{community.inside_door}:{person}"


def doors_of(standing: Standing, thread: Thread) -> list[str]:
    """The doors that the reader of a thread's page has come through."""
    community = standing.community
    return [community.inside_door, door_of(community, standing.viewer.pk or 0), thread.door]


def thread_for(standing: Standing, pk: int) -> ThreadStanding:
    """The thread of that id in the community, for somebody who may read there. One statement, or 404."""
    found = _thread(standing.community.pk, pk)
    if not found:
        raise Http404
    found[0].community = standing.community
    return ThreadStanding(standing, found[0])


def where_to_move(standing: Standing) -> CommunityQuerySet:
    """The communities that the viewer looks after, but this one."""
    others = Community.objects.open(standing.on).exclude(pk=standing.community.pk)
    if not standing.on_programme_team:
        led = Membership.objects.current(standing.on).leads().filter(person=standing.viewer.pk)
        others = others.filter(pk__in=led.values("community"))
    return others.order_by("sort_name", "id")


@statement
def _thread(community: int, pk: int) -> QuerySet[Thread]:
    return Thread.objects.filter(community=community, pk=pk)


def post_for(standing: Standing, thread: int, number: int) -> tuple[ThreadStanding, Post]:
    """A post of such a thread, by its number. Two statements."""
    found = thread_for(standing, thread)
    post = Post.objects.filter(thread=found.thread, number=number).select_related("by").first()
    if post is None or not found.can_see(post):
        raise Http404
    post.thread = found.thread
    return found, post
