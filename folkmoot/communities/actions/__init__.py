"""The verbs of communities: founding and stages, joining and leaving, appointing, asking and inviting."""

from folkmoot.communities.actions.communities import change_stage, create_community, edit_community
from folkmoot.communities.actions.joining import (
    InvitationResult,
    addresses_in,
    answer_request,
    ask_to_join,
    decline_invitation,
    invite_people,
    withdraw_invitation,
    withdraw_request,
)
from folkmoot.communities.actions.memberships import (
    add_member,
    appoint_lead,
    appoint_sponsor,
    change_role,
    end_membership,
    give_role,
    join,
    leads_left_without,
    leave,
    step_back,
    step_down,
    step_up,
)
from folkmoot.communities.actions.spaces import attest_active
from folkmoot.communities.actions.waivers import end_waiver, waive

__all__ = [
    "InvitationResult",
    "add_member",
    "addresses_in",
    "answer_request",
    "appoint_lead",
    "appoint_sponsor",
    "ask_to_join",
    "attest_active",
    "change_role",
    "change_stage",
    "create_community",
    "decline_invitation",
    "edit_community",
    "end_membership",
    "end_waiver",
    "give_role",
    "invite_people",
    "join",
    "leads_left_without",
    "leave",
    "step_back",
    "step_down",
    "step_up",
    "waive",
    "withdraw_invitation",
    "withdraw_request",
]
