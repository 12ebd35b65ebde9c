"""Communities, their stages, memberships, requests and invitations."""

from folkmoot.communities.models.communities import (
    Community,
    CommunityQuerySet,
    PracticeArea,
    Stage,
    StageChange,
)
from folkmoot.communities.models.joining import Invitation, JoinRequest
from folkmoot.communities.models.memberships import Figures, Membership, MembershipQuerySet, Role
from folkmoot.communities.models.spaces import ActiveDay
from folkmoot.communities.models.waivers import Waiver, WaiverQuerySet

__all__ = [
    "ActiveDay",
    "Community",
    "CommunityQuerySet",
    "Figures",
    "Invitation",
    "JoinRequest",
    "Membership",
    "MembershipQuerySet",
    "PracticeArea",
    "Role",
    "Stage",
    "StageChange",
    "Waiver",
    "WaiverQuerySet",
]
