"""How every form of the site is rendered, `{{ form }}` and `{% field form.name %}` are accessible; how it says no."""

import json
from copy import copy
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import TemplatesSetting
from django.templatetags.static import static
from django.utils.translation import gettext as _

from folkmoot.core.meanwhile import Changed
from folkmoot.core.refused import Refused


class ShownField(forms.JSONField):
    """What a form showed, {name: anything}, hidden in it; None where nothing was sent back, or nonsense."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, **kwargs)

    def to_python(self, value: Any) -> Any:
        """JSON that nests too deeply, or has a number too long to read, is nonsense like any other."""
        try:
            found = json.loads(value or "null")
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The same, when the form is shown again."""
        return self.to_python(data)


class SeenField(ShownField):
    """The hidden marks of what a form showed, {field: mark}; see `core.meanwhile`."""

    def to_python(self, value: Any) -> Any:
        """None where none were sent back, or nonsense."""
        found = super().to_python(value)
        return found and {name: mark for name, mark in found.items() if isinstance(mark, str)}


def refuse(form: forms.BaseForm, refused: Refused) -> None:
    """Show a refusal beside its field, or above the form.

    Where the form's values changed meanwhile, say beside each what it says now; sent again, it is saved.
    """
    if isinstance(refused, Changed):
        said_at = getattr(form, "said_at", {})
        for name, now in refused.now.items():
            says = _("Changed meanwhile, to: “%(now)s”.") if now else _("Changed meanwhile: empty now.")
            form.add_error(said_at.get(name, name), says % {"now": now})
        typed: Any = copy(form.data)  # with every value of a name, as of boxes that were ticked
        typed[form.add_prefix("seen")] = json.dumps(refused.marks)
        form.data = typed
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


class Renderer(TemplatesSetting):
    """Fields with label, help and error tied together; the site's FORM_RENDERER."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


class RichInput(forms.Textarea):
    """A text area that becomes an editor when somebody begins to write, and stays one without script.

    What is formatted comes beside it as `html`. `html` is what the editor begins with; `mentions` is where it asks
    for people to name.
    """

    template_name = "ui/rich_input.html"
    html, mentions = "", ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With what the behaviour needs to know."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-behaviour": "editor",
            "data-editor": static("ui/editor.js"),
            "data-squire": static("ui/squire/squire.mjs"),
            "data-html": self.html,
            "data-names": static("ui/names.js"),
            "data-mentions": self.mentions,
            "data-people": _("People to name"),
        }
        return context


class FilesInput(forms.FileInput):
    """The browser's choice of files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each of them as it came."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(each, initial) for each in given]


class DayInput(forms.DateInput):
    """The browser's own choice of a day, which takes and gives ISO days whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """`attrs` as for every widget."""
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own choice of a time."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")
