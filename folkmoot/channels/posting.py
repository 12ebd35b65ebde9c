"""Posting to an address that somebody typed: https only, never into our own network, and no further than there.

The name is resolved once, every address it has must be a public one, and the connection goes to the very address that
was checked; so a name that changes its mind between looking and connecting leads nowhere. Redirects are not followed.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from folkmoot.core.refused import Refused

TIMEOUT = 10.0  # seconds, for each step of a connection
_MOST_READ = 1 << 16


class Failed(Exception):
    """The other end did not take it; the message is a sentence."""


def checked(address: str) -> SplitResult:
    """The parts of an address that may be posted to. Refuses what is no https address of a public host."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError as error:
        raise Refused(_("This is not an address."), "address") from error
    if parts.scheme != "https" or not parts.hostname or port not in {None, 443} or parts.username:
        raise Refused(_("Give the whole address, beginning with https://."), "address")
    try:
        public_addresses(parts.hostname)
    except Failed as failed:
        raise Refused(str(failed), "address") from failed
    return parts


def public_addresses(host: str) -> list[str]:
    """The addresses of a host, if each of them is in the public internet. Raises Failed."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise Failed(_("There is no host called %(host)s.") % {"host": host}) from error
    if not all(_is_public(str(address)) for address in found):
        raise Failed(_("%(host)s is not in the public internet.") % {"host": host})
    return sorted(map(str, found))


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return (mapped or address).is_global and not (mapped or address).is_multicast


def post(address: str, payload: dict[str, Any]) -> None:
    """Post JSON there. Raises Failed unless it was answered with a 2xx."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    body = json.dumps(payload).encode()
    connection = _Pinned(host, public_addresses(host)[0])
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Content-Type": "application/json", "User-Agent": "Folkmoot"})
        answer = connection.getresponse()
        answer.read(_MOST_READ)
    except (OSError, http.client.HTTPException) as error:
        raise Failed(_("%(host)s did not answer.") % {"host": host}) from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise Failed(_("%(host)s answered with %(status)d.") % {"host": host, "status": answer.status})


class _Pinned(http.client.HTTPSConnection):
    """A connection to one address of a host, whose certificate is the host's."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, 443, timeout=TIMEOUT, context=ssl.create_default_context())
        self.address = address

    def connect(self) -> None:
        """To the address that was checked."""
        plain = socket.create_connection((self.address, self.port), TIMEOUT)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]
