"""A web shop of no kind, and the connector that speaks to it: what both can do is what a test says."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from merchant_api.channels import connectors
from merchant_api.channels.connector import Abilities, Checked, CredentialField, ShopAccess, WebShop
from merchant_api.channels.faults import ShopDenies
from merchant_api.channels.shop_items import ItemPage, ShopItem
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.channels.shop_orders import Heard
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.wire import ShopWire
from tests.fakes.loopback import Loopback, Server

CREDENTIALS = {"key": "the key", "secret": "the secret"}


class SmallShop(Loopback):
    """Answers each path with `answers[path]`, a status and a body; whom it was asked by, and for what, is in `asked`.

    A path of `silent` gets no answer until the shop stops.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {"/account": (200, self.account())}
        self.silent: set[str] = set()
        self.asked: list[tuple[str, str, Any]] = []

    @staticmethod
    def account(**members: Any) -> dict[str, Any]:
        """What it says of us where all is well."""
        whole = {"account": "Mugs", "location": "Cellar", "can": ["levels", "orders", "events"], "currency": "NPR"}
        return whole | members

    def make_server(self) -> Server:
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                path, body = self.path.partition("?")[0], self.rfile.read(length)
                shop.asked.append((self.headers.get("X-Key", ""), self.path, json.loads(body or "null")))
                if path in shop.silent:
                    shop.stopping.wait()
                    return
                status, said = shop.answers.get(path, (404, {}))
                told = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            do_GET = do_POST = _answer  # noqa: N815 - as the library names them

            def log_message(self, *_: Any) -> None:
                pass

        return Server(("127.0.0.1", 0), Handler)


class SmallWebShop:
    """As far as a channel that is set up asks a shop anything."""

    def __init__(self, access: ShopAccess, wire: ShopWire) -> None:
        self._key, self._wire = access.credentials["key"], wire

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._wire.ask(method, path, body=body, headers={"X-Key": self._key})
        if answer.status in (401, 403):
            raise ShopDenies("The shop refuses the key: make another one there.", answer.text, answer.status)
        return answer.json()

    def check(self) -> Checked:
        told = self._ask("GET", "/account")
        can, problems = frozenset(told["can"]), told.get("problems", ())
        return Checked(told["account"], told["location"], can, told["currency"], problems)

    def items(self, cursor: str | None) -> ItemPage:
        told = self._ask("GET", f"/items?cursor={cursor or ''}")
        items = [
            ShopItem(ItemRef(each["id"], each.get("location")), each["sku"], each["name"], None, each.get("sells"))
            for each in told["items"]
        ]
        return ItemPage(items, told.get("next"), told.get("of"))

    def listen(self, url: str, secret: str) -> None:
        self._ask("POST", "/listen", {"url": url, "secret": secret})


class SmallConnector:
    """The connector of such shops."""

    def __init__(self, **abilities: Any) -> None:
        fields: Sequence[CredentialField] = (
            CredentialField("key", "Key"),
            CredentialField("secret", "Secret"),
            CredentialField("note", "Note", is_optional=True),
            CredentialField("client_secret", "What events are signed with", is_optional=True),
        )
        self.abilities = Abilities(fields, **{"has_locations": True, "options": {"version": "Which API."}, **abilities})

    def check_address(self, address: str) -> str:
        if "://" not in address:
            raise ValueError("An address as https://shop.example.com.")
        return address.rstrip("/")

    def check_credentials(self, credentials: Mapping[str, str]) -> None:
        if credentials["key"] == credentials["secret"]:
            raise ValueError("Key and secret are the same.")

    def open(self, access: ShopAccess, wire: ShopWire) -> WebShop:
        return SmallWebShop(access, wire)  # type: ignore[return-value]  # orders and levels are not asked for here

    def hear(self, _incoming: Any, _secret: str, _now: datetime) -> Heard:
        return Heard()


def use(monkeypatch: Any, **abilities: Any) -> SmallConnector:
    """Let every kind be this one."""
    connector = SmallConnector(**abilities)
    monkeypatch.setattr(connectors, "of", lambda _kind: connector)
    monkeypatch.setattr(connectors, "kinds", lambda: tuple(ChannelKind))
    return connector
