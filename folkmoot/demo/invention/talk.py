"""What is said in the communities: a few threads in each, by people who belong there."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, cycle
from random import Random
from typing import Any

from folkmoot.demo.invention.data import toml
from folkmoot.demo.invention.days import Days
from folkmoot.demo.invention.gatherings import Gathering
from folkmoot.demo.invention.values import InventedMembership, InventedPost, InventedThread

_FEWEST, _MOST = 4, 7
_OLDEST = 75  # days
_ALWAYS = 2  # an announcement and the lounge
_YEARS = 1096  # days that leads have attested, back from today
# Days since anything was said, community by community, so that quiet ones are on show.
_QUIET = (1, 3, 1, 26, 2, 1, 8, 3, 41, 1, 5)


@dataclass
class Talk:
    """Invents the threads of one block."""

    draw: Random
    today: date
    memberships: list[InventedMembership]

    def of(self, gatherings: list[Gathering]) -> list[InventedThread]:
        """The threads of the communities that are active, community by community."""
        here: dict[str, list[InventedMembership]] = {}
        for membership in self.memberships:
            if membership.role != "sponsor" and (membership.until is None or membership.until >= self.today):
                here.setdefault(membership.community, []).append(membership)
        active = [gathering for gathering in gatherings if gathering.template["stages"][-1][0] == "active"]
        quiet = cycle(_QUIET)
        return [
            thread for each in active for thread in self._threads(each, here.get(each.slug, []), next(quiet))
        ]

    def _threads(
        self, gathering: Gathering, here: list[InventedMembership], quiet: int
    ) -> list[InventedThread]:
        leads = [one.person for one in here if one.role == "lead"]
        everybody = [one.person for one in here if one.since < self.today - timedelta(days=_OLDEST)]
        if not leads or len(everybody) < 5:
            return []
        templates = toml("threads")["thread"]
        some = self.draw.sample(templates[_ALWAYS:], self.draw.randint(_FEWEST, _MOST))
        chosen = [*templates[:_ALWAYS], *some]
        return [self._thread(gathering, each, leads, everybody, quiet) for each in chosen]

    def _thread(
        self,
        gathering: Gathering,
        template: dict[str, Any],
        leads: list[str],
        everybody: list[str],
        quiet: int,
    ) -> InventedThread:
        skill = gathering.skill(self.draw)
        starter = self.draw.choice(leads if template["kind"] in {"announcement", "lounge"} else everybody)
        others = self.draw.sample([one for one in everybody if one != starter], 3)
        day = self.today - timedelta(days=self.draw.randint(quiet + 2, _OLDEST))
        minute, posts = self.draw.randint(9 * 60, 15 * 60), []
        for number, text in zip(count(1), template["posts"], strict=False):
            by = (
                starter
                if number == 1 or (number == 3 and template["kind"] != "lounge")
                else others[number % 3]
            )
            posts.append(InventedPost(by, day, minute, text.format(skill=skill)))
            later = min(
                day + timedelta(days=self.draw.choice((0, 0, 1, 2))), self.today - timedelta(days=quiet)
            )
            minute = minute + self.draw.randint(5, 90) if later == day else self.draw.randint(9 * 60, 15 * 60)
            day = later
        title = template["title"].format(skill=skill)
        return InventedThread(
            gathering.slug,
            template["kind"],
            title[:1].upper() + title[1:],
            tuple(posts),
            template.get("answer"),
        )


def active_days(draw: Random, days: Days, gathering: Gathering) -> tuple[date, ...]:
    """Days on which leads have said that people talked, in the years before what is written here; some are quiet."""
    found, day = [], max(gathering.begins, -_YEARS)
    while day < -max(_OLDEST, gathering.ended):
        found.append(days(day))
        day += draw.choice((6, 9, 13, 17, 20, 25, 36))
    return tuple(dict.fromkeys(found))
