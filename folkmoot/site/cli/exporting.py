"""`folkmoot export`: the programme as a workbook that imports back to the same state."""

import json
from pathlib import Path
from typing import Annotated

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.starting import database


@app.command("export")
def export_command(
    destination: Annotated[
        Path, typer.Argument(help="A folder for CSV files, or a name ending in .xlsx or .zip.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> None:
    """Write units, people, communities, memberships, terms and events in the format of the import."""
    with database():
        from folkmoot.exchange.exporting import export_to  # noqa: PLC0415

        counts = export_to(destination)
    if as_json:
        typer.echo(
            json.dumps({"destination": str(destination), "written": counts}, ensure_ascii=False, indent=1)
        )
    else:
        said = ", ".join(f"{number:,} {name}" for name, number in counts.items())
        typer.echo(f"Written to {destination}: {said}.")
