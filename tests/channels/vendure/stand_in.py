"""A Vendure that says what a test wrote down: it lets in whoever knows the password, and answers from a queue."""

import json
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from merchant_api.channels.connector import PASS_S, ShopAccess
from merchant_api.channels.kinds.vendure.connector import VendureConnector
from merchant_api.channels.kinds.vendure.shop import VendureShop
from merchant_api.channels.wire import ShopWire
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach
from tests.fakes.loopback import Loopback, Server

PASSWORD = "keeps the shop"
SETTINGS = {"trackInventory": True, "outOfStockThreshold": 0, "serverConfig": {"moneyStrategyPrecision": 2}}
PLACES = {"globalSettings": SETTINGS, "stockLocations": {"items": [{"id": "1", "name": "Shelf"}]}}
FORBIDDEN = {"errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}], "data": None}


def error(message: str, code: str | None = None) -> dict[str, Any]:
    """How errors come that are none of the schema's: with a code or, in a database's words, without."""
    extensions = {"extensions": {"code": code}} if code else {}
    return {"errors": [{"message": message, "path": ["updateProductVariants"], **extensions}], "data": None}


def variant(shop_id: str, on_hand: int, allocated: int = 0, **fields: Any) -> dict[str, Any]:
    """A variant as it is listed."""
    level = {"stockLocationId": "1", "stockOnHand": on_hand, "stockAllocated": allocated}
    counts = {"trackInventory": "INHERIT", "outOfStockThreshold": 0, "useGlobalOutOfStockThreshold": True}
    return {"id": shop_id, **counts, "stockLevels": [level], **fields}


def stock(*variants: dict[str, Any]) -> dict[str, Any]:
    """The answer to what the levels are."""
    return {"data": {**PLACES, "productVariants": {"items": list(variants)}}}


def written(*variants: dict[str, Any]) -> dict[str, Any]:
    """The answer to a change of levels."""
    return {"data": {"updateProductVariants": list(variants)}}


@dataclass
class VendureAnswers(Loopback):
    """Answers with the next of `queue`: a body, or status and text. `asked` are the variables of each question."""

    queue: deque[Any] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    sign_ins: int = 0
    token_header: str = "vendure-auth-token"

    def make_server(self) -> "_Server":
        return _Server(self)

    def open(self, **options: str) -> VendureShop:
        """The shop, by a connector that has never seen it."""
        access = ShopAccess(self.url, {"username": "keeper", "password": PASSWORD}, "NPR", options=options)
        wire = ShopWire(Calls(Outside(Reach(opened=frozenset({self.host}))), PASS_S), self.url, {})
        return VendureConnector().open(access, wire)

    def say(self, question: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of the answer."""
        if "login(" in question["query"]:
            self.sign_ins += 1
            return 200, json.dumps({"data": {"login": {"id": "1"}}}), {self.token_header: f"token-{self.sign_ins}"}
        self.asked.append(question["variables"])
        answer = self.queue.popleft()
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return status, body if isinstance(body, str) else json.dumps(body), {}


class _Server(Server):
    def __init__(self, shop: VendureAnswers) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.shop = shop


class _Exchange(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None:
        """Keeps the test output quiet."""

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, body, headers = self.server.shop.say(question)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())
