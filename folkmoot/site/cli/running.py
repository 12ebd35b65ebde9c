"""Running the site: `up`, and its parts for more than one machine."""

import os
from pathlib import Path
from typing import Annotated

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.starting import database, set_up

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Home = Annotated[Path | None, typer.Option(help="The data folder; default: FOLKMOOT_HOME, or ./var.")]


@app.command()
def up(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    home: Home = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Do not load the demo programme at the first start.")
    ] = False,
) -> None:
    """Run everything: database, web server and worker."""
    from folkmoot.site.server.supervisor import up as run_all  # noqa: PLC0415

    _use_home(home)
    run_all(host, port, demo=not empty)


@app.command()
def web(host: Host = "127.0.0.1", port: Port = 8000, home: Home = None) -> None:
    """Run the web server alone; the database must be running and migrated."""
    _use_home(home)
    from folkmoot.site.server.ports import probe  # noqa: PLC0415

    probe(host, port)
    set_up(pool=True)
    from folkmoot.site.server.web import serve  # noqa: PLC0415

    serve(host, port)


@app.command()
def worker(home: Home = None) -> None:
    """Run the job worker alone; the database must be running and migrated."""
    _use_home(home)
    set_up(pool=True)
    from folkmoot.site.server.worker import work  # noqa: PLC0415

    work()


@app.command()
def migrate(home: Home = None) -> None:
    """Bring the database up to date."""
    _use_home(home)
    with database(migrated=False):
        from folkmoot.site.schema import bring_up_to_date  # noqa: PLC0415

        done = bring_up_to_date()
    typer.echo("The database is up to date now." if done else "The database was up to date already.")


def _use_home(home: Path | None) -> None:
    if home is not None:
        os.environ["FOLKMOOT_HOME"] = os.path.abspath(home.expanduser())
