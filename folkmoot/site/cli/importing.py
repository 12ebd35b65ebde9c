"""`folkmoot import`: a folder of CSV files, a .zip of them, a workbook, or one CSV file, into the programme."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.progress import progress
from folkmoot.site.starting import database

if TYPE_CHECKING:
    from folkmoot.exchange.importing import Report

SHOWN = 50
STEPS = {
    "read": "Reading the files",
    "plan": "Comparing with what is here",
    "people": "Writing people",
    "memberships": "Writing memberships",
    "events": "Writing events",
}


@app.command("import")
def import_command(
    source: Annotated[
        Path,
        typer.Argument(
            exists=True, readable=True, help="A folder of CSV files, a .zip, an .xlsx, or one .csv."
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen and write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Import what is sound; by default it is all or nothing.")
    ] = False,
    encoding: Annotated[
        str, typer.Option(help="The encoding of CSV files that do not say, e.g. shift_jis.")
    ] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="TABLE.COLUMN=NAME", help="E.g. people.name=Full name."),
    ] = None,
) -> None:
    """Merge units, people, communities and memberships into the programme. Exit 1 when nothing was imported."""
    mapping = _mapping(columns or [])
    with database(), progress(STEPS) as tell:
        from folkmoot.exchange.importing import import_source  # noqa: PLC0415

        report = import_source(
            source,
            by=None,
            dry_run=dry_run,
            skip_bad_rows=skip_bad_rows,
            encoding=encoding,
            mapping=mapping,
            tell=tell,
        )
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        _show(report, dry_run=dry_run)
    would_be_done = dry_run and report.can_be_committed(skip_bad_rows=skip_bad_rows)
    if not (report.committed or would_be_done):
        raise typer.Exit(1)


def _mapping(columns: list[str]) -> dict[str, dict[str, str]]:
    from folkmoot.exchange.reading.columns import TABLES  # noqa: PLC0415

    mapping: dict[str, dict[str, str]] = {}
    for text in columns:
        ours, equals, theirs = text.partition("=")
        table, _dot, column = ours.strip().partition(".")
        if not equals or column not in {each.name for each in TABLES.get(table, ())}:
            raise typer.BadParameter(f"“{text}”: write TABLE.COLUMN=NAME, such as people.name=Full name.")
        mapping.setdefault(table, {})[column] = theirs.strip()
    return mapping


def _show(report: "Report", *, dry_run: bool) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console()
    counts = Table(box=None, pad_edge=False)
    for heading in ("", *report.counts):
        counts.add_column(str(heading), justify="right" if heading else "left")
    for name in next(iter(report.counts.values())):
        if any(tables[name] for tables in report.counts.values()):
            counts.add_row(name, *(f"{tables[name]:,}" for tables in report.counts.values()))
    console.print(counts)
    for title, problems in (("Rejected", report.rejected), ("Worth a look", report.warnings)):
        if not problems:
            continue
        console.print(f"\n{title}: {len(problems):,}")
        for problem in problems[:SHOWN]:
            console.print(Text(f"  {problem.said()}"), soft_wrap=True)
        if len(problems) > SHOWN:
            console.print(f"  … and {len(problems) - SHOWN:,} more; --json lists them all.")
    for name in report.unknown_files:
        console.print(Text(f"{name} was left: it is no table of this import."))
    for name, columns in report.unknown_columns.items():
        console.print(Text(f"{name}: left the columns {', '.join(columns[:20])}."))
    console.print(f"\n{_outcome(report, dry_run=dry_run)}")


def _outcome(report: "Report", *, dry_run: bool) -> str:
    if report.committed:
        return "Imported." if not report.rejected else "Imported, without the rows above."
    if dry_run:
        return "This was a dry run: nothing was written."
    return "Nothing was imported. Correct the rows above, or import the others with --skip-bad-rows."
