"""The shape of what the programme team types."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from folkmoot.charter.commitments import commitments
from folkmoot.charter.models import Version
from folkmoot.ui.forms import DayInput, SeenField


class CharterForm(forms.Form):
    """A version of the charter: the day it begins, a whole number for each threshold, a note."""

    since = forms.DateField(
        label=_("In force from"),
        widget=DayInput(),
        help_text=_("A day that has passed changes how the days since then are judged."),
    )
    note = forms.CharField(
        label=_("Why it changes"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = SeenField()

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for commitment in commitments():
            for threshold in commitment.thresholds:
                self.fields[f"{commitment.key}.{threshold.key}"] = forms.IntegerField(
                    label=f"{commitment.title}: {str(threshold.label)[:1].lower()}{str(threshold.label)[1:]}",
                    min_value=threshold.least,
                    max_value=threshold.most,
                    initial=version.value(commitment.key, threshold.key),
                )

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """(commitment, its fields), in the charter's order."""
        return [
            (commitment, [self[f"{commitment.key}.{threshold.key}"] for threshold in commitment.thresholds])
            for commitment in commitments()
        ]

    def thresholds(self) -> dict[str, dict[str, int]]:
        """{commitment: {threshold: number}} of what was typed."""
        return {
            commitment.key: {
                threshold.key: self.cleaned_data[f"{commitment.key}.{threshold.key}"]
                for threshold in commitment.thresholds
            }
            for commitment in commitments()
        }


class MeasuredFromForm(forms.Form):
    """The day from which the programme is measured."""

    day = forms.DateField(
        label=_("Measured from"),
        widget=DayInput(),
        required=False,
        help_text=_(
            "Clocks of meetings and terms never start before it. Empty means the day of the charter's first version."
        ),
    )
