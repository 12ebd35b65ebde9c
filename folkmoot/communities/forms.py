"""The shape of what people type about communities. Whether it may be done is decided by the actions."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from folkmoot.calendar.days import today
from folkmoot.charter.commitments import commitments
from folkmoot.communities.models import Community, Role, Stage
from folkmoot.core.meanwhile import marks
from folkmoot.core.text import fold
from folkmoot.ui.forms import DayInput, SeenField


class PageForm(forms.ModelForm):
    """What leads may change about their community's page."""

    space_url = forms.URLField(
        label=_("Link to the online space"), max_length=2000, required=False, assume_scheme="https"
    )
    seen = SeenField()

    class Meta:
        model = Community
        fields = ["name", "summary", "practice_area", "space_kind", "space_url", "joining", "inside"]
        labels = {"practice_area": _("Practice area"), "joining": _("How people join")}
        help_texts = {
            "summary": _(
                "What you do together and whom it is for, in a few sentences. Line breaks are kept."
            ),
            "space_kind": _("Where you talk between meetings."),
            "joining": _("Leads answer requests and invite people."),
            "inside": _("Conversations, minutes and files. Names of members are for all staff."),
        }
        widgets = {"summary": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["practice_area"]
        if isinstance(area, forms.ModelChoiceField):
            area.empty_label = gettext("None yet")
        self.initial["seen"] = marks(self.instance, self._meta.fields or [])

    def changes(self) -> dict[str, Any]:
        """The fields and their new values, for the action."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or []}


class TeamPageForm(PageForm):
    """What the programme team may change besides: a new practice area, and whether visitors see the page."""

    new_area = forms.CharField(label=_("Or a new practice area"), max_length=200, required=False)

    class Meta(PageForm.Meta):
        fields = [*PageForm.Meta.fields, "calendar", "is_public"]
        help_texts = PageForm.Meta.help_texts | {
            "is_public": _("Visitors never see names."),
            "calendar": _("The terms it is measured by; empty means the organisation's."),
        }

    field_order = ["name", "slug", "summary", "practice_area", "new_area"]

    def changes(self) -> dict[str, Any]:
        """As above; a new practice area comes before a chosen one."""
        return super().changes() | {"new_area": self.cleaned_data["new_area"]}


class NewCommunityForm(TeamPageForm):
    """A community to be founded."""

    slug = forms.SlugField(
        label=_("Address"),
        max_length=100,
        required=False,
        help_text=_("The last part of the page's address. Left empty, it is made from the name."),
    )
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[(stage.value, stage.label) for stage in Stage if stage != Stage.CLOSED],
        initial=Stage.FORMING,
        help_text=_("While it is forming, only leads and sponsor are measured."),
    )
    since = forms.DateField(label=_("Since"), widget=DayInput, initial=today)
    seen = None  # type: ignore[assignment]  # Nobody else can have changed it yet.

    field_order = ["name", "slug", "summary", "practice_area", "new_area", "stage", "since"]

    def clean_slug(self) -> str:
        """The address given, or one made from the name."""
        return self.cleaned_data["slug"] or slugify(fold(self.data.get("name", "")))[:100].strip("-")

    def clean(self) -> dict[str, Any]:
        """Ask for an address where none can be made from the name."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("name") and not cleaned.get("slug") and "slug" not in self.errors:
            self.add_error("slug", gettext("Give an address of letters from a to z, digits and hyphens."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """All that `create_community` takes."""
        own = {name: self.cleaned_data[name] for name in ("slug", "stage", "since")}
        return super().changes() | own


class StageForm(forms.Form):
    """Another stage, from a day."""

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    on = forms.DateField(
        label=_("From"), widget=DayInput, help_text=_("For a community that closes: its last day.")
    )


class AskForm(forms.Form):
    """A request to join."""

    message = forms.CharField(
        label=_("A word to the leads"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """A lead's answer to a request."""

    answer = forms.ChoiceField(choices=[("accept", _("Accept")), ("decline", _("Decline"))])
    note = forms.CharField(
        label=_("A word to them"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class InviteForm(forms.Form):
    """Addresses to invite."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line, or as you would paste them into an e-mail. Up to 500 at once."),
    )
    role = forms.ChoiceField(
        label=_("Invite as"),
        choices=[(Role.WIDER.value, Role.WIDER.label), (Role.CORE.value, Role.CORE.label)],
        initial=Role.WIDER,
    )


class RoleForm(forms.Form):
    """A role for one person, with days for leads and sponsors."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    since = forms.DateField(
        label=_("From"),
        widget=DayInput,
        required=False,
        help_text=_("For leads and sponsors. Empty means today."),
    )
    until = forms.DateField(
        label=_("Until"),
        widget=DayInput,
        required=False,
        help_text=_("The last day of a term, for leads and sponsors. Empty means without an end."),
    )

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role.value, role.label) for role in roles]


class ActiveDayForm(forms.Form):
    """A day on which the online space was active."""

    day = forms.DateField(label=_("Active on"), widget=DayInput)


class WaiverForm(forms.Form):
    """A commitment waived for a while."""

    commitment = forms.ChoiceField(label=_("Commitment"))
    until = forms.DateField(label=_("Last day"), widget=DayInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands beside the finding, for all who read it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["commitment"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(each.key, str(each.title)) for each in commitments()]
