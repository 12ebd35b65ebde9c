"""`folkmoot backup`, `restore` and `upgrade`: nothing is lost."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.starting import database

Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The new file.")],
    as_json: Json = False,
) -> None:
    """Copy everything, uploads and the signing key included, to one file, while others go on working."""
    begun = time.monotonic()
    with database(migrated=False):
        from folkmoot.site.keeping import backup_to  # noqa: PLC0415

        made = backup_to(file)
    size = file.stat().st_size
    if as_json:
        tables = {table: digest.rows for table, digest in made.tables.items()}
        said = {"file": str(file), "bytes": size, "made_at": made.made_at.isoformat(), "tables": tables}
        typer.echo(json.dumps(said, indent=1))
    else:
        typer.echo(
            f"Backed up to {file}: {made.rows('people_person'):,} people, "
            f"{made.rows('communities_community'):,} communities, {made.rows('events_event'):,} events; "
            f"{size / 1e6:,.1f} MB in {time.monotonic() - begun:.0f} s."
        )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `backup` has written.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the programme that is here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a backup in the place of what is here, compared before it counts, all or nothing."""
    with database(migrated=False):
        from folkmoot.site.keeping import restore_from  # noqa: PLC0415

        restored, other_key = restore_from(file, replace=replace)
    if as_json:
        tables = {table: digest.rows for table, digest in restored.tables.items()}
        said = {
            "file": str(file),
            "made_at": restored.made_at.isoformat(),
            "tables": tables,
            "restart": other_key,
        }
        typer.echo(json.dumps(said, indent=1))
        return
    typer.echo(
        f"Restored as of {restored.made_at:%Y-%m-%d %H:%M} UTC: {restored.rows('people_person'):,} people, "
        f"{restored.rows('communities_community'):,} communities, {restored.rows('events_event'):,} events, "
        "each table compared with what was written."
    )
    if other_key:
        typer.echo("The backup brought its own signing key: if Folkmoot is running here, start it again.")


@app.command()
def upgrade() -> None:
    """Take the data of an older embedded PostgreSQL over; the old data is kept beside it."""
    from folkmoot.core.postgres.engines import MAJOR  # noqa: PLC0415
    from folkmoot.core.postgres.upgrading import upgrade as take_over  # noqa: PLC0415
    from folkmoot.core.refused import Refused  # noqa: PLC0415
    from folkmoot.site.home import ensure_home, uses_embedded_database  # noqa: PLC0415

    if not uses_embedded_database():
        raise Refused("DATABASE_URL names a PostgreSQL of yours; its own tools upgrade it.")
    done = take_over(ensure_home())
    if done is None:
        typer.echo(f"The data is PostgreSQL {MAJOR}'s already.")
    else:
        typer.echo(
            f"Taken over from PostgreSQL {done.major}: {done.rows:,} rows, each table compared. "
            f"The old data is kept in {done.kept}; remove it when you have looked around."
        )
