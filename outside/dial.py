"""A new line to a target: its name is resolved once, every address that it has is checked, and one of those is dialled.

So a name which changes its mind in between (DNS rebinding) gains nothing. TLS asks for the name, not for the address.
"""

import socket
import ssl
from collections.abc import Callable

import certifi

from outside import guard
from outside.guard import Destination
from outside.question import UnreachableError
from outside.watch import Watch

Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system's resolver has it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Dialler:
    """Opens lines; what it trusts is read once."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._trust = ssl.create_default_context()
        self._trust.load_verify_locations(certifi.where())

    def dial(self, target: Destination, watch: Watch) -> socket.socket:
        """A line under watch. Raises guard.ForbiddenError, UnreachableError, or OSError where nobody takes it."""
        plain = self._connect(target, self._checked(target), watch)
        return plain if target.url.scheme == "http" else self._secured(plain, target, watch)

    def _checked(self, target: Destination) -> list[str]:
        try:
            addresses = self._resolve(target.host, target.port)
        except (OSError, UnicodeError):
            raise UnreachableError("its name could not be resolved") from None
        if not addresses:
            raise UnreachableError("its name has no address")
        guard.check(target, addresses)
        return addresses

    def _connect(self, target: Destination, addresses: list[str], watch: Watch) -> socket.socket:
        for number, address in enumerate(addresses, start=1):
            try:
                plain = socket.create_connection((address, target.port), timeout=watch.left_s())
                break
            except OSError:
                if number == len(addresses):
                    raise
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.settimeout(watch.left_s())
            watch.over(plain)
        except OSError:
            plain.close()
            raise
        return plain

    def _secured(self, plain: socket.socket, target: Destination, watch: Watch) -> ssl.SSLSocket:
        secure = self._trust.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
        secure.settimeout(watch.left_s())
        try:
            secure.do_handshake()
        except OSError:
            secure.close()
            raise
        return secure
