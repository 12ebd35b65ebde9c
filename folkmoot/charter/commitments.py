"""What a commitment is, and which ones there are. The rules that measure them register them by name from above."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Threshold:
    """A whole number that the programme team may change, from `least` to `most`."""

    key: str
    label: str | Promise
    default: int
    least: int = 0
    most: int = 1000


@dataclass(frozen=True)
class Commitment:
    """A promise of the programme: its key in CHARTER.md, its words, and its thresholds in CHARTER.md's order.

    `in_short` says the promise in a few characters, given a way to ask for the number of a threshold.
    """

    key: str
    title: str | Promise
    promise: str | Promise
    thresholds: tuple[Threshold, ...]
    in_short: Callable[[Callable[[str], int]], str]
    order: int

    def threshold(self, key: str) -> Threshold:
        """The threshold of that key; KeyError if there is none."""
        for threshold in self.thresholds:
            if threshold.key == key:
                return threshold
        raise KeyError(key)


_known: dict[str, Commitment] = {}


def register(commitment: Commitment) -> Commitment:
    """Make a commitment known to the charter. Registering the same key again replaces it."""
    _known[commitment.key] = commitment
    return commitment


def commitment_named(key: str) -> Commitment:
    """The commitment of that key; KeyError if there is none."""
    return _known[key]


def commitments() -> Iterator[Commitment]:
    """Every commitment, in the charter's order."""
    return iter(sorted(_known.values(), key=lambda commitment: commitment.order))
