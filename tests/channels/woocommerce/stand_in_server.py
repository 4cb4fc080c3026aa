"""The stand-in's HTTP: signing in, which path is whose, and answers as JSON."""

import base64
import json
import re
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.channels.woocommerce import stand_in_routes as routes
from tests.channels.woocommerce.stand_in_php import Refusal
from tests.fakes.loopback import Server

if TYPE_CHECKING:
    from tests.channels.woocommerce.stand_in import FakeWoo

API = "/wp-json/wc/v3"


class WooServer(Server):
    """Bound to a port, or to a free one for 0."""

    allow_reuse_address = True

    def __init__(self, shop: "FakeWoo", port: int) -> None:
        super().__init__(("127.0.0.1", port), _Exchange)
        self.shop = shop


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: WooServer

    def log_message(self, *_: object) -> None:
        """Keeps the test output quiet."""

    def _run(self) -> None:
        shop, url = self.server.shop, urlsplit(self.path)
        size = int(self.headers.get("Content-Length", 0))
        raw = self.rfile.read(size)
        said = shop.come(f"{self.command} {url.path.removeprefix(API)}")
        if said is not None:
            self._answer(said[0], said[1].encode(), {"Content-Type": "text/html"})
            return
        if not shop.has_permalinks:
            self._answer(404, b"<html>Not found</html>", {"Content-Type": "text/html"})
            return
        query = dict(parse_qsl(url.query))
        if "_fields" in query and url.path.endswith("/batch"):
            self._answer(200, b"{}", {})
            return
        try:
            if url.path != "/wp-json/":
                self._sign_in()
            value, headers = self._find(url.path, query, json.loads(raw) if raw else {})
            status = 201 if self.command == "POST" and url.path.endswith("/webhooks") else 200
        except Refusal as refusal:
            status, value, headers = refusal.status, refusal.row, {}
        self._answer(status, json.dumps(value).encode(), headers)

    def do_GET(self) -> None:
        self._run()

    def do_PUT(self) -> None:
        self._run()

    def do_POST(self) -> None:
        self._run()

    def do_DELETE(self) -> None:
        self._run()

    def _find(self, path: str, query: dict[str, str], body: Any) -> tuple[Any, dict[str, str]]:
        for method, form, run in routes.ROUTES:
            found = re.fullmatch(form, path.removeprefix(API))
            if method == self.command and found:
                return run(self.server.shop, query, body, *map(int, found.groups()))
        raise Refusal(404, "rest_no_route", "No route was found matching the URL and request method.")

    def _sign_in(self) -> None:
        """Who is not seen is a stranger; a wrong secret, and a writing by a key that only reads, are told."""
        shop = self.server.shop
        scheme, _, pair = self.headers.get("Authorization", "").partition(" ")
        key, _, secret = base64.b64decode(pair).decode().partition(":") if scheme == "Basic" else ("", "", "")
        if not shop.sees_tls or key != shop.key:
            raise Refusal(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        if secret != shop.secret:
            raise Refusal(401, "woocommerce_rest_authentication_error", "Consumer secret is invalid.")
        if shop.permission == "read" and self.command != "GET":
            raise Refusal(401, "woocommerce_rest_authentication_error", "The key may not write.")
        if not shop.is_manager:
            raise Refusal(403, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")

    def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
