"""Events of the programme and of a community."""

from django.urls import path

from folkmoot.events.views import (
    afterwards,
    answers,
    attendance,
    drafts,
    events,
    feeds,
    hosting,
    planning,
    talk,
)

urlpatterns = [
    path("events/", events.events, name="events"),
    path("events/new/", planning.new_of_programme, name="programme_new_event"),
    path("events/<int:pk>-<slug:slug>/", events.event, name="event"),
    path("events/<int:pk>/edit/", planning.edit, name="event_edit"),
    path("events/<int:pk>/answer/", answers.answer, name="event_answer"),
    path("events/answer/<str:token>/", answers.by_letter, name="event_answer_by_letter"),
    path("events/<int:pk>/answers/", answers.answers, name="event_answers"),
    path("events/<int:pk>/event.ics", answers.file, name="event_file"),
    path("events/<int:pk>/hosts/", hosting.hosts, name="event_hosts"),
    path("events/<int:pk>/invitations/", hosting.invitations, name="event_invitations"),
    path("events/<int:pk>/check-in/", attendance.attendance, name="event_attendance"),
    path("events/<int:pk>/check-in.svg", attendance.code, name="event_code"),
    path("events/<int:pk>/check-in/<slug:code>/", attendance.check_in_here, name="event_check_in"),
    path("events/<int:pk>/unsettled/<int:number>/", attendance.settlement, name="event_unsettled"),
    path("events/<int:pk>/feedback/", afterwards.feedback, name="event_feedback"),
    path("events/<int:pk>/material/", afterwards.material, name="event_material"),
    path("events/<int:pk>/slides/<int:number>/", afterwards.slides, name="event_slides"),
    path("calendars/", feeds.feeds, name="calendars"),
    path("calendars/<str:secret>.ics", feeds.feed, name="calendar_feed"),
    path("events/<int:pk>/thread/", talk.thread, name="event_thread"),
    path("events/<int:pk>/cancellation/", planning.cancellation, name="event_cancellation"),
    path("communities/<slug:slug>/events/", events.events_of_community, name="community_events"),
    path("communities/<slug:slug>/events/requests/<int:pk>/", hosting.host_request, name="host_request"),
    path("communities/<slug:slug>/events/<int:pk>/removal/", hosting.host_removal, name="host_removal"),
    path("communities/<slug:slug>/events/drafts/", drafts.drafts, name="event_drafts"),
    path("communities/<slug:slug>/events/new/", planning.new, name="community_new_event"),
]
