"""Screens that mix many rooms."""

from django.urls import path

from folkmoot.portal.views import briefing, communities
from folkmoot.portal.views.arranging import arranging
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
    path("communities/<slug:slug>/briefing/", briefing.briefing, name="community_briefing"),
    path("communities/<slug:slug>/briefing.pdf", briefing.paper, name="community_briefing_paper"),
    path("communities/<slug:slug>/briefing/link/", briefing.link, name="community_briefing_link"),
    path("communities/<slug:slug>/asks/answer/", briefing.ask_answer, name="community_ask_answer"),
    path(
        "communities/<slug:slug>/asks/<int:pk>/removal/", briefing.ask_removal, name="community_ask_removal"
    ),
    path("communities/<slug:slug>/arranging/<str:kind>/", arranging, name="arranging"),
    path("briefings/<str:token>/", briefing.opened, name="briefing_open"),
    path("briefings/<str:token>/briefing.pdf", briefing.opened_paper, name="briefing_open_paper"),
    path("people/<ref:ref>/", person, name="person"),
    path("programme/people/", team, name="programme_people"),
    path("programme/charter/", charter, name="charter"),
    path("programme/charter/measured-from/", measured_from, name="charter_measured_from"),
    path("programme/charter/<int:pk>/removal/", version_removal, name="charter_version_removal"),
    path("programme/charter/new/", charter_version, name="charter_version"),
]
