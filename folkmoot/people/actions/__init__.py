"""Everything that writes people, units and invitations."""

from folkmoot.people.actions.invitations import (
    Invited,
    arrive,
    clear_links,
    first_account_link,
    follow_link,
    invite,
    withdraw_links,
)
from folkmoot.people.actions.profiles import edit_profile, remove_photo, set_photo
from folkmoot.people.actions.programme_team import (
    appoint_to_programme_team,
    remove_from_programme_team,
    the_team_can_sign_in,
)
from folkmoot.people.actions.units import rekey_people_of, rename_unit

__all__ = [
    "Invited",
    "appoint_to_programme_team",
    "arrive",
    "clear_links",
    "edit_profile",
    "first_account_link",
    "follow_link",
    "invite",
    "rekey_people_of",
    "remove_from_programme_team",
    "remove_photo",
    "rename_unit",
    "set_photo",
    "the_team_can_sign_in",
    "withdraw_links",
]
