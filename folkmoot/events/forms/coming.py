"""The shape of what is typed about who comes, is invited, and holds it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from folkmoot.communities.models import Community, CommunityQuerySet
from folkmoot.events.models import MEETINGS, Kind, Said
from folkmoot.people.forms import NameInput, NamesInput
from folkmoot.people.models import Person
from folkmoot.people.naming import named_people, say_unknown


class AnswerForm(forms.Form):
    """Whether one comes, to this one or to all of a series."""

    said = forms.ChoiceField(choices=[(said.value, said.label) for said in (Said.GOING, Said.MAYBE, Said.NO)])
    note = forms.CharField(required=False, max_length=300)
    all = forms.BooleanField(required=False)


class AnswerForForm(AnswerForm):
    """Whether somebody else comes, by those who hold it."""

    person = forms.CharField(
        label=_("Who"),
        max_length=300,
        widget=NameInput,
        help_text=_("A name, an e-mail address or an id of the directory."),
    )

    field_order = ["person", "said", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["all"]
        self.fields["said"].label, self.fields["note"].label = _("Answer"), _("Note")

    def clean_person(self) -> Person:
        """The one of that name."""
        people, unknown = named_people(self.cleaned_data["person"])
        for line, near in unknown:
            raise forms.ValidationError(say_unknown(line, near))
        return people[0]


class HostForm(forms.Form):
    """A community that is asked to hold an event as well."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Community.objects.none())

    def __init__(self, *args: Any, communities: CommunityQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["community"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = communities


class InvitationForm(forms.Form):
    """Whom to invite."""

    ALL, CORE, NAMED = "all", "core", "named"
    CIRCLES = (
        (CORE, _("Core members, leads and sponsor")),
        (ALL, _("All members")),
        (NAMED, _("These people")),
    )

    who = forms.ChoiceField(
        label=_("Whom"),
        choices=CIRCLES,
        initial=CORE,
        widget=forms.RadioSelect,
    )
    names = forms.CharField(
        label=_("Names"),
        required=False,
        max_length=20_000,
        widget=NamesInput(attrs={"rows": 4}),
        help_text=_("One a line: a name, an e-mail address or an id of the directory."),
    )

    def __init__(self, *args: Any, kind: str, numbers: dict[str, int], **kwargs: Any) -> None:
        """`numbers` says how many there are of each circle."""
        super().__init__(*args, **kwargs)
        labels = dict(self.CIRCLES)
        if kind == Kind.SPONSOR_MEETING:
            labels[self.CORE] = _("Leads and sponsor")
        if kind in MEETINGS:
            del labels[self.ALL]
        field = self.fields["who"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (who, f"{label} ({numbers[who]})" if who in numbers else label)
                for who, label in labels.items()
            ]

    def clean(self) -> dict[str, Any]:
        """Names become people; one that is not known is said."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("who") == self.NAMED:
            cleaned["people"], unknown = named_people(cleaned.get("names", ""))
            for line, near in unknown:
                self.add_error("names", say_unknown(line, near))
            if not cleaned["people"] and not unknown:
                self.add_error("names", gettext("Name somebody."))
        return cleaned
