"""The calendars of the organisation and of its parts."""

from django.urls import path

from folkmoot.calendar.views import calendars, periods

urlpatterns = [
    path("", calendars.calendars, name="calendar"),
    path("new/", calendars.new, name="calendar_new"),
    path("<slug:slug>/", calendars.calendar, name="calendar_of"),
    path("<slug:slug>/hours/", calendars.hours, name="calendar_hours"),
    path("<slug:slug>/periods/new/", periods.new, name="calendar_new_period"),
    path("<slug:slug>/periods/<int:pk>/", periods.period, name="calendar_period"),
    path("<slug:slug>/years/<int:year>/copy/", periods.copy, name="calendar_copy"),
]
