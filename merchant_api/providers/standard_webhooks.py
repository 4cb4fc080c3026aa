"""Standard Webhooks (https://www.standardwebhooks.com): who signed a request, and how what we send is signed.

The library signs; what it says is compared here, because it looks at the machine's clock for the age.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

from merchant_api.core.endpoint import Incoming
from merchant_api.providers.errors import BadSignature
from merchant_api.providers.signed import check_age, text_of

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64  # as the standard asks for


def check_secret(secret: str) -> None:
    """Raise ValueError for what is not whsec_ and 24 to 64 bytes as base64."""
    try:
        size = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except binascii.Error:
        size = 0
    if not secret.startswith(PREFIX) or not LEAST_BYTES <= size <= MOST_BYTES:
        raise ValueError("A signing secret is whsec_ and 24 to 64 bytes as base64.")


def verified(incoming: Incoming, secrets: Sequence[str], now: datetime) -> str:
    """The id of the message, if one of the secrets signed it within five minutes of `now`; raises BadSignature."""
    message, stamp, given = (incoming.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not message or "." in message:  # the dot parts what is signed
        raise BadSignature
    check_age(stamp, now)
    text, signatures = text_of(incoming), given.split(" ")
    if not any(_is_signed(secret, message, stamp, text, signatures) for secret in secrets):
        raise BadSignature
    return message


def headers(secret: str, message: str, text: str, now: datetime) -> dict[str, str]:
    """The headers that sign a message of ours."""
    stamp = int(now.timestamp())
    signature = Webhook(secret).sign(message, datetime.fromtimestamp(stamp, UTC), text)
    return {"webhook-id": message, "webhook-timestamp": str(stamp), "webhook-signature": signature}


def _is_signed(secret: str, message: str, stamp: str, text: str, signatures: Sequence[str]) -> bool:
    expected = Webhook(secret).sign(message, datetime.fromtimestamp(int(stamp), UTC), text).encode()
    return any(hmac.compare_digest(expected, each.encode()) for each in signatures)
