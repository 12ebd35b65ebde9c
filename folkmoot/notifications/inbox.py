"""What a person was told, as they read it: one line a group."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.notifications.kinds import Told, kind_of
from folkmoot.notifications.models import Notice

MOST = 200  # notices that are looked at for one page


@dataclass(frozen=True)
class Group:
    """Notices of one kind about one thing, the latest first."""

    notices: list[Notice]

    @property
    def latest(self) -> Notice:
        """The one that gives the line its place and its link."""
        return self.notices[0]

    @property
    def is_unread(self) -> bool:
        """Whether there is something new in it."""
        return any(notice.read_at is None for notice in self.notices)

    @property
    def sentence(self) -> str:
        """What happened: “Ada and 4 others asked to join Data.”"""
        kind = kind_of(self.latest.kind)
        names = list(dict.fromkeys(notice.by_label for notice in self.notices if notice.by_label))
        told = Told(who=who(names), about=self.latest.about, community=self.latest.community_label)
        return kind.say(told) if kind else self.latest.about


def groups(notices: Iterable[Notice]) -> list[Group]:
    """The notices by group, in the order of each group's latest."""
    found: dict[str, list[Notice]] = {}
    for notice in notices:
        found.setdefault(notice.group, []).append(notice)
    return [Group(together) for together in found.values()]


def inbox_of(person: int) -> list[Group]:
    """What waits for that person, the latest first. One statement."""
    return groups(Notice.objects.of(person).open()[:MOST])


def who(names: list[str]) -> str:
    """One name, two names, or a name and how many others."""
    if len(names) < 2:
        return names[0] if names else _("Somebody")
    if len(names) == 2:
        return _("%(one)s and %(other)s") % {"one": names[0], "other": names[1]}
    others = len(names) - 1
    return ngettext("%(one)s and %(number)d other", "%(one)s and %(number)d others", others) % {
        "one": names[0],
        "number": others,
    }
