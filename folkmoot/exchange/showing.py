"""What the page shows of an import's result, as plain values."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from folkmoot.exchange.forms import TABLE_NAMES
from folkmoot.exchange.importing.report import Outcome
from folkmoot.exchange.models import ImportRun

OUTCOME_NAMES = {
    Outcome.CREATED: _("New"),
    Outcome.UPDATED: _("Changed"),
    Outcome.UNCHANGED: _("As they are"),
    Outcome.KEPT: _("Kept as changed here"),
}


def shown(run: ImportRun) -> dict[str, Any]:
    """Counts by table, problems, first rows, and whether it can be imported whole or in part."""
    report = run.report
    rejected = report.get("rejected_in_all", 0)
    return {
        "outcomes": list(OUTCOME_NAMES.values()),
        "counts": [
            (TABLE_NAMES[kind], [report[outcome][kind] for outcome in OUTCOME_NAMES])
            for kind in TABLE_NAMES
            if report and (any(report[outcome][kind] for outcome in OUTCOME_NAMES) or kind in _kinds(run))
        ],
        "rejected": report.get("rejected", []),
        "rejected_in_all": rejected,
        "warnings": report.get("warnings", []),
        "warnings_in_all": report.get("warnings_in_all", 0),
        "unknown_files": report.get("ignored", {}).get("files", []),
        "unknown_columns": report.get("ignored", {}).get("columns", {}).items(),
        "tables": [table | {"name": TABLE_NAMES[table["kind"]]} for table in run.result.get("tables", [])],
        "can_be_whole": run.is_checked and bool(report) and not rejected,
        "can_be_in_part": run.is_checked and rejected > 0 and report.get("sound", 0) > 0,
    }


def _kinds(run: ImportRun) -> set[str]:
    return {table["kind"] for table in run.result.get("tables", [])}
