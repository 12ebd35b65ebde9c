"""Ports, before one listens on them."""

import socket
import time

from folkmoot.core.refused import Refused


def probe(host: str, port: int, patience: float = 0) -> None:
    """Refuse a port that something still listens on after `patience` seconds: two Granians would share it silently."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return _try(host, port)
        except Refused:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.1)


def _try(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError as error:
            raise Refused(
                f"Port {port} may not be used by this account; choose one above 1023 with --port."
            ) from error
        except socket.gaierror as error:
            raise Refused(
                f"“{host}” is not an address of this machine; choose another with --host."
            ) from error
        except OSError as error:
            raise Refused(
                f"Port {port} of {host} is in use or not ours; choose another with --port."
            ) from error
