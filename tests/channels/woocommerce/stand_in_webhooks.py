"""Webhooks of the stand-in: queued, built when they are sent, one for a resource however often it changed."""

import base64
import hashlib
import hmac
import html
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from tests.channels.woocommerce.stand_in_php import Row, ShopClock

Send = Callable[[str, dict[str, str], bytes], int]
Build = Callable[[str, int], Row]
SUCCESS = (301, 302)
MOST_FAILURES = 6  # one more, and it is disabled; the count outlives being switched on again


@dataclass
class Webhooks:
    """`run` is what WP-Cron does once a minute, if anybody asks the shop something."""

    clock: ShopClock
    build: Build
    rows: dict[int, Row] = field(default_factory=dict)
    ids: count = field(default_factory=lambda: count(1))
    pings: list[tuple[str, bytes]] = field(default_factory=list)
    queue: list[tuple[str, int]] = field(default_factory=list)
    failures: dict[int, int] = field(default_factory=dict)

    def tell(self, topic: str, resource: int) -> None:
        """Something happened: a webhook and a resource wait only once."""
        if (topic, resource) not in self.queue:
            self.queue.append((topic, resource))

    def create(self, body: Row) -> Row:
        """Active at once, whether anybody answers at its address or not."""
        made = {"id": next(self.ids), "status": "active", **body}
        self.rows[made["id"]] = made
        self.pings.append((made["delivery_url"], f"webhook_id={made['id']}".encode()))
        return made

    def shown(self) -> list[Row]:
        return [{name: row[name] for name in row if name != "secret"} for row in self.rows.values()]

    def run(self, send: Send) -> None:
        """Send pings and what waits; nothing is ever sent again."""
        for url, body in self.pings:
            send(url, {"Content-Type": "application/x-www-form-urlencoded"}, body)
        waiting, self.pings, self.queue = self.queue, [], []
        for topic, resource in waiting:
            for hook in [each for each in self.rows.values() if each["topic"] == topic]:
                if hook["status"] == "active":
                    self._deliver(hook, topic, resource, send)

    def _deliver(self, hook: Row, topic: str, resource: int, send: Send) -> None:
        body = json.dumps(self.build(topic, resource)).replace("/", "\\/").encode()
        status = send(hook["delivery_url"], self.headers(hook, topic, body), body)
        if 200 <= status < 300 or status in SUCCESS:
            self.failures[hook["id"]] = 0
            return
        self.failures[hook["id"]] = self.failures.get(hook["id"], 0) + 1
        if self.failures[hook["id"]] > MOST_FAILURES:
            hook["status"] = "disabled"

    def headers(self, hook: Row, topic: str, body: bytes) -> dict[str, str]:
        """The id of a delivery is a hash of webhook and second."""
        resource, event = topic.split(".")
        secret = html.unescape(hook["secret"]).encode()
        return {
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": "https://shop.example/",
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-ID": str(hook["id"]),
            "X-WC-Webhook-Delivery-ID": hashlib.md5(f"{hook['id']} {self.clock.now()}".encode()).hexdigest(),  # noqa: S324 - as WooCommerce does it
            "X-WC-Webhook-Signature": base64.b64encode(hmac.digest(secret, body, hashlib.sha256)).decode(),
        }
