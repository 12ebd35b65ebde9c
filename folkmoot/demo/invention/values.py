"""What is invented: plain values, to be loaded or compared."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class InventedUnit:
    """A unit of the invented university, parents first. `kind` is central, academic or other."""

    code: str
    name: str
    parent: str
    kind: str


@dataclass(slots=True)
class InventedPerson:
    """A person of the directory. `job` is their family of jobs; `gone` counts days from today to `left`."""

    ref: str
    name: str
    email: str | None
    job_title: str
    unit: str
    job: str
    skills_offered: list[str] = field(default_factory=list)
    skills_wanted: list[str] = field(default_factory=list)
    pronouns: str = ""
    about: str = ""
    left: date | None = None
    gone: int | None = None
    on_programme_team: bool = False

    @property
    def is_here(self) -> bool:
        """Whether they have not left by today."""
        return self.gone is None or self.gone > 0


@dataclass(frozen=True, slots=True)
class InventedCommunity:
    """A community with the days on which it came into each of its stages."""

    slug: str
    name: str
    area: str
    purpose: str
    since: date
    until: date | None
    stages: tuple[tuple[str, date], ...]
    space_kind: str
    space_url: str
    joining: str
    inside: str
    active_days: tuple[date, ...] = ()

    @property
    def stage(self) -> str:
        """Its stage today."""
        return self.stages[-1][0]


@dataclass(frozen=True, slots=True)
class InventedMembership:
    """`person` (a ref) belongs to `community` (a slug); both days are inclusive, no `until` means still."""

    community: str
    person: str
    role: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class InventedRequest:
    """Somebody asked to join, so many minutes after midnight. `answer` is empty while it waits."""

    community: str
    person: str
    message: str
    asked: date
    minute: int
    answered: date | None = None
    answered_by: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class InventedInvitation:
    """An invitation that has not been answered."""

    community: str
    person: str
    role: str
    invited_by: str
    invited: date


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the ledger: on `day`, so many minutes after midnight, `by` did `verb` to `person`.

    No `person` means that it was done to the community.
    """

    day: date
    minute: int
    verb: str
    by: str
    person: str = ""
    community: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InventedPeriod:
    """A term or closure of the university; both days are in it."""

    name: str
    kind: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class InventedEvent:
    """An event of so many `minutes`, that begins so many after midnight of `day`; people are refs."""

    ref: str
    community: str
    kind: str
    title: str
    day: date
    minute: int
    minutes: int
    place: str
    online_url: str
    status: str
    summary: str
    speakers: tuple[str, ...]
    attended: tuple[str, ...]
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InventedPost:
    """What a person (a ref) wrote on a day, so many minutes after midnight."""

    by: str
    day: date
    minute: int
    text: str


@dataclass(frozen=True, slots=True)
class InventedThread:
    """A thread of a community (a slug); `answer` is the number of the post that answers it, or None."""

    community: str
    kind: str
    title: str
    posts: tuple[InventedPost, ...]
    answer: int | None = None


@dataclass(frozen=True, slots=True)
class CharterVersion:
    """The charter from a day on."""

    since: date
    thresholds: dict[str, dict[str, int]]
    note: str


@dataclass(frozen=True, slots=True)
class CastMember:
    """One of the six faces of the demo. `starts_at` names the page that they see first."""

    key: str
    ref: str
    name: str
    role: str
    story: str
    starts_at: str
