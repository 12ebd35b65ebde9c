"""The kinds of notice: which verb, who is told, in which words. Rooms above register theirs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from folkmoot.activity.actions import announce
from folkmoot.activity.models import Entry
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person

Words = str | Promise


@dataclass(frozen=True)
class Told:
    """What a sentence may speak of: who did it (one, or one and others), and to what, in which community."""

    who: str
    about: str
    community: str


@dataclass(frozen=True)
class Act:
    """What the reader of a letter can do straight from it, without signing in: a word on a button, and a path."""

    label: Words
    path: str


@dataclass(frozen=True)
class Body:
    """What a letter has for its reader to read there and then, as text and as HTML; its room has escaped the latter.

    `holds` are the groups of notices that are said in it: in the same letter they need no line of their own.
    """

    text: str
    html: SafeString
    holds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    `words` may hold %(who)s, %(about)s and %(community)s. `recipients` are people, of whom whoever did it is not told.
    Notices of one `group` are shown as one. A `direct` kind is about the reader, who hears of it at once unless they
    choose otherwise; all else waits for the digest. One that `may_be_blocked` is not told to whom has blocked the one
    who did it. One that `is_for_team` concerns the programme team alone. `act` gives a letter its button, `facts` what
    one has to know to push it: a line each. `body` gives a letter that comes at once the thing itself, as its reader
    may see it when it is sent; a digest has none. One that is not `is_mailed` stands in the inbox only, as its room
    sends a letter of its own. One that `is_reminder` comes when it is due, at whatever hour, or not at all.
    """

    key: str
    title: Words
    verbs: frozenset[str]
    recipients: Callable[[Entry], QuerySet[Person]]
    words: Words
    url: Callable[[Entry], str]
    direct: bool = True
    group: Callable[[Entry], str] = lambda entry: f"{entry.verb}:{entry.community_id}"
    where: Callable[[Entry], str] = lambda entry: ""
    about: Callable[[Entry], str] = lambda entry: entry.about_label
    may_be_blocked: bool = False
    is_for_team: bool = False
    is_mailed: bool = True
    is_reminder: bool = False
    act: Callable[[Notice], Act | None] = lambda notice: None
    facts: Callable[[Notice], Sequence[str]] = lambda notice: ()
    body: Callable[[Notice], Body | None] = lambda notice: None

    def say(self, told: Told) -> str:
        """The sentence: its words with who, what and where in them."""
        return str(self.words) % {"who": told.who, "about": told.about, "community": told.community}


_KINDS: dict[str, Kind] = {}
# Of whom only some can ever be among them: {recipients: whether a person can}.
_CIRCLES: dict[Callable[[Entry], QuerySet[Person]], Callable[[Person], bool]] = {}


def only_reaches(recipients: Callable[[Entry], QuerySet[Person]], whom: Callable[[Person], bool]) -> None:
    """Kinds with these `recipients` reach nobody but whom `whom` says now, as those who lead a community."""
    _CIRCLES[recipients] = whom


def register(*kinds: Kind) -> None:
    """Make kinds known; a verb of theirs that is recorded from now on is told of. Twice is fine."""
    for kind in kinds:
        _KINDS[kind.key] = kind
        announce(kind.verbs)


def kinds() -> Iterable[Kind]:
    """All kinds, in the order of their registration."""
    return _KINDS.values()


def kinds_for(person: Person) -> list[Kind]:
    """Those of which that person can choose how they hear, in the same order."""
    return [kind for kind in kinds() if kind.is_mailed and (person.on_programme_team or not kind.is_for_team)]


def reaching(person: Person) -> set[str]:
    """The keys of the kinds that can reach that person as things stand. Each circle is asked once."""
    within = {recipients: whom(person) for recipients, whom in _CIRCLES.items()}
    return {kind.key for kind in kinds_for(person) if within.get(kind.recipients, True)}


def kind_of(key: str) -> Kind | None:
    """The kind of that key; None for one that is no more."""
    return _KINDS.get(key)


def kinds_of(verb: str) -> Iterator[Kind]:
    """The kinds that speak of a verb."""
    return (kind for kind in _KINDS.values() if verb in kind.verbs)
