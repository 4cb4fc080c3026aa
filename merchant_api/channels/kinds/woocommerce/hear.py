"""What the shop's webhooks tell: hints, of which order or product is to be read again.

Bodies are built when they are sent and may be older or newer than the event, the id of a delivery is the same for all
of a second, and there is no id of an event: nothing is told apart by them. The body may be an error of the shop,
correctly signed.
"""

import base64
import hashlib
import hmac
import json
import re
from typing import Any

from merchant_api.channels.faults import BadShopSignature, ShopOdd
from merchant_api.channels.kinds.woocommerce.order import DRAFTS
from merchant_api.channels.kinds.woocommerce.reading import is_id
from merchant_api.channels.kinds.woocommerce.rest import refusal
from merchant_api.channels.shop_orders import Heard
from merchant_api.core.endpoint import Incoming

FORM = "application/x-www-form-urlencoded"
_PING = re.compile(rb"webhook_id=[0-9]+")
USER_GONE = (
    "The user who made the shop's webhooks may not see orders any more: nothing will be told until they are made anew"
    " with a key of another user."
)


def hear(incoming: Incoming, secret: str) -> Heard:
    """See the port. The ping at a webhook's making is a form without a signature, and tells nothing."""
    given = incoming.headers.get("x-wc-webhook-signature", "")
    if not given and incoming.mimetype == FORM and _PING.fullmatch(incoming.body):
        return Heard()
    digest = hmac.digest(signing_secret(secret).encode(), incoming.body, hashlib.sha256)
    if not hmac.compare_digest(base64.b64encode(digest), given.encode()):
        raise BadShopSignature
    return _read(incoming.headers.get("x-wc-webhook-topic", ""), _object(incoming.body))


def signing_secret(secret: str) -> str:
    """The secret as the shop gets it, letters and digits only: it decodes entities in it before it signs."""
    return secret if secret.isascii() and secret.isalnum() else hashlib.sha256(secret.encode()).hexdigest()


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ShopOdd("The shop sent an event that can't be read.", body.decode(errors="replace"))
    return value


def _read(topic: str, body: dict[str, Any]) -> Heard:
    code, message = refusal(body)
    if code and "id" not in body:
        if code.endswith("_invalid_id"):
            return Heard()  # deleted before it was told; the next reading finds out
        sent = f"The shop sent an error in place of an event: {message or code}"
        return Heard(why=USER_GONE if "cannot_view" in code else sent)
    found, resource = body.get("id"), topic.partition(".")[0]
    if not is_id(found):
        return Heard()
    if resource == "order":
        # A mere visit of the checkout tells of its draft; the placing is told again.
        return Heard() if body.get("status") in DRAFTS else Heard(order_ids=(str(found),))
    if resource == "product":
        parent = body.get("parent_id")
        is_variation = body.get("type") == "variation" and is_id(parent)
        return Heard(item_ids=(f"{parent}/{found}" if is_variation else str(found),))
    return Heard()
