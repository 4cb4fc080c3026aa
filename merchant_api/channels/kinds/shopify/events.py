"""Events: signed with the app's client secret over the bytes as they came, and read as hints of what to read again.

After the secret was changed Shopify signs with the old one for up to an hour, so several may be given, parted by
spaces. Neither id of a delivery says that it is superfluous: one is of the delivery, the other is shared by several
subscriptions; reading twice does no harm. Bodies are of the REST shape, with numbers for ids.
"""

import base64
import hashlib
import hmac
import json
from typing import Any

from merchant_api.channels.faults import BadShopSignature, ShopOdd
from merchant_api.channels.kinds.shopify.gids import gid, number
from merchant_api.channels.shop_orders import Heard
from merchant_api.core.endpoint import Incoming

GONE = "The app was taken out of Shopify: install it anew and give its credentials."


def hear(incoming: Incoming, secret: str) -> Heard:
    """What a delivery tells. Raises BadShopSignature, and ShopOdd for a body that is none of Shopify's."""
    headers = {name.lower(): value for name, value in incoming.headers.items()}
    signature = headers.get("x-shopify-hmac-sha256", "").strip()
    if not any(_is_signed(incoming.body, each, signature) for each in secret.split()):
        raise BadShopSignature
    return _read(headers.get("x-shopify-topic", "").lower(), _object(incoming.body))


def _is_signed(body: bytes, secret: str, signature: str) -> bool:
    digest = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(digest, signature.encode())


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise ShopOdd("Shopify sent an event that is not JSON.", body.decode(errors="replace")) from None
    if not isinstance(told, dict):
        raise ShopOdd("Shopify sent an event that is no object.", body.decode(errors="replace"))
    return told


def _read(topic: str, told: dict[str, Any]) -> Heard:
    subject, _, what = topic.partition("/")
    if topic == "app/uninstalled":
        return Heard(why=GONE)
    if topic == "orders/edited":
        edit = told.get("order_edit")
        return _orders(edit.get("order_id") if isinstance(edit, dict) else None)
    if subject == "orders":
        return _orders(told.get("id"))
    if subject in ("refunds", "fulfillments"):
        return _orders(told.get("order_id"))
    if subject == "inventory_levels":
        return Heard(item_ids=_items([told]))
    if subject == "products" and what != "delete":
        variants = told.get("variants")
        return Heard(item_ids=_items(variants if isinstance(variants, list) else []))
    return Heard()


def _orders(order_id: object) -> Heard:
    known = gid("Order", order_id)
    return Heard(order_ids=[number(known)] if known else [])


def _items(of: list[Any]) -> list[str]:
    ids = (gid("InventoryItem", each.get("inventory_item_id")) for each in of if isinstance(each, dict))
    return [known for known in ids if known]
