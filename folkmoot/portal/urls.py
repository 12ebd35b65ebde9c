"""Screens that mix many rooms."""

from django.urls import path

from folkmoot.portal.views import communities
from folkmoot.portal.views.charter import charter, charter_version, measured_from, version_removal
from folkmoot.portal.views.home import home
from folkmoot.portal.views.people import person
from folkmoot.portal.views.programme import programme, programme_csv
from folkmoot.portal.views.team import team

urlpatterns = [
    path("", home, name="home"),
    path("programme/", programme, name="programme"),
    path("programme/board.csv", programme_csv, name="programme_csv"),
    path("communities/<slug:slug>/", communities.community, name="community"),
    path("communities/<slug:slug>/charter/", communities.charter, name="community_charter"),
    path("people/<ref:ref>/", person, name="person"),
    path("programme/people/", team, name="programme_people"),
    path("programme/charter/", charter, name="charter"),
    path("programme/charter/measured-from/", measured_from, name="charter_measured_from"),
    path("programme/charter/<int:pk>/removal/", version_removal, name="charter_version_removal"),
    path("programme/charter/new/", charter_version, name="charter_version"),
]
