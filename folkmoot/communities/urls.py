"""The directory, members, joining and setting up. Overview and charter mix rooms and live in portal."""

from django.urls import path

from folkmoot.communities.views import directory, joining, members, membership, notices, pages, space, waivers

urlpatterns = [
    path("", directory.communities, name="communities"),
    path("new/", pages.new, name="community_new"),
    path("<slug:slug>/members/", members.members, name="community_members"),
    path("<slug:slug>/members/new/", members.new_member, name="community_new_member"),
    path("<slug:slug>/members/<int:person>/", members.member, name="community_member"),
    path("<slug:slug>/memberships/<int:pk>/end/", members.end_member, name="community_end_member"),
    path("<slug:slug>/membership/", membership.membership, name="community_membership"),
    path("<slug:slug>/membership/end/", membership.end, name="community_membership_end"),
    path("<slug:slug>/requests/<int:pk>/", joining.join_request, name="community_request"),
    path("<slug:slug>/invitations/", joining.invitations, name="community_invitations"),
    path("<slug:slug>/invitations/<int:pk>/", joining.invitation, name="community_invitation"),
    path("<slug:slug>/edit/", pages.edit, name="community_edit"),
    path("<slug:slug>/notices/", notices.notices, name="community_notices"),
    path("<slug:slug>/space/", space.space, name="community_space"),
    path("<slug:slug>/stage/", pages.stage, name="community_stage"),
    path("<slug:slug>/charter/waivers/new/", waivers.new, name="community_new_waiver"),
    path("<slug:slug>/charter/waivers/<int:pk>/end/", waivers.end, name="community_end_waiver"),
]
