"""Requests to addresses that a user gave: they reach the public internet and nothing else.

The name is resolved once, every address it has is checked, and the connection goes to a checked address, so that
a name which changes its mind in between (DNS rebinding) gains nothing. https only, ports 443 and 8443 only, no
redirects, no proxy of the environment, a cap on the answer, and one deadline for the whole exchange. Clients with a
time-out per read (requests is one) cannot give that: a receiver that sends a byte now and then would hold a worker.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import certifi

Resolve = Callable[[str, int], list[str]]

ANSWER_BYTES = 16_384
_PORTS = frozenset({443, 8443})
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
# Beside what `is_global` knows: it calls translated, tunnelled, segment-routing and multicast addresses global.
_INSIDE = tuple(
    ipaddress.ip_network(net)
    for net in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16"),
        *("5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)


class ForbiddenError(Exception):
    """The address is none that we send to. The text says why and does not repeat it."""


class UnreachableError(Exception):
    """No whole answer came back in time. The text says at what it failed and does not repeat the address."""


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case) and the first bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class _Target:
    url: SplitResult
    host: str
    port: int
    is_opened: bool  # named in allowed_hosts, hence neither checked nor bound to https


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system's resolver has it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address lies on the public internet. IPv4 written as IPv6 counts as what it stands for."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not any(ip in net for net in _INSIDE)


class Outside:
    """Posts to addresses from outside; `allowed_hosts` ("host" or "host:port") opens named hosts, http included."""

    def __init__(self, allowed_hosts: frozenset[str] = frozenset(), resolve: Resolve = resolve) -> None:
        self._allowed_hosts = frozenset(host.lower() for host in allowed_hosts)
        self._resolve = resolve
        self._trust = ssl.create_default_context()
        self._trust.load_verify_locations(certifi.where())

    def post(self, url: str, body: bytes, headers: Mapping[str, str], deadline_s: float) -> Answer:
        """The answer, whatever its status. Raises ForbiddenError or UnreachableError."""
        target = self._target(url)
        ends_at = time.monotonic() + deadline_s
        addresses = self._checked(target)
        with _Watch(ends_at) as watch:
            try:
                answer = self._exchange(target, addresses, body, headers, watch)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise UnreachableError(watch.explain(error)) from None
            if watch.is_over:  # what was cut off at the deadline may look whole
                raise UnreachableError("no answer in time")
            return answer

    def _target(self, url: str) -> _Target:
        # urlsplit drops tabs and newlines in silence, and others read a backslash as a slash.
        if not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
            raise ForbiddenError("the address has characters that no address has")
        try:
            parts = urlsplit(url)
            port = parts.port or (80 if parts.scheme == "http" else 443)
        except ValueError:
            raise ForbiddenError("the address cannot be read") from None
        host = (parts.hostname or "").removesuffix(".")
        if "@" in parts.netloc or not _HOST.fullmatch(host):
            raise ForbiddenError("the address names no plain host")
        is_opened = bool({host, f"{host}:{port}", parts.netloc.lower()} & self._allowed_hosts)
        if parts.scheme != "https" and not (is_opened and parts.scheme == "http"):
            raise ForbiddenError("the address is not https")
        if not is_opened and port not in _PORTS:
            raise ForbiddenError("the address has a port other than 443 and 8443")
        return _Target(parts, host, port, is_opened)

    def _checked(self, target: _Target) -> list[str]:
        try:
            addresses = self._resolve(target.host, target.port)
        except (OSError, UnicodeError):
            raise UnreachableError("its name could not be resolved") from None
        if not addresses:
            raise UnreachableError("its name has no address")
        if not target.is_opened and not all(is_public(address) for address in addresses):
            raise ForbiddenError("the address does not lie on the public internet")
        return addresses

    def _exchange(
        self, target: _Target, addresses: list[str], body: bytes, headers: Mapping[str, str], watch: "_Watch"
    ) -> Answer:
        wire = http.client.HTTPConnection(target.host, target.port)
        wire.sock = self._connect(target, addresses, watch)
        try:
            path = (target.url.path or "/") + (f"?{target.url.query}" if target.url.query else "")
            wire.request("POST", path, body=body, headers={**headers, "Host": target.url.netloc, "Connection": "close"})
            reply = wire.getresponse()
            named = {name.lower(): value for name, value in reply.getheaders()}
            return Answer(reply.status, named, reply.read(ANSWER_BYTES))
        finally:
            wire.close()

    def _connect(self, target: _Target, addresses: list[str], watch: "_Watch") -> socket.socket:
        for number, address in enumerate(addresses, start=1):
            try:
                plain = socket.create_connection((address, target.port), timeout=watch.left_s())
                break
            except OSError:
                if number == len(addresses):
                    raise
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        watch.over(plain)
        if target.url.scheme == "http":
            return plain
        secure = self._trust.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
        watch.over(secure)
        try:
            secure.do_handshake()
        except OSError:
            secure.close()
            raise
        return secure


class _Watch:
    """Ends an exchange at its deadline by closing the line under it, whatever the exchange is waiting for."""

    def __init__(self, ends_at: float) -> None:
        self._ends_at = ends_at
        self._line: socket.socket | None = None
        self.is_over = False
        self._timer = threading.Timer(max(0.0, ends_at - time.monotonic()), self._end)
        self._timer.daemon = True

    def __enter__(self) -> "_Watch":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def over(self, line: socket.socket) -> None:
        self._line = line
        line.settimeout(self.left_s())

    def left_s(self) -> float:
        """Seconds left, a little above 0 when none is, because 0 means never to wait in the language of sockets."""
        return max(0.001, self._ends_at - time.monotonic())

    def explain(self, error: Exception) -> str:
        if self.is_over or isinstance(error, TimeoutError):
            return "no answer in time"
        return f"the connection failed ({type(error).__name__})"

    def _end(self) -> None:
        self.is_over = True
        if self._line is not None:
            # The plain shutdown: that of an SSL socket would pull the rug from under the reading thread. It fails on
            # a line closed in the meantime, which is what was wanted.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)
