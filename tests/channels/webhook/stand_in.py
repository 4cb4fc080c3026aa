"""A shop that speaks the protocol of docs/channels.md, in memory: it checks who signed what it is told, and signs."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from tests.fakes.loopback import Loopback, Server

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBzaG9wLCAyNCBieXRlcw=="
PAGE = 2
Answer = tuple[int, Any]


@dataclass
class Trade:
    """What it sells and has sold; every change of an order gets a number of its own."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def touch(self, order: dict[str, Any]) -> None:
        """It changed."""
        self.changes += 1
        order["change"] = self.changes

    def take(self, shop_id: str, units: int) -> None:
        """Units leave the stock, or come back."""
        self.items[shop_id]["level"] -= units


class WebhookStandIn(Loopback):
    """`odd` are answers that come instead of its own, by type; `asked` is what it was told, by type."""

    def __init__(self) -> None:
        self.trade = Trade()
        self.is_away = False
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.odd: dict[str, Answer | bytes] = {}
        self._says: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "ping": lambda _: (200, {"account": "Corner", "currency": "NPR", "can": ["levels", "orders", "items"]}),
            "levels.set": self._set,
            "levels.read": self._read,
            "items.read": self._items,
            "orders.read": self._orders,
        }

    def make_server(self) -> Server:
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, said = shop.answer(body, dict(self.headers))
                told = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_: Any) -> None:
                pass

        return Server(("127.0.0.1", 0), Handler)

    def answer(self, body: bytes, headers: dict[str, str]) -> Answer:
        """What it says to a call."""
        if self.is_away:
            return 503, b"the gate in front of the shop finds nobody behind it"
        try:
            call = Webhook(SECRET).verify(body, {name.lower(): value for name, value in headers.items()})
        except WebhookVerificationError:
            return 401, {"error": "not signed by us"}
        with self.trade.lock:
            self.asked.append((call["type"], call["data"]))
            odd = self.odd.get(call["type"])
            if odd is not None:
                return odd if isinstance(odd, tuple) else (200, odd)
            return self._says.get(call["type"], lambda _: (404, {}))(call["data"])

    def _set(self, data: dict[str, Any]) -> Answer:
        gone = [each["shop_id"] for each in data["levels"] if each["shop_id"] not in self.trade.items]
        for each in data["levels"]:
            if each["shop_id"] in self.trade.items:
                self.trade.items[each["shop_id"]]["level"] = each["level"]
        return 200, {"results": [{"shop_id": each, "state": "gone"} for each in gone]}

    def _read(self, data: dict[str, Any]) -> Answer:
        found = [each for each in data["shop_ids"] if each in self.trade.items]
        return 200, {"levels": [{"shop_id": each, "level": self.trade.items[each]["level"]} for each in found]}

    def _items(self, data: dict[str, Any]) -> Answer:
        start, all_items = int(data["cursor"] or 0), list(self.trade.items.values())
        end = start + PAGE
        return 200, {"items": all_items[start:end], "cursor": str(end) if end < len(all_items) else None}

    def _orders(self, data: dict[str, Any]) -> Answer:
        if "ids" in data:
            return 200, {"orders": [self.trade.orders[each] for each in data["ids"] if each in self.trade.orders]}
        since = self.trade.changes if data["mark"] is None else int(data["mark"])
        changed = [each for each in self.trade.orders.values() if each["change"] > since]
        return 200, {"orders": changed, "mark": str(self.trade.changes)}


def now() -> str:
    """As the protocol writes instants."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
