"""Django set up, and its database running, for whatever is started outside the web server."""

import contextlib
import os
from collections.abc import Iterator


def set_up(*, pool: bool = False) -> None:
    """Set Django up; more than once does no harm. Only servers need a pool of connections."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415

    if not pool:
        connection.settings_dict["OPTIONS"].pop("pool", None)


@contextlib.contextmanager
def database(*, migrated: bool = True) -> Iterator[None]:
    """The database of FOLKMOOT_HOME or DATABASE_URL, running and up to date, for the length of the block.

    On a fresh home it is made and migrated; the demo is never loaded.
    """
    from folkmoot.core.postgres.sharing import shared_cluster  # noqa: PLC0415
    from folkmoot.site.home import ensure_home, uses_embedded_database  # noqa: PLC0415

    folder = ensure_home()
    with shared_cluster(folder) if uses_embedded_database() else contextlib.nullcontext():
        set_up()
        from django.db import connections  # noqa: PLC0415

        try:
            if migrated:
                from folkmoot.site.schema import bring_up_to_date  # noqa: PLC0415

                bring_up_to_date()
            yield
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close()
                if hasattr(connection, "close_pool"):
                    connection.close_pool()
