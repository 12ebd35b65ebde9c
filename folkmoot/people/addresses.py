"""E-mail addresses: how they are kept, whose they are, and what name they suggest."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from folkmoot.core.refused import Refused


def normal_email(email: str) -> str:
    """The address as it is kept, lower-cased. Refuses what is not one."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("“%(email)s” is not an e-mail address.") % {"email": email[:100]}, "email") from error
    if len(email) > 254:
        raise Refused(_("This e-mail address is too long."), "email")
    return email


def is_of_the_organisation(email: str) -> bool:
    """Whether the address is in one of the organisation's own domains."""
    return email.rpartition("@")[2].lower() in settings.FOLKMOOT_DOMAINS


def name_from(email: str) -> str:
    """A name to begin with, until its owner gives their own: hana.yildiz@… gives “Hana Yildiz”."""
    parts = [part for part in re.split(r"[._+\-\d]+", email.partition("@")[0]) if part]
    return " ".join(part[:1].upper() + part[1:] for part in parts) or email
