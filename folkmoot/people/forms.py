"""The shape of what people say about themselves."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from folkmoot.core.meanwhile import marks
from folkmoot.core.refused import Refused
from folkmoot.people.addresses import is_of_the_organisation, normal_email
from folkmoot.people.models import Person
from folkmoot.ui.forms import SeenField


class _Proposing(forms.Widget):
    """Proposes people of the directory while one types, where there is script."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With what the behaviour needs to know."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-behaviour": "names",
            "data-names": static("ui/names.js"),
            "data-address": reverse("names"),
            "data-people": _("People who may be meant"),
            "data-hint": _("People are proposed: arrow down chooses one."),
            "autocomplete": "off",
        }
        return context


class NameInput(_Proposing, forms.TextInput):
    """For one person: a name, an e-mail address or an id; see `naming.named_people`."""


class NamesInput(_Proposing, forms.Textarea):
    """For people, one a line."""


class SkillsField(forms.CharField):
    """A list of skills with commas between them; with semicolons where a skill has a comma of its own."""

    def prepare_value(self, value: Any) -> Any:
        """The text that gives this list."""
        if not isinstance(value, list):
            return value
        if any("," in skill for skill in value):
            return "; ".join(value) + (";" if len(value) == 1 else "")
        return ", ".join(value)

    def clean(self, value: Any) -> Any:
        """The skills of the text, each stripped."""
        text = super().clean(value)
        between = r"[;\n]" if ";" in text or "\n" in text else ","
        return [skill.strip() for skill in re.split(between, text) if skill.strip()]


class ProfileForm(forms.Form):
    """What a person shows of themselves."""

    name = forms.CharField(
        label=_("Name"),
        max_length=300,
        help_text=_("As you wish to be shown."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    pronouns = forms.CharField(
        label=_("Pronouns"),
        max_length=60,
        required=False,
        help_text=_("For example she/her, he/him, they/them."),
    )
    job_title = forms.CharField(
        label=_("Job title"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    about = forms.CharField(
        label=_("About you"),
        max_length=2000,
        required=False,
        help_text=_("What you do, what you care about, what people may ask you."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    skills_offered = SkillsField(
        label=_("Skills you offer"),
        max_length=3000,
        required=False,
        help_text=_("What you would help others with. Put commas between them."),
    )
    skills_wanted = SkillsField(
        label=_("Skills you would like to learn"),
        max_length=3000,
        required=False,
        help_text=_("Folkmoot suggests communities by them. Put commas between them."),
    )
    seen = SeenField()

    @classmethod
    def about_person(cls, person: Person) -> "ProfileForm":
        """The form with what the person shows now."""
        names = [name for name in cls.base_fields if name != "seen"]
        shown = {name: getattr(person, name) for name in names}
        return cls(initial=shown | {"seen": marks(person, names)})


class PhotoForm(forms.Form):
    """An image file."""

    photo = forms.FileField(
        label=_("A new photo"),
        help_text=_("JPEG, PNG, WebP or GIF. It is cut to a square and made small."),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Choose another one."),
        },
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )


class ArrivalForm(forms.Form):
    """Name and address of somebody of the organisation whom the directory may not know yet."""

    name = forms.CharField(
        label=_("Your name"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.CharField(
        label=_("E-mail at work"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        """The address, as it is kept. Only of our own domains; whether it is known is not shown."""
        try:
            email = normal_email(self.cleaned_data["email"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        if not is_of_the_organisation(email):
            domains = settings.FOLKMOOT_DOMAINS
            raise forms.ValidationError(
                ngettext(
                    "Please use your address at work: it ends in @%(domains)s.",
                    "Please use your address at work: it ends in one of @%(domains)s.",
                    len(domains),
                )
                % {"domains": ", @".join(domains)}
            )
        return email


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=_("Code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )


class FirstAccountForm(forms.Form):
    """Who the first of the programme team is."""

    name = forms.CharField(
        label=_("Your name"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        """The address, as it is kept."""
        try:
            return normal_email(self.cleaned_data["email"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
