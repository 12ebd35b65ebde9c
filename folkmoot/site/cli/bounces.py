"""`folkmoot bounce`: mail that came back."""

import sys

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.starting import database

MOST = 1 << 20


@app.command()
def bounce() -> None:
    """Read a mail server's report of mail that came back from standard input, and write to bad addresses no more."""
    report = sys.stdin.buffer.read(MOST)
    with database():
        from folkmoot.notifications.bounces import take_bounce  # noqa: PLC0415

        found = take_bounce(report)
    for address in found:
        typer.echo(f"{address} is written to no more until it changes.")
    if not found:
        typer.echo("Nothing in it says that an address of ours is bad.")
