"""The embedded PostgreSQL: its binaries come from a wheel, all the rest is here.

One process at a time manages the server of a data folder: it holds a lock, starts the server as its child, and the
server goes down with it, however it ends. Nothing here needs Django.
"""

from folkmoot.core.postgres.cluster import Cluster, throwaway_cluster
from folkmoot.core.postgres.engines import PostgresError
from folkmoot.core.postgres.sharing import shared_cluster

__all__ = ["Cluster", "PostgresError", "shared_cluster", "throwaway_cluster"]
