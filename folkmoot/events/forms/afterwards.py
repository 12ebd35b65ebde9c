"""The shape of what is typed on the day and afterwards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from folkmoot.core.files import ENDINGS, taken
from folkmoot.core.models import StoredFile
from folkmoot.core.refused import Refused
from folkmoot.events.models import Feedback
from folkmoot.people.forms import NameInput, NamesInput
from folkmoot.people.models import Person, PersonQuerySet
from folkmoot.people.naming import named_people, say_unknown
from folkmoot.ui.forms import FilesField, FilesInput, SeenField


class AttendanceForm(forms.Form):
    """Who was there: ticked, and others by name."""

    there = forms.ModelMultipleChoiceField(
        label=_("Who is there"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    others = forms.CharField(
        label=_("Others who are there"),
        required=False,
        max_length=20_000,
        widget=NamesInput(attrs={"rows": 2}),
        help_text=_("One a line: a name, an e-mail address or an id of the directory."),
    )

    def __init__(self, *args: Any, people: PersonQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["there"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = people

    def clean_others(self) -> list[Person]:
        """People; a name that is not known is said."""
        people, unknown = named_people(self.cleaned_data["others"])
        if unknown:
            raise forms.ValidationError([say_unknown(line, near) for line, near in unknown])
        return people


class SettleForm(forms.Form):
    """Who somebody of a report is; empty where it is nobody of the directory."""

    person = forms.CharField(
        label=_("Who it is"), required=False, max_length=300, widget=NameInput,
        help_text=_("A name, an e-mail address or an id of the directory. Empty: nobody of it."),
    )  # fmt: skip

    def clean_person(self) -> Person | None:
        """The one of that name, or nobody."""
        if not self.cleaned_data["person"].strip():
            return None
        people, unknown = named_people(self.cleaned_data["person"])
        for line, near in unknown:
            raise forms.ValidationError(say_unknown(line, near))
        return people[0]


class FeedbackForm(forms.Form):
    """Two questions."""

    useful = forms.TypedChoiceField(
        label=_("Was it useful?"), choices=Feedback.Useful.choices, coerce=int, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What will you do differently, or would you like next?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MaterialForm(forms.Form):
    """The recording, and slides."""

    seen = SeenField()
    recording_url = forms.URLField(
        label=_("Recording"), required=False, max_length=2000, assume_scheme="https",
        help_text=_("A link to where it can be seen."),
    )  # fmt: skip
    slides = FilesField(
        label=_("Slides and other files"),
        required=False,
        widget=FilesInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
        help_text=_("Up to five at once, of 10 MB each."),
    )

    def clean_slides(self) -> list[StoredFile]:
        """Each as it is kept. Refuses what is too much and other kinds."""
        files = self.cleaned_data["slides"]
        if len(files) > 5:
            raise forms.ValidationError(_("At most five at once."))
        try:
            return [taken(str(file.name), file.read()) for file in files]
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
