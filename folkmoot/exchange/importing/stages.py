"""The stages of communities that are here already, and how a file rewrites them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from folkmoot.communities.models import Community, Stage, StageChange
from folkmoot.exchange.importing.plans import as_day

DAY = timedelta(days=1)


@dataclass
class Standing:
    """The stages on record of one community, the earliest first, and the one that counts as its own."""

    stage: str
    since: date
    changes: list[StageChange]

    def rewritten(
        self, community: Community, said: dict[str, Any], changes: dict[str, Any], today: date
    ) -> tuple[list[int], list[StageChange]]:
        """Give `community` the days that `changes` say; returns the stages on record to drop and those to add."""
        stages = {change.since: str(change.stage) for change in self.changes}
        if changes.get("since"):
            began = as_day(changes["since"])
            assert began is not None
            stages = {began if day == community.since else day: stage for day, stage in stages.items()}
            community.since = began
        if "until" in changes:
            community.until = as_day(changes["until"])
        closes = changes.get("stage", self.stage) == Stage.CLOSED
        if changes.get("stage"):
            stages = self._with_stage(community, said, changes, stages, today)
        elif closes and "until" in changes:
            # Another last day: its stage is closed from the day after.
            stages = {day: stage for day, stage in stages.items() if stage != Stage.CLOSED}
        if closes and community.until is not None:
            stages = {day: stage for day, stage in stages.items() if day <= community.until}
            stages[community.until + DAY] = Stage.CLOSED.value
        return self._difference(community, stages)

    def _with_stage(
        self,
        community: Community,
        said: dict[str, Any],
        changes: dict[str, Any],
        stages: dict[date, str],
        today: date,
    ) -> dict[date, str]:
        begins = as_day(said.get("stage_since", ""))
        if changes["stage"] == Stage.CLOSED:
            if not said.get("until") and begins is not None:
                community.until = max(begins - DAY, community.since)
            community.until = community.until or today
            return stages
        if not said.get("until"):
            community.until = None
        begins = max(begins or today, community.since)
        stages = {day: stage for day, stage in stages.items() if day < begins}
        stages[begins] = changes["stage"]
        return stages

    def _difference(
        self, community: Community, stages: dict[date, str]
    ) -> tuple[list[int], list[StageChange]]:
        before = {(change.since, str(change.stage)): change.pk for change in self.changes}
        gone = [pk for key, pk in before.items() if key not in stages.items()]
        new = [
            StageChange(community=community, stage=stage, since=day)
            for day, stage in sorted(stages.items())
            if (day, stage) not in before
        ]
        return gone, new


def standings(today: date) -> dict[int, Standing]:
    """{community id: how it stands}. Its own stage is the last on record, whether its days are over or not."""
    return dict(_standings(today))


def _standings(today: date) -> Iterator[tuple[int, Standing]]:
    changes: dict[int, list[StageChange]] = {}
    for change in StageChange.objects.order_by("since"):
        changes.setdefault(change.community_id, []).append(change)
    for pk, since in Community.objects.values_list("pk", "since"):
        own = changes.get(pk, [])
        stage, begins = (str(own[-1].stage), own[-1].since) if own else (Stage.PROPOSED.value, since)
        yield pk, Standing(stage, begins, own)
