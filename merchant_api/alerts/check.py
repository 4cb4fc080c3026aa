"""What a device's registration must look like; pure.

A Web Push endpoint is an address that a user gave, and our job process will call it: what is plainly inside, or of no
push service of ours, is refused here already (`outside/reach.py`, which the sender asks again at each send).
"""

import base64
import binascii
import re

from merchant_api.alerts.devices import Target
from merchant_api.alerts.errors import BadAddress, BadInstallation
from merchant_api.alerts.models import DeviceKind
from merchant_api.core.settings import Settings
from outside.guard import AddressFault, ForbiddenError
from outside.reach import Reach

P256DH_BYTES, AUTH_BYTES = 65, 16
_INSTALLATION = re.compile(r"[!-~]{1,128}")
_ADDRESS = re.compile(r"[!-~]{1,2048}")
_NO_HOST = "A host on the public internet."
_NO_HTTPS = "An https URL without a user's name."
_COMPLAINTS = {
    AddressFault.UNREADABLE: "Not a URL.",
    AddressFault.HOST: _NO_HOST,
    AddressFault.PORT: _NO_HOST,
    AddressFault.INSIDE: _NO_HOST,
    AddressFault.NOT_NAMED: "A push service that is called from here (ORDERBELL_PUSH_SERVICES).",
}


def installation(name: str) -> None:
    """Raises BadInstallation."""
    if not _INSTALLATION.fullmatch(name):
        raise BadInstallation


def reach(settings: Settings) -> Reach:
    """The push services that are called: who registers a device and who sends to it ask this one."""
    return Reach(opened=settings.push_allowed_hosts, only=settings.push_services)


def target(to: Target, within: Reach) -> None:
    """Raises BadAddress."""
    if not _ADDRESS.fullmatch(to.address):
        _refuse("address", "1 to 2,048 visible ASCII characters.")
    if to.kind is not DeviceKind.WEB_PUSH:
        if to.p256dh or to.auth:
            _refuse("p256dh", "Only web_push has keys.")
        return
    _endpoint(to.address, within)
    if _length(to.p256dh) != P256DH_BYTES:
        _refuse("p256dh", "The public key of the subscription, base64url, 65 bytes.")
    if _length(to.auth) != AUTH_BYTES:
        _refuse("auth", "The secret of the subscription, base64url, 16 bytes.")


def _endpoint(url: str, within: Reach) -> None:
    try:
        within.look(url)
    except ForbiddenError as error:
        _refuse("address", _COMPLAINTS.get(error.why, _NO_HTTPS))


def _length(text: str) -> int:
    try:
        return len(base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), "-_", validate=True))
    except (binascii.Error, ValueError):
        return -1


def _refuse(field: str, complaint: str) -> None:
    raise BadAddress(errors={field: [complaint]})
