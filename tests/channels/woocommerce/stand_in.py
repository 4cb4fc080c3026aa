"""A WooCommerce shop on loopback, as version 10.5 really behaves: a real HTTP server with every trap that we know of.

Its settings are plain fields. Over real http Basic would be ignored; here `sees_tls` says whether the shop does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.channels.woocommerce import stand_in_more_routes  # noqa: F401 - adds its paths
from tests.channels.woocommerce.stand_in_catalog import Catalog
from tests.channels.woocommerce.stand_in_orders import OrderBook
from tests.channels.woocommerce.stand_in_php import Row, ShopClock
from tests.channels.woocommerce.stand_in_server import WooServer
from tests.channels.woocommerce.stand_in_webhooks import Webhooks
from tests.fakes.loopback import Loopback, Server

KEY, SECRET = "ck_" + "a1" * 20, "cs_" + "b2" * 20


@dataclass
class FakeWoo(Loopback):
    """`answers` are said in place of the real ones to the next calls; `breaks_on` are products that end in a 500."""

    version: str = "10.5.0"
    key: str = KEY
    secret: str = SECRET
    permission: str = "read_write"
    is_manager: bool = True
    sees_tls: bool = True
    has_permalinks: bool = True
    namespaces: tuple[str, ...] = ("wp/v2", "wc/v3")
    wp_cron: bool = True
    currency: str = "NPR"
    batch_limit: int = 100
    answers: list[tuple[int, str]] = field(default_factory=list)
    breaks_on: set[int] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    when_called: Callable[[str], None] = lambda _: None
    port: int = 0

    def __post_init__(self) -> None:
        self.clock = ShopClock()
        self.catalog = Catalog(self.clock)
        self.book = OrderBook(self.catalog)
        self.hooks = Webhooks(self.clock, self._body_of)
        self.catalog.told = self.hooks.tell
        self.is_user_gone = False

    def make_server(self) -> Server:
        """At the same port after a stop: the shop keeps its address."""
        server = WooServer(self, self.port)
        self.port = server.server_address[1]
        return server

    def come(self, call: str) -> tuple[int, str] | None:
        """Record a call; what is said in place of the real answer, if anything."""
        with self.arrived:
            self.calls.append(call)
            self.arrived.notify_all()
        self.when_called(call)
        return self.answers.pop(0) if self.answers else None

    def add(self, name: str, quantity: int | None = 0, **more: Any) -> str:
        """A product for sale; the id of its listing."""
        return str(self.catalog.add(name, quantity, **more).id)

    def level(self, shop_id: str) -> int | float | None:
        stock = self.catalog.stock_of(self.catalog.named(shop_id))
        return stock.quantity if stock else None

    def _body_of(self, topic: str, resource: int) -> Row:
        """Built when it is sent: the last state, or what became of it."""
        if self.is_user_gone:
            return {"code": "woocommerce_rest_cannot_view", "message": "Sorry.", "data": {"status": 401}}
        if topic.endswith(".deleted"):
            return {"id": resource}
        if topic.startswith("order."):
            return self.book.row(self.book.orders[resource])
        if resource not in self.catalog.things:
            return {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID.", "data": {"status": 404}}
        return self.catalog.row(self.catalog.things[resource])
