"""`folkmoot doctor`: what is configured, reachable, missing, late."""

import json
from typing import Annotated

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.starting import database


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False) -> None:
    """Look at everything and say in sentences how it is. Exit 1 when something is wrong."""
    with database(migrated=False):
        from folkmoot.site.checks import everything  # noqa: PLC0415

        found = everything()
    if as_json:
        checks = [{"name": check.name, "fine": check.fine, "sentence": check.sentence} for check in found]
        typer.echo(
            json.dumps({"fine": all(check.fine is not False for check in found), "checks": checks}, indent=1)
        )
    else:
        for check in found:
            typer.echo({True: "  ok    ", False: "  WRONG ", None: "  note  "}[check.fine] + check.sentence)
    if any(check.fine is False for check in found):
        raise typer.Exit(1)
