"""Webhooks in the shop: found, made, and made anew.

A shop switches a webhook off after seven failures and keeps counting when it is switched on again, so that one more
failure ends it: what is not active is deleted and made anew. Its secret can't be read; a print of it is part of the
name, so that a new secret makes new webhooks. That one is `active` proves nothing: orders are polled as well.
Products are not listened to but for their end: each level that we send would come back as an event.
"""

import hashlib
from urllib.parse import urlsplit

from merchant_api.channels.kinds.woocommerce.hear import signing_secret
from merchant_api.channels.kinds.woocommerce.rest import ROWS, Row, WooRest, odd

TOPICS = ("order.created", "order.updated", "order.deleted", "product.deleted")
NAME = "Orderbell"


def listen(rest: WooRest, url: str, secret: str) -> None:
    """One active webhook for each topic at this address, and none else of ours at the same path."""
    signed = signing_secret(secret)
    name = f"{NAME} {hashlib.sha256(signed.encode()).hexdigest()[:8]}"
    ours = [row for row in _webhooks(rest) if _is_ours(row, url)]
    kept: dict[str, int] = {}
    for row in ours:
        if row.get("status") == "active" and (row.get("name"), row.get("delivery_url")) == (name, url):
            kept.setdefault(str(row.get("topic")), row["id"])
    for topic in TOPICS:
        if topic not in kept:
            made = {"name": name, "topic": topic, "delivery_url": url, "secret": signed}
            answer = rest.ask("POST", "/webhooks", None, made)
            if answer.status != 201:
                raise odd(answer)
    for row in ours:
        if kept.get(str(row.get("topic"))) != row["id"] or row.get("topic") not in TOPICS:
            rest.ask("DELETE", f"/webhooks/{row['id']}", {"force": "true"})


def _webhooks(rest: WooRest) -> list[Row]:
    found: list[Row] = []
    while True:
        query = {"per_page": ROWS, "page": len(found) // ROWS + 1, "orderby": "id", "order": "asc"}
        rows = rest.rows("/webhooks", {**query, "_fields": "id,name,topic,status,delivery_url"})
        found += rows
        if len(rows) < ROWS:
            return found


def _is_ours(row: Row, url: str) -> bool:
    # The path names merchant and channel; our host may have changed.
    is_named = str(row.get("name", "")).startswith(NAME)
    return is_named and urlsplit(str(row.get("delivery_url"))).path == urlsplit(url).path
