"""The shape of what is uploaded, which column is which, and what is exported."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from folkmoot.events.models import LEARNING, MEETINGS, Kind
from folkmoot.exchange.models import ExportRun, ImportRun
from folkmoot.exchange.reading import TABLES, Mapping

# Below the 64 MB of a request that the server takes, so that a form that is too large is answered by itself.
MOST_MEGABYTES = 60
MOST_FILES = 20
NOWHERE = "0"
WHOLE = (".xlsx", ".xlsm", ".zip")
TABLE_NAMES = {
    "units": _("Units"),
    "people": _("People"),
    "communities": _("Communities"),
    "memberships": _("Memberships"),
    "terms": _("Terms"),
    "events": _("Events"),
}
ENCODINGS = [
    ("", _("Find out")),
    ("utf-8", "UTF-8"),
    ("windows-1252", _("Windows, Western Europe (windows-1252)")),
    ("mac_roman", _("Mac, Western Europe (mac_roman)")),
    ("windows-1250", _("Windows, Central Europe (windows-1250)")),
    ("windows-1251", _("Windows, Cyrillic (windows-1251)")),
    ("windows-1253", _("Windows, Greek (windows-1253)")),
    ("windows-1254", _("Windows, Turkish (windows-1254)")),
    ("windows-1255", _("Windows, Hebrew (windows-1255)")),
    ("windows-1256", _("Windows, Arabic (windows-1256)")),
    ("shift_jis", _("Japanese (shift_jis)")),
    ("euc_kr", _("Korean (euc_kr)")),
    ("gb18030", _("Simplified Chinese (gb18030)")),
    ("big5", _("Traditional Chinese (big5)")),
]


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploaded files; an empty file is let through, as the import says more about it."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each file by itself."""
        files = (data or [None]) if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """One workbook or .zip, or several CSV files."""

    chosen = FilesField(
        label=_("Files"),
        allow_empty_file=True,
        help_text=_("One workbook (.xlsx) or .zip, or one or more CSV files."),
        widget=FilesInput(attrs={"accept": ".csv,.txt,.tsv,.zip,.xlsx,.xlsm", "multiple": True}),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of CSV files"),
        choices=ENCODINGS,
        required=False,
        help_text=_("Leave it at “Find out” unless names come out wrong."),
    )

    def clean_chosen(self) -> list[UploadedFile]:
        """Refuses what is too much, and a mixture."""
        files: list[UploadedFile] = self.cleaned_data["chosen"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most %(most)d files.") % {"most": MOST_FILES})
        if sum(file.size or 0 for file in files) > MOST_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                _("Together these are larger than %(most)d MB. The command “folkmoot import” takes more.")
                % {"most": MOST_MEGABYTES}
            )
        if len(files) > 1 and any(str(file.name).lower().endswith(WHOLE) for file in files):
            raise forms.ValidationError(_("Choose one workbook or .zip, or several CSV files, not both."))
        return files


class ColumnsForm(forms.Form):
    """For each of our columns, the column of the file that it is taken from."""

    encoding = forms.ChoiceField(label=_("Encoding of CSV files"), choices=ENCODINGS, required=False)

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        """The columns of the tables that were found in `run`; the first file of a kind speaks for all."""
        super().__init__(*args, **kwargs)
        self.fields["encoding"].initial = run.encoding
        self.found: dict[str, dict[str, Any]] = {}
        for table in run.result.get("tables", []):
            if table["header"]:
                self.found.setdefault(table["kind"], table)
        for kind, table in self.found.items():
            places = {
                name: str(place)
                for place, name in reversed(list(enumerate(table["header"], start=1)))
                if name
            }
            choices = [
                (NOWHERE, _("not in this file")),
                *((place, name) for name, place in reversed(places.items())),
            ]
            for column in TABLES[kind]:
                self.fields[f"{kind}.{column.name}"] = forms.ChoiceField(
                    label=column.name,
                    choices=choices,
                    initial=places.get(table["matched"].get(column.name, ""), NOWHERE),
                )

    def groups(self) -> Iterator[tuple[str, dict[str, Any], list[forms.BoundField]]]:
        """(name of the table, the table, its columns)."""
        for kind, table in self.found.items():
            yield str(TABLE_NAMES[kind]), table, [self[f"{kind}.{column.name}"] for column in TABLES[kind]]

    def mapping(self, before: Mapping) -> Mapping:
        """What was said before and is said now; what is as it was found need not be said."""
        said: Mapping = {kind: dict(columns) for kind, columns in before.items()}
        for kind, table in self.found.items():
            for column in TABLES[kind]:
                place = int(self.cleaned_data[f"{kind}.{column.name}"])
                chosen = table["header"][place - 1] if place else ""
                if chosen != table["matched"].get(column.name, ""):
                    said.setdefault(kind, {})[column.name] = chosen
        return said


class ExportForm(forms.Form):
    """Which kind of file."""

    form = forms.ChoiceField(
        label=_("File"),
        choices=ExportRun.Form,
        initial=ExportRun.Form.XLSX,
        help_text=_("Both hold the same tables. CSV files are the faster choice for very many people."),
    )


class CalendarForm(forms.Form):
    """A calendar whose events become drafts."""

    kind = forms.ChoiceField(
        label=_("What they are"),
        choices=[(kind.value, kind.label) for kind in (*LEARNING, Kind.SOCIAL, *MEETINGS)],
    )
    chosen = forms.FileField(
        label=_("Calendar"),
        help_text=_("An .ics file, as Outlook, Google or Apple export it."),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        allow_empty_file=True,
    )

    def clean_chosen(self) -> UploadedFile:
        """Refuses what is too large to be one."""
        return _at_most(self.cleaned_data["chosen"], 5)


class ReportForm(forms.Form):
    """Who attended, as Microsoft Teams says."""

    chosen = forms.FileField(
        label=_("Report"),
        help_text=_("The attendance report (.csv) of the meeting."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt"}),
        allow_empty_file=True,
    )

    def clean_chosen(self) -> UploadedFile:
        """Refuses what is too large to be one."""
        return _at_most(self.cleaned_data["chosen"], 5)


def _at_most(file: UploadedFile, megabytes: int) -> UploadedFile:
    if (file.size or 0) > megabytes * 1024 * 1024:
        raise forms.ValidationError(_("This is larger than %(most)d MB.") % {"most": megabytes})
    return file
