"""The shape of what is typed about calendars. Whether it may be done is decided by the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from folkmoot.calendar.models import Calendar, Period
from folkmoot.ui.forms import DayInput

WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip


class PeriodForm(forms.ModelForm):
    """A term or closure."""

    class Meta:
        model = Period
        fields = ["name", "kind", "start", "end"]
        widgets = {"start": DayInput, "end": DayInput}
        help_texts = {"end": _("Both days are in it.")}

    def _post_clean(self) -> None:
        """The action checks; a model's own check would say it in other words."""


class CalendarForm(forms.Form):
    """A further calendar."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("Such as “Medical School”."))


class HoursForm(forms.ModelForm):
    """Name, working hours and bank holidays."""

    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Calendar
        fields = ["name", "opens", "closes", "working_days", "holidays"]
        widgets = {
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "holidays": _(
                "The country, or part of one, whose bank holidays are kept: GB-ENG, GB-SCT, IE, US-NY."
            )
        }

    def _post_clean(self) -> None:
        """The action checks."""


class CopyForm(forms.Form):
    """A year moved on by whole weeks."""

    weeks = forms.TypedChoiceField(label=_("Move by"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["weeks"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
            field.help_text = gettext("Whole weeks keep the days of the week.")
