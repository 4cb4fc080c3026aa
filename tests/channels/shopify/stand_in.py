"""A shop of Shopify on loopback: its Admin API as it is published, with every trap; lessons say how the next calls go.

A lesson is for the next call, or the next one of an operation by name, and may do the work before it fails.
"""

import json
import re
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

from tests.channels.shopify.stand_in_graph import Graph
from tests.channels.shopify.stand_in_trade import Trade
from tests.fakes.loopback import Loopback, Server

TOKEN, CLIENT_ID, CLIENT_SECRET = "shpat_of_the_tests", "client-of-the-tests", "shpss_old"
_PATH = re.compile(r"/admin/api/([^/]+)/graphql\.json")


@dataclass(frozen=True)
class Lesson:
    """How a call goes. `text` is said in place of everything; `is_done`: the work is done before."""

    status: int = 200
    text: str = ""
    operation: str = ""
    is_done: bool = False
    is_lost: bool = False
    is_silence: bool = False
    version: str = ""
    retry_after: str = ""


class ShopifyStandIn(Loopback):
    """Answers as Shopify, or as it was taught."""

    def __init__(self) -> None:
        self.trade = Trade()
        self.graph = Graph(self.trade)
        self.lessons: deque[Lesson] = deque()
        self.asked: list[str] = []
        self.keys: list[str] = []
        self.tokens = {TOKEN}
        self.throttled_status = 200

    def make_server(self) -> "_Server":
        return _Server(self)

    def teach(self, *lessons: Lesson) -> None:
        """Say how the next calls go."""
        self.lessons.extend(lessons)

    def lesson(self, operation: str) -> Lesson:
        """How this one goes."""
        if self.lessons and self.lessons[0].operation in ("", operation):
            return self.lessons.popleft()
        return Lesson()


class _Server(Server):
    def __init__(self, shop: ShopifyStandIn) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.shop = shop


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: _Server

    def log_message(self, *_: object) -> None:
        """Keeps the test output quiet."""

    def do_POST(self) -> None:
        shop, body = self.server.shop, self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/admin/oauth/access_token":
            self._grant(shop, body)
            return
        found = _PATH.fullmatch(self.path)
        if not found:
            self._say(404, {"errors": "Not Found"})
            return
        asked = json.loads(body)
        named = re.search(r"(?:query|mutation) (\w+)", asked["query"])
        operation = named[1].removeprefix("Orderbell") if named else ""
        shop.asked.append(operation)
        shop.keys += [asked["variables"]["key"]] if "key" in asked["variables"] else []
        if self.headers.get("X-Shopify-Access-Token") not in shop.tokens:
            wrong = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            self._say(401, {"errors": wrong})
            return
        self._taught(shop, shop.lesson(operation), asked, found[1])

    def _taught(self, shop: ShopifyStandIn, lesson: Lesson, asked: dict[str, Any], version: str) -> None:
        is_wrong = lesson.status != 200 or lesson.text or lesson.is_lost or lesson.is_silence
        answer = shop.graph.answer(asked["query"], asked["variables"]) if lesson.is_done or not is_wrong else {}
        if lesson.is_silence:
            shop.stopping.wait(60)
        if lesson.is_lost or lesson.is_silence:
            self.close_connection = True
            return
        codes = {(error.get("extensions") or {}).get("code") for error in answer.get("errors", ())}
        status = shop.throttled_status if "THROTTLED" in codes else lesson.status
        self._say(status, answer, lesson.text, lesson.version or version, lesson.retry_after)

    def _grant(self, shop: ShopifyStandIn, body: bytes) -> None:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        shop.asked.append("token")
        if (form["grant_type"], form["client_id"], form["client_secret"]) != (
            "client_credentials",
            CLIENT_ID,
            CLIENT_SECRET,
        ):
            self._say(400, {"error": "invalid_client"})
            return
        token = f"shpat_{len(shop.tokens)}"
        shop.tokens.add(token)
        self._say(200, {"access_token": token, "scope": "", "expires_in": 86399})

    def _say(self, status: int, body: Any, text: str = "", version: str = "", retry_after: str = "") -> None:
        content = (text or json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if version:
            self.send_header("X-Shopify-API-Version", version)
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(content)
