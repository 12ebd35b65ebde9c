"""Django's own commands, for developers."""

import sys

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.starting import database

_AS_THEY_ARE = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.command(context_settings=_AS_THEY_ARE)
def manage(context: typer.Context) -> None:
    """Pass on to Django's management commands, with the database running."""
    with database(migrated=False):
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line([sys.argv[0], *context.args])
