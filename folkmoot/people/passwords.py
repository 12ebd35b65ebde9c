"""What a password may not be."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from folkmoot.core.text import fold, words
from folkmoot.people.models import Person

FEWEST_SIGNS = 7


class MoreThanTheirName:
    """Refuses a password that has little in it beside the person's own name, address and id.

    Django's own validator compares which letters occur, and so finds a long passphrase similar to a long address.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Refuse `password` if it names its owner and holds fewer than seven different signs besides."""
        if not isinstance(user, Person):
            return
        whole = rest = "".join(fold(password).replace("'", "").split())
        own = {part for said in (user.name, user.email or "", user.ref) for part in words(said)}
        for part in sorted(own, key=len, reverse=True):
            if len(part) > 1:
                rest = rest.replace(part, " ")
        if rest != whole and len(set(rest) - {" "}) < FEWEST_SIGNS:
            raise ValidationError(
                _("This is little more than your name, address or id. Add some words."),
                code="password_too_similar",
            )

    def get_help_text(self) -> str:
        """The rule, for those who choose."""
        return _("More than your own name, address or id.")
