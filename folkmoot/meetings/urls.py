"""Agendas, minutes, actions and polls."""

from django.urls import path

from folkmoot.meetings.views import actions, agenda, minutes, polls

urlpatterns = [
    path("events/<int:pk>/agenda/", agenda.agenda, name="meeting_agenda"),
    path("events/<int:pk>/agenda-order/", agenda.order, name="agenda_order"),
    path("events/<int:pk>/agenda/<int:number>/", agenda.item, name="agenda_item"),
    path("events/<int:pk>/agenda/<int:number>/place/", agenda.place, name="agenda_place"),
    path("events/<int:pk>/agenda/<int:number>/acceptance/", agenda.acceptance, name="agenda_acceptance"),
    path("events/<int:pk>/agenda/<int:number>/removal/", agenda.removal, name="agenda_removal"),
    path("events/<int:pk>/minutes/", minutes.minutes, name="meeting_minutes"),
    path("events/<int:pk>/minutes/edit/", minutes.edit, name="minutes_edit"),
    path("events/<int:pk>/minutes/<int:number>/", minutes.item, name="minutes_item"),
    path(
        "events/<int:pk>/decisions/<int:number>/removal/", minutes.decision_removal, name="decision_removal"
    ),
    path("actions/", actions.mine, name="actions"),
    path("actions/<int:pk>/", actions.action, name="action"),
    path("actions/<int:pk>/completion/", actions.completion, name="action_completion"),
    path("actions/done/<str:token>/", actions.done, name="action_done"),
    path("communities/<slug:slug>/actions/", actions.of_community, name="community_actions"),
    path("polls/<int:pk>/", polls.poll, name="poll"),
    path("polls/<int:pk>/booking/", polls.booking, name="poll_booking"),
    path("polls/<int:pk>/end/", polls.end, name="poll_end"),
    path("polls/answer/<str:token>/", polls.answer, name="poll_answer"),
]
