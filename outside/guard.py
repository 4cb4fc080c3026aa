"""Where we may call: the public internet by https, and hosts that the settings open by name.

One place for whoever stores an address that a user gave (`look`, which asks nobody) and for whoever dials it
(`exchange.py`, which resolves the name and has every address checked at each call: the guard that counts). Both come by
`reach.py`.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

_PORTS = frozenset({443, 8443})
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_NAME = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_NAMES_INSIDE = frozenset({"localhost", "local", "internal", "lan", "home", "arpa", "test", "invalid", "onion"})
_ROUTED = ipaddress.ip_network("2000::/3")
# Beside what `is_global` knows: it calls translated, tunnelled, segment-routing and multicast addresses global.
_INSIDE = tuple(
    ipaddress.ip_network(net)
    for net in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
        *("::ffff:0:0:0/96", "2001::/32", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)


class AddressFault(StrEnum):
    """What is wrong with an address, in words that do not repeat it."""

    CHARACTERS = "the address has characters that no address has"
    UNREADABLE = "the address cannot be read"
    USER = "the address names a user"
    HOST = "the address names no plain host"
    NOT_HTTPS = "the address is not https"
    PORT = "the address has a port other than 443 and 8443"
    INSIDE = "the address does not lie on the public internet"
    NOT_NAMED = "the address is of no host that the settings name"


class ForbiddenError(Exception):
    """The address is none that we call. The text says why and does not repeat it."""

    def __init__(self, why: AddressFault) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Destination:
    """An address, read. `is_opened` if the settings name its host, which is then neither checked nor bound to https."""

    url: SplitResult
    host: str
    port: int
    is_opened: bool


def target(url: str, allowed_hosts: Iterable[str]) -> Destination:
    """Read an address; `allowed_hosts` ("host" or "host:port") are opened, http included. Raises ForbiddenError."""
    # urlsplit drops tabs and newlines in silence, and others read a backslash as a slash.
    if not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise ForbiddenError(AddressFault.CHARACTERS)
    try:
        parts = urlsplit(url)
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        raise ForbiddenError(AddressFault.UNREADABLE) from None
    host = (parts.hostname or "").removesuffix(".")
    if "@" in parts.netloc:
        raise ForbiddenError(AddressFault.USER)
    if not _HOST.fullmatch(host):
        raise ForbiddenError(AddressFault.HOST)
    is_opened = not {host, f"{host}:{port}", parts.netloc.lower()}.isdisjoint(each.lower() for each in allowed_hosts)
    if parts.scheme != "https" and not (is_opened and parts.scheme == "http"):
        raise ForbiddenError(AddressFault.NOT_HTTPS)
    if not is_opened and port not in _PORTS:
        raise ForbiddenError(AddressFault.PORT)
    return Destination(parts, host, port, is_opened)


def look(found: Destination) -> None:
    """Refuse what plainly lies inside, without asking anybody: for addresses that are stored. Raises ForbiddenError."""
    if not found.is_opened and not _looks_public(found.host):
        raise ForbiddenError(AddressFault.INSIDE)


def check(found: Destination, addresses: Iterable[str]) -> None:
    """Refuse a target that has any of its addresses inside. Raises ForbiddenError."""
    if not found.is_opened and not all(is_public(address) for address in addresses):
        raise ForbiddenError(AddressFault.INSIDE)


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public internet. IPv4 written as IPv6 counts as what it stands for.

    Raises ValueError if it is none.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    # Of IPv6 only what is routed: the translated and tunnelled ranges lead back inside.
    is_routed = ip.version == 4 or ip in _ROUTED
    return is_routed and ip.is_global and not any(ip in net for net in _INSIDE)


def _looks_public(host: str) -> bool:
    if _NAME.fullmatch(host):
        return host.rpartition(".")[2] not in _NAMES_INSIDE
    try:
        return is_public(host)
    except ValueError:
        return False  # among others, the spellings of an address that only resolvers read: 127.1, 0x7f000001
