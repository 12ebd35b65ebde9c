"""What a measure says: findings, and a community's health as a list of them."""

from dataclasses import dataclass, replace
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from folkmoot.charter.commitments import Commitment
from folkmoot.communities.models import Community, Stage


class Status(models.TextChoices):
    """The statuses of CHARTER.md, the first that applies."""

    WAIVED = "waived", _("Waived")
    NOT_YET = "not_yet", _("Not yet")
    MISSED = "missed", _("Missed")
    DUE_SOON = "due_soon", _("Due soon")
    MET = "met", _("Met")


@dataclass(frozen=True)
class Step:
    """The one next step: a sentence, where to do it, and whose it is."""

    sentence: str
    url: str
    whose: str


@dataclass(frozen=True)
class Finding:
    """Where a community stands against one commitment on a day.

    `due` is the last day on which it can still be kept, None where no day is known. `short` fits a table's cell.
    """

    commitment: Commitment
    status: Status
    since: date | None
    due: date | None
    evidence: str
    evidence_url: str
    step: Step
    short: str

    def set_aside(self, status: Status, reason: str) -> "Finding":
        """The same finding, waived or not yet measured, for a reason."""
        nothing = Step(str(_("Nothing to do now.")), self.evidence_url, "")
        return replace(self, status=status, due=None, evidence=reason, step=nothing, short=str(status.label))


@dataclass(frozen=True)
class Verdict:
    """What a rule says of one community, before it is tied to the commitment and its links."""

    status: Status
    short: str
    evidence: str
    step: str = ""
    whose: str = ""
    due: date | None = None

    def as_finding(
        self, commitment: Commitment, *, since: date | None, evidence_url: str, step_url: str
    ) -> Finding:
        """The finding it makes."""
        step = Step(self.step or str(_("Nothing to do now.")), step_url, self.whose)
        return Finding(
            commitment, self.status, since, self.due, self.evidence, evidence_url, step, self.short
        )


@dataclass(frozen=True)
class CommunityHealth:
    """A community on a day, with a finding for every commitment."""

    community: Community
    stage: Stage
    findings: tuple[Finding, ...]

    def count(self, status: Status) -> int:
        """How many findings have that status."""
        return sum(finding.status == status for finding in self.findings)

    @property
    def earliest_due(self) -> date | None:
        """The first day on which something falls due."""
        return min((finding.due for finding in self.findings if finding.due), default=None)

    @property
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
            return " ".join(finding.evidence for finding in self.pressing[:2])
        if self.stage == Stage.RESTING:
            return str(_("Resting."))
        if self.stage == Stage.FORMING:
            return str(_("Forming: leads and sponsor are in place."))
        return str(_("All commitments met."))
