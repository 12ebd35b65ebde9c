"""Notices."""

from django.urls import path

from folkmoot.notifications.views import inbox

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>/", inbox.notice, name="inbox_notice"),
    path("inbox/<int:pk>/completion/", inbox.completion, name="inbox_completion"),
]
