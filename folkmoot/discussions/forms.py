"""The shape of what is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from folkmoot.discussions.actions import mint_once
from folkmoot.discussions.models import Thread
from folkmoot.ui.forms import DayInput

LONGEST = 20_000


class PostForm(forms.Form):
    """One post."""

    text = forms.CharField(
        label=_("What you want to say"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5})
    )
    once = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput, initial=mint_once)


class ThreadForm(PostForm):
    """A thread and its first post."""

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=200)
    pinned_until = forms.DateField(
        label=_("Pinned until"),
        required=False,
        widget=DayInput,
        help_text=_("For announcements: it stands on top."),
    )

    field_order = ["kind", "title", "text", "pinned_until"]

    def __init__(self, *args: Any, may_announce: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [Thread.Kind.CONVERSATION, Thread.Kind.QUESTION]
        if may_announce:
            kinds += [Thread.Kind.ANNOUNCEMENT, Thread.Kind.LOUNGE]
        else:
            del self.fields["pinned_until"]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.initial.setdefault("kind", Thread.Kind.CONVERSATION.value)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        cleaned = dict(self.cleaned_data)
        if cleaned["kind"] != Thread.Kind.ANNOUNCEMENT:
            cleaned.pop("pinned_until", None)
        return cleaned


class ReportForm(forms.Form):
    """Why somebody should look at a post."""

    reason = forms.CharField(
        label=_("What is wrong with it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
