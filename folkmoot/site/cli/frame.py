"""What every command shares: the Typer app."""

import typer

app = typer.Typer(
    name="folkmoot", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Communities of practice, and where each stands against the charter.",
)  # fmt: skip
