"""The stand-in's webhooks: who ordered which topics, and what is delivered, signed as Shopify signs.

Deliveries lie in `sent` as they would arrive; losing, doubling and reordering them is up to the test.
"""

import base64
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from merchant_api.core.endpoint import Incoming
from tests.channels.shopify.stand_in_goods import Item, Order


@dataclass
class Events:
    """Subscriptions by topic and address, and what was sent to each."""

    subscriptions: list[dict[str, str]] = field(default_factory=list)
    sent: list[Incoming] = field(default_factory=list)
    secret: str = "shpss_old"

    def listed(self, _info: Any, topics: list[str], first: int, **_: Any) -> dict[str, Any]:
        """The subscriptions of some topics."""
        found = [each for each in self.subscriptions if each["topic"] in topics]
        return {"nodes": found[:first], "pageInfo": {"hasNextPage": False}}

    def order(self, topic: str, order: Order) -> None:
        """Tell of an order, in the REST shape."""
        body = {
            "id": order.number,
            "admin_graphql_api_id": f"gid://shopify/Order/{order.number}",
            "total_price": "15.00",
        }
        self.tell(topic, body)

    def level(self, item: Item, place: str, available: int) -> None:
        """Tell of a level."""
        place_number = int(place.rpartition("/")[2])
        body = {"inventory_item_id": item.number, "location_id": place_number, "available": available}
        self.tell("INVENTORY_LEVELS_UPDATE", body)

    def tell(self, topic: str, body: dict[str, Any]) -> None:
        """Send one delivery for each subscription of a topic: ids of their own, one event."""
        event = str(uuid.uuid4())
        for each in self.subscriptions:
            if each["topic"] == topic:
                self.sent.append(signed(topic, body, self.secret, event))


def signed(topic: str, body: Any, secret: str, event: str = "e") -> Incoming:
    """A delivery, signed with a secret."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    digest = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()
    subject, _, what = topic.rpartition("_")
    headers = {
        "x-shopify-hmac-sha256": digest,
        "x-shopify-topic": f"{subject}/{what}".lower(),
        "x-shopify-webhook-id": str(uuid.uuid4()),
        "x-shopify-event-id": event,
        "x-shopify-api-version": "2026-10",
    }
    return Incoming(raw, headers, "application/json")
