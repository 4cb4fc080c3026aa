"""What a device's registration must look like; pure.

A Web Push endpoint is an address that a user gave, and our job process will call it: what is plainly inside is refused
here. The sender resolves the name and checks every address again, at each send; that is the guard that counts.
"""

import base64
import binascii
import ipaddress
import re
from urllib.parse import urlsplit

from merchant_api.alerts.devices import Target
from merchant_api.alerts.errors import BadAddress, BadInstallation
from merchant_api.alerts.models import DeviceKind

P256DH_BYTES, AUTH_BYTES = 65, 16
_INSTALLATION = re.compile(r"[!-~]{1,128}")
_ADDRESS = re.compile(r"[!-~]{1,2048}")
_NAME = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]\.?")
_INSIDE = ("localhost", "local", "internal", "lan", "home", "arpa", "test", "invalid", "onion")


def installation(name: str) -> None:
    """Raises BadInstallation."""
    if not _INSTALLATION.fullmatch(name):
        raise BadInstallation


def target(to: Target, allowed_hosts: frozenset[str]) -> None:
    """Raises BadAddress; `allowed_hosts` ("host" or "host:port") opens hosts that would be refused."""
    if not _ADDRESS.fullmatch(to.address):
        _refuse("address", "1 to 2,048 visible ASCII characters.")
    if to.kind is not DeviceKind.WEB_PUSH:
        if to.p256dh or to.auth:
            _refuse("p256dh", "Only web_push has keys.")
        return
    _endpoint(to.address, allowed_hosts)
    if _length(to.p256dh) != P256DH_BYTES:
        _refuse("p256dh", "The public key of the subscription, base64url, 65 bytes.")
    if _length(to.auth) != AUTH_BYTES:
        _refuse("auth", "The secret of the subscription, base64url, 16 bytes.")


def _endpoint(url: str, allowed_hosts: frozenset[str]) -> None:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        _refuse("address", "Not a URL.")
        return
    if {host, f"{host}:{port}"} & allowed_hosts:
        return
    if parts.scheme != "https" or "@" in parts.netloc or "\\" in url:
        _refuse("address", "An https URL without a user's name.")
    if port not in (None, 443, 8443) or not _is_outside(host):
        _refuse("address", "A host on the public internet.")


def _is_outside(host: str) -> bool:
    if _NAME.fullmatch(host):
        return host.rstrip(".").rpartition(".")[2] not in _INSIDE
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False  # among others, the spellings of an address that only resolvers read: 127.1, 0x7f000001
    # Of IPv6 only what is routed: the translated and tunnelled ranges lead back inside.
    return address.is_global and (address.version == 4 or address in ipaddress.ip_network("2000::/3"))


def _length(text: str) -> int:
    try:
        return len(base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), "-_", validate=True))
    except (binascii.Error, ValueError):
        return -1


def _refuse(field: str, complaint: str) -> None:
    raise BadAddress(errors={field: [complaint]})
