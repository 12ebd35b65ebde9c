"""What the import remembers, and the imports and exports that were made on the page."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ImportedRowQuerySet(models.QuerySet["ImportedRow"]):
    """The import's memory."""

    def of(self, table: str) -> "ImportedRowQuerySet":
        """What is remembered of one table."""
        return self.filter(table=table)


class ImportedRow(models.Model):
    """The values that one row of a table last had in a file, so that a later import knows what the file changed.

    `key` is the row's own: a unit's code, a person's id, a community's slug; for memberships the ids of the two,
    the role and the first day as the file gave it.
    """

    table = models.CharField(max_length=12)
    key = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects: ClassVar[ImportedRowQuerySet] = ImportedRowQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="one_memory_a_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """The imports made on the page."""

    def recent(self) -> "ImportRunQuerySet":
        """The latest first, without their results."""
        return self.select_related("by").defer("result", "mapping").order_by("-id")

    def forgettable(self, at: datetime) -> "ImportRunQuerySet":
        """Those that nobody needs any more at the moment `at`."""
        return self.filter(at__lt=at - ImportRun.KEPT_FOR)


class ImportRun(models.Model):
    """One upload on its way into the programme: checked by a job, shown, and imported by a job when somebody says so.

    `result` is what the last job found: the report, the tables with their columns and first rows.
    """

    KEPT_FOR = timedelta(days=90)

    class Status(models.TextChoices):
        """How far it is."""

        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, not imported")
        IMPORTING = "importing", _("Being imported")
        IMPORTED = "imported", _("Imported")
        FAILED = "failed", _("Not imported")

    name = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status, default=Status.CHECKING)
    encoding = models.CharField(max_length=40, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    progress = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    sentence = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar[ImportRunQuerySet] = ImportRunQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name

    @property
    def is_busy(self) -> bool:
        """Whether a job works on it."""
        return self.status in {self.Status.CHECKING, self.Status.IMPORTING}

    @property
    def is_checked(self) -> bool:
        """Whether it waits for somebody to look and decide."""
        return self.status == self.Status.CHECKED

    @property
    def is_imported(self) -> bool:
        """Whether it is done."""
        return self.status == self.Status.IMPORTED

    @property
    def report(self) -> dict[str, Any]:
        """What the last job found, as the command's JSON has it."""
        report: dict[str, Any] = self.result.get("report", {})
        return report


class ImportFile(models.Model):
    """A piece of an uploaded file, kept with the data until the import is done, so that any worker can read it."""

    PIECE = 1 << 20

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    piece = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["name", "piece"]
        constraints = [models.UniqueConstraint(fields=["run", "name", "piece"], name="one_piece_of_a_file")]

    def __str__(self) -> str:
        return f"{self.name} ({self.piece})"


class ExportRunQuerySet(models.QuerySet["ExportRun"]):
    """The exports made on the page."""

    def recent(self) -> "ExportRunQuerySet":
        """The latest first."""
        return self.select_related("by").order_by("-id")

    def forgettable(self, at: datetime) -> "ExportRunQuerySet":
        """Those whose file is kept no longer at the moment `at`."""
        return self.filter(at__lt=at - ExportRun.KEPT_FOR)


class ExportRun(models.Model):
    """The programme as a file, written by a job and kept for a week. `counts` is {table: rows}."""

    KEPT_FOR = timedelta(days=7)

    class Form(models.TextChoices):
        """What kind of file it is."""

        XLSX = "xlsx", _("A workbook for Excel (.xlsx)")
        ZIP = "zip", _("CSV files (.zip)")

    class Status(models.TextChoices):
        """How far it is."""

        BUSY = "busy", _("Being written")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Not written")

    form = models.CharField(max_length=4, choices=Form, default=Form.XLSX)
    status = models.CharField(max_length=6, choices=Status, default=Status.BUSY)
    counts = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar[ExportRunQuerySet] = ExportRunQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The file's name, by the day it was written."""
        return f"programme-{self.at:%Y-%m-%d}.{self.form}"

    @property
    def is_busy(self) -> bool:
        """Whether a job works on it."""
        return self.status == self.Status.BUSY

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(self.counts.values())

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded."""
        return self.status == self.Status.READY


class ExportPiece(models.Model):
    """A piece of an exported file, kept with the data, so that any web server can send it."""

    PIECE = 1 << 20

    run = models.ForeignKey(ExportRun, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_piece_of_an_export")]

    def __str__(self) -> str:
        return f"{self.run_id} ({self.number})"
