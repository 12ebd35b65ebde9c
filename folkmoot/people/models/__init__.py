"""Units, people, their photos, and the links that invite them."""

from folkmoot.people.models.links import SignInLink, SignInLinkQuerySet, token_hash
from folkmoot.people.models.people import Person, PersonQuerySet, Photo
from folkmoot.people.models.units import Unit, UnitQuerySet

__all__ = [
    "Person",
    "PersonQuerySet",
    "Photo",
    "SignInLink",
    "SignInLinkQuerySet",
    "Unit",
    "UnitQuerySet",
    "token_hash",
]
