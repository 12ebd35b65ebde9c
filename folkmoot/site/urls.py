"""Every URL of the site, by room."""

from django.urls import include, path

from folkmoot.site.views import readyz

urlpatterns = [
    # First, as it names the kind of path that ids of people need.
    path("", include("folkmoot.people.urls")),
    path("", include("folkmoot.events.urls")),
    path("", include("folkmoot.meetings.urls")),
    path("", include("folkmoot.discussions.urls")),
    path("", include("folkmoot.channels.urls")),
    path("communities/", include("folkmoot.communities.urls")),
    path("programme/calendar/", include("folkmoot.calendar.urls")),
    path("demo/", include("folkmoot.demo.urls")),
    path("", include("folkmoot.portal.urls")),
    path("", include("folkmoot.exchange.urls")),
    path("", include("folkmoot.notifications.urls")),
    path("", include("folkmoot.ui.urls")),
    path("readyz", readyz, name="readyz"),
]
