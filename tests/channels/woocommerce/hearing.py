"""Calls as the stand-in sends them, and as our endpoint hands them on."""

import json

from merchant_api.core.endpoint import Incoming

SECRET = "b33f" * 10
URL = "https://api.example/v1/channel-events/1/2"


def incoming(headers, body):
    named = {name.lower(): value for name, value in headers.items()}
    return Incoming(body, named, named.get("content-type", ""))


def sign(shop, body, topic="order.updated"):
    """A call as the shop signs it."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return incoming(shop.hooks.headers({"id": 1, "secret": SECRET}, topic, content), content)
