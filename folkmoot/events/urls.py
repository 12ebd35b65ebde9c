"""Events of the programme and of a community."""

from django.urls import path

from folkmoot.events.views import answers, events, feeds, of_community, talk

urlpatterns = [
    path("events/", events.events, name="events"),
    path("events/<int:pk>-<slug:slug>/", events.event, name="event"),
    path("events/<int:pk>/edit/", of_community.edit, name="event_edit"),
    path("events/<int:pk>/answer/", answers.answer, name="event_answer"),
    path("events/<int:pk>/answers/", answers.answers, name="event_answers"),
    path("events/<int:pk>/event.ics", answers.file, name="event_file"),
    path("calendars/", feeds.feeds, name="calendars"),
    path("calendars/<str:secret>.ics", feeds.feed, name="calendar_feed"),
    path("events/<int:pk>/thread/", talk.thread, name="event_thread"),
    path("events/<int:pk>/cancellation/", of_community.cancellation, name="event_cancellation"),
    path("communities/<slug:slug>/events/", of_community.events, name="community_events"),
    path("communities/<slug:slug>/events/new/", of_community.new, name="community_new_event"),
]
