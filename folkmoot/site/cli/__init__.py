"""The command line: one module a command. A command imports what it needs when it runs."""

import pkgutil
import sys
from importlib import import_module

from folkmoot.site.cli.frame import app
from folkmoot.site.sentences import exit_status_of


def main() -> None:
    """Run a command. Exit 0 when done, 1 when refused (one sentence on standard error), 2 for wrong usage."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    sys.exit(exit_status_of(lambda: app(prog_name="folkmoot")))
