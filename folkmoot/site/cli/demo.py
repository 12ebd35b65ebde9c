"""`folkmoot demo`: the invented programme, for trying out and for measuring."""

from typing import Annotated

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.progress import progress
from folkmoot.site.starting import database


@app.command()
def demo(
    scale: Annotated[int, typer.Option(help="How many times 2,000 people and 24 communities: 1 to 400.")] = 1,
    seed: Annotated[
        int | None, typer.Option(help="Another number gives other people; default: always the same.")
    ] = None,
) -> None:
    """Load the invented programme into an empty database, relative to today. `/demo/` then signs in as its cast."""
    with database(), progress({"people": "Inventing people"}) as told:
        from folkmoot.demo.invention import SEED  # noqa: PLC0415
        from folkmoot.demo.loading import load_demo  # noqa: PLC0415

        load_demo(
            scale=scale,
            seed=SEED if seed is None else seed,
            tell=lambda loaded: told("people", loaded, 2000 * scale),
        )
    typer.echo(f"The demo is loaded: {2000 * scale:,} people. Look around at /demo/.")
