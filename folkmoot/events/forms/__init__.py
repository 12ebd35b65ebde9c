"""The shape of what is typed about events."""

from folkmoot.events.forms.afterwards import AttendanceForm, FeedbackForm, MaterialForm, SettleForm
from folkmoot.events.forms.coming import AnswerForForm, AnswerForm, HostForm, InvitationForm
from folkmoot.events.forms.planning import (
    OF_PROGRAMME,
    RECORDED,
    CorrectionForm,
    EventForm,
    again,
    of_event,
    to_begin_with,
    usual_times,
)

__all__ = [
    "OF_PROGRAMME",
    "RECORDED",
    "AnswerForForm",
    "AnswerForm",
    "AttendanceForm",
    "CorrectionForm",
    "EventForm",
    "FeedbackForm",
    "HostForm",
    "InvitationForm",
    "MaterialForm",
    "SettleForm",
    "again",
    "of_event",
    "to_begin_with",
    "usual_times",
]
