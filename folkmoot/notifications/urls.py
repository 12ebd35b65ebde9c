"""Notices."""

from django.urls import path

from folkmoot.notifications.views import blocks, choices, inbox

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/choices/", choices.choices, name="notice_choices"),
    path("inbox/blocked/", blocks.blocks, name="notice_blocks"),
    path("inbox/mutes/", choices.mutes, name="notice_mutes"),
    path("unsubscribe/<str:token>/", choices.unsubscribing, name="unsubscribe"),
    path("inbox/<int:pk>/", inbox.notice, name="inbox_notice"),
    path("inbox/<int:pk>/completion/", inbox.completion, name="inbox_completion"),
]
