"""What a measure says: findings, and a community's health as a list of them.

A finding knows its status and its days; its words are made when they are read, since a board of thousands shows few.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.charter.commitments import Commitment
from folkmoot.charter.models import Version
from folkmoot.communities.models import Community, Stage
from folkmoot.core.dates import say_day


class Status(models.TextChoices):
    """The statuses of CHARTER.md, the first that applies."""

    WAIVED = "waived", gettext_lazy("Waived")
    NOT_YET = "not_yet", gettext_lazy("Not yet")
    MISSED = "missed", gettext_lazy("Missed")
    DUE_SOON = "due_soon", gettext_lazy("Due soon")
    MET = "met", gettext_lazy("Met")


@dataclass(frozen=True)
class Words:
    """What a rule says of a finding. `short` fits a table's cell; `step` is empty where there is nothing to do.

    `brief` says in a few words what is pressing, for a line that holds two of them. The links are empty for the
    community's members. With `waits` there is nothing to do until a day that is booked.
    """

    short: str
    evidence: str
    step: str = ""
    whose: str = ""
    evidence_url: str = ""
    step_url: str = ""
    brief: str = ""
    waits: bool = False


@dataclass(frozen=True)
class Rule:
    """A commitment, how it is measured and how its findings are said.

    `sql` selects community_id, day, status, since, due and data (jsonb) for every row of `pair`; see `statement.py`.
    `say` makes the words of a finding that is neither waived nor set aside. `page` is where its evidence is, where the
    words name no other: the charter's article of the community, or a page by its name.
    """

    commitment: Commitment
    sql: str
    say: "Callable[[Finding], Words]"
    while_forming: bool = False
    page: str = "community_charter"


@dataclass(frozen=True)
class Step:
    """The one next step: a sentence, where to do it, and whose it is."""

    sentence: str
    url: str
    whose: str


@dataclass(frozen=True)
class Finding:
    """Where a community stands against one commitment on the day `on`.

    `due` is the last day on which it can still be kept, None where no day is known. `aside` says why it is not held
    against the commitment: resting, forming, waived; empty where it is. `raw` is what the rule found, as JSON.
    """

    rule: Rule
    community: Community
    on: date
    version: Version
    status: Status
    since: date | None
    due: date | None
    raw: str
    aside: str = ""
    waived_for: str = ""
    waived_until: date | None = None

    @property
    def commitment(self) -> Commitment:
        """What was promised."""
        return self.rule.commitment

    @cached_property
    def data(self) -> dict[str, Any]:
        """What the rule found: plain values by name."""
        found: dict[str, Any] = json.loads(self.raw)
        return found

    def day(self, name: str) -> date | None:
        """A day of what the rule found."""
        value = self.data.get(name)
        return date.fromisoformat(value) if value else None

    def say(self, day: date | None) -> str:
        """“3 March”, with the year where it is not that of the day looked at."""
        return say_day(day, self.on) if day else ""

    def say_short(self, day: date | None) -> str:
        """“3 Mar”, with the year where it is not that of the day looked at."""
        return date_format(day, "j M" if day.year == self.on.year else "j M Y") if day else ""

    def number(self, threshold: str) -> int:
        """The charter's number on that day."""
        return self.version.value(self.commitment.key, threshold)

    @cached_property
    def words(self) -> Words:
        """All that is said."""
        if self.aside == "resting":
            return Words(str(self.status.label), _("The community is resting."))
        if self.aside == "forming":
            return Words(
                str(self.status.label),
                _("The community is forming: this is measured once it is active."),
            )
        if self.aside == "waived":
            said = {"day": self.say(self.waived_until), "reason": self.waived_for}
            return Words(
                _("until %(day)s") % said, _("Waived by the programme team until %(day)s: %(reason)s") % said
            )
        return self.rule.say(self)

    @property
    def short(self) -> str:
        """A few words for a table's cell."""
        return self.words.short

    @property
    def brief(self) -> str:
        """What is pressing, in a few words."""
        return self.words.brief or self.words.evidence.rstrip(".")

    @property
    def waits(self) -> bool:
        """Whether there is nothing to do but to wait for the day that is booked."""
        return self.words.waits

    @property
    def evidence(self) -> str:
        """Why the status is what it is, in a sentence."""
        return self.words.evidence

    @property
    def evidence_url(self) -> str:
        """Where the evidence is."""
        return self.words.evidence_url or self._page

    @property
    def step(self) -> Step:
        """The next step."""
        words = self.words
        return Step(words.step or _("Nothing to do now."), words.step_url or self._page, words.whose)

    @property
    def article(self) -> str:
        """What the charter's page of the community says of it."""
        page = reverse("community_charter", args=[self.community.slug])
        return f"{page}#finding-{self.commitment.key}"

    @property
    def _page(self) -> str:
        if self.rule.page == "community_charter":
            return self.article
        return reverse(self.rule.page, args=[self.community.slug])


@dataclass(frozen=True)
class CommunityHealth:
    """A community on a day, with a finding for every commitment."""

    community: Community
    stage: Stage
    findings: tuple[Finding, ...]

    def count(self, status: Status) -> int:
        """How many findings have that status."""
        return sum(finding.status == status for finding in self.findings)

    def finding(self, commitment: str) -> Finding:
        """The finding of a commitment, by its key. StopIteration where it is not measured."""
        return next(finding for finding in self.findings if finding.commitment.key == commitment)

    @cached_property
    def earliest_due(self) -> date | None:
        """The first day on which something falls due."""
        return min((finding.due for finding in self.findings if finding.due), default=None)

    @cached_property
    def need(self) -> tuple[int, int, date, str, str]:
        """The board's order: missed (most first), due soon (most first), earliest due, name."""
        return (
            -self.count(Status.MISSED),
            -self.count(Status.DUE_SOON),
            self.earliest_due or date.max,
            self.community.sort_name,
            self.community.slug,
        )

    @property
    def pressing(self) -> tuple[Finding, ...]:
        """What is missed, then what is due soon, by day."""
        order = {Status.MISSED: 0, Status.DUE_SOON: 1}
        wanted = [finding for finding in self.findings if finding.status in order]
        return tuple(sorted(wanted, key=lambda f: (order[f.status], f.due or date.min, f.commitment.order)))

    @property
    def reason(self) -> str:
        """Why the community stands where it does on the board, in a sentence or two."""
        if self.pressing:
            said = "; ".join(finding.brief for finding in self.pressing[:2])
            return f"{said[:1].upper()}{said[1:]}"
        if self.stage == Stage.RESTING:
            return str(_("Resting."))
        if self.stage == Stage.FORMING:
            return str(_("Forming: leads and sponsor are in place."))
        return str(_("Nothing is missed or due soon."))
