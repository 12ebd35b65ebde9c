"""The invented programme as plain values: the same for the same seed and day, and nothing of a database.

`invent(seed, today, scale)` is the way in. Statuses hang on days counted from today, so whichever day it
is loaded on, every status of the charter is on show.
"""

from folkmoot.demo.invention.programme import SEED, Block, Programme, cast, invent
from folkmoot.demo.invention.values import (
    CastMember,
    CharterVersion,
    Happening,
    InventedCommunity,
    InventedEvent,
    InventedInvitation,
    InventedMembership,
    InventedPerson,
    InventedRequest,
    InventedUnit,
)

__all__ = [
    "SEED",
    "Block",
    "CastMember",
    "CharterVersion",
    "Happening",
    "InventedCommunity",
    "InventedEvent",
    "InventedInvitation",
    "InventedMembership",
    "InventedPerson",
    "InventedRequest",
    "InventedUnit",
    "Programme",
    "cast",
    "invent",
]
