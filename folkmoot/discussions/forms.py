"""The shape of what is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from folkmoot.core.files import ENDINGS, taken
from folkmoot.core.richtext import LONGEST as LONGEST_HTML
from folkmoot.discussions.actions import mint_once
from folkmoot.discussions.models import Post, Thread
from folkmoot.ui.forms import DayInput, FilesField, FilesInput, RichInput

LONGEST = 20_000


class WordsForm(forms.Form):
    """Words, and how they are formatted."""

    text = forms.CharField(
        label=_("What you want to say"), max_length=LONGEST, widget=RichInput(attrs={"rows": 5})
    )
    html = forms.CharField(required=False, max_length=LONGEST_HTML, widget=forms.HiddenInput)

    def __init__(self, *args: Any, mentions: str, **kwargs: Any) -> None:
        """`mentions` is where the editor asks for people to name."""
        super().__init__(*args, **kwargs)
        widget = self.fields["text"].widget
        if isinstance(widget, RichInput):
            widget.html, widget.mentions = self["html"].value() or "", mentions

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return dict(self.cleaned_data)


class EditForm(WordsForm):
    """Other words for a post, and which of its files go."""

    drop = forms.TypedMultipleChoiceField(
        label=_("Take away these files"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        initial = {"text": post.text, "html": post.html}
        super().__init__(*args, initial=initial, **kwargs)
        files = [(each.pk, each.file.name) for each in post.attachments.select_related("file")]
        self.fields["drop"].choices = files  # type: ignore[attr-defined]
        if not files:
            del self.fields["drop"]


class PostForm(WordsForm):
    """One post."""

    attachments = FilesField(
        label=_("Files"),
        required=False,
        widget=FilesInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
        help_text=_("Up to five of 10 MB each: documents, tables, images, text."),
    )
    once = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput, initial=mint_once)

    def values(self) -> dict[str, Any]:
        """As above, with files that were looked into. Refuses what is not taken."""
        values = super().values()
        given = values.pop("attachments")
        return values | {"files": [taken(file.name or "", file.read()) for file in given]}


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

    field_order = ["kind", "title", "text", "attachments", "pinned_until"]

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
        values = super().values()
        if values["kind"] != Thread.Kind.ANNOUNCEMENT:
            values.pop("pinned_until", None)
        return values


class ReasonForm(forms.Form):
    """Why somebody should look at a post, or why it is hidden."""

    reason = forms.CharField(
        label=_("What is wrong with it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class MoveForm(forms.Form):
    """Where a thread belongs."""

    to = forms.ChoiceField(label=_("Community"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
