"""A Medusa that says what a test wrote down, from a queue: for what a real one says only when it is broken or raced."""

import json
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from merchant_api.channels.connector import PASS_S, ShopAccess
from merchant_api.channels.kinds.medusa.connector import MedusaConnector
from merchant_api.channels.kinds.medusa.medusa_shop import MedusaShop
from merchant_api.channels.wire import ShopWire
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach
from tests.fakes.loopback import Loopback, Server

PLACE = "sloc_1"
JSON = {"Content-Type": "application/json; charset=utf-8"}
PAGE = {"Content-Type": "text/html; charset=utf-8"}


def stocked(item: str, units: Any, reserved: Any = 0, **fields: Any) -> dict[str, Any]:
    """A level, as a change of it is answered: `available_quantity` is that of before."""
    raw = {"raw_stocked_quantity": {"value": str(units)}, "raw_reserved_quantity": {"value": str(reserved)}}
    return {"inventory_item_id": item, "location_id": PLACE, "available_quantity": 1, **raw, **fields}


def listed(*levels: dict[str, Any]) -> dict[str, Any]:
    """The answer to what is stocked of items that have a level each."""
    variants = [{"id": "variant_1", "manage_inventory": True}]
    rows = [{"id": each["inventory_item_id"], "variants": variants, "location_levels": [each]} for each in levels]
    return {"inventory_items": rows, "count": len(rows)}


def unstocked(item: str) -> dict[str, Any]:
    """The answer to what is stocked of one item that never was."""
    found = listed(stocked(item, 0))
    found["inventory_items"][0]["location_levels"] = []
    return found


def refused(status: int, message: str) -> tuple[int, dict[str, str]]:
    """How Medusa says no."""
    return status, {"type": "not_found" if status == 404 else "invalid_data", "message": message}


@dataclass
class MedusaAnswers(Loopback):
    """Answers with the next of `queue`: a body, or status and body; text comes as a page. `asked` is what was sent."""

    queue: deque[Any] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def make_server(self) -> "_Server":
        return _Server(self)

    def open(self, location: str | None = PLACE) -> MedusaShop:
        """The shop, by a connector that has never seen it."""
        access = ShopAccess(self.url, {"secret_key": "sk_1"}, "NPR", location)
        wire = ShopWire(Calls(Outside(Reach(opened=frozenset({self.host}))), PASS_S), self.url, {})
        return MedusaConnector().open(access, wire)

    def say(self, asked: dict[str, Any]) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of the answer."""
        self.asked.append(asked)
        answer = self.queue.popleft()
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        text, typed = (body, PAGE) if isinstance(body, str) else (json.dumps(body), JSON)
        return status, text.encode(), {**typed, **self.headers}


class _Server(Server):
    def __init__(self, shop: MedusaAnswers) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.shop = shop


class _Exchange(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None:
        """Keeps the test output quiet."""

    def do_GET(self) -> None:
        self._answer(dict(parse_qs(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _answer(self, asked: dict[str, Any]) -> None:
        status, body, headers = self.server.shop.say(asked)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
