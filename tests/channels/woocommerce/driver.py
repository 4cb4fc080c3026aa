"""The kit's driver of the stand-in: what merchant and shoppers do, straight in the shop, past our connector."""

from collections.abc import Mapping, Sequence

from merchant_api.channels.connector import PASS_S, ShopAccess, WebShop
from merchant_api.channels.kinds.woocommerce.connector import CONNECTOR
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.wire import ShopWire
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach
from tests.channels.woocommerce.stand_in import KEY, SECRET, FakeWoo

CREDENTIALS = {"consumer_key": KEY, "consumer_secret": SECRET}


def open_shop(shop: FakeWoo, credentials: Mapping[str, str] = CREDENTIALS, pass_s: float = PASS_S) -> WebShop:
    """A shop by our connector; each call of this is a new pass."""
    access = ShopAccess(shop.url, credentials, "NPR")
    calls = Calls(Outside(Reach(opened=frozenset({shop.host}))), pass_s)
    return CONNECTOR.open(access, ShopWire(calls, shop.url, {}))


class WooDriver:
    """A ShopDriver over the stand-in."""

    kind = ChannelKind.WOOCOMMERCE
    credentials: Mapping[str, str] = CREDENTIALS
    currency = "NPR"
    abilities = frozenset({"cancel", "cancel_part", "edit", "fulfil", "stop"})
    wrong_credentials: Mapping[str, str] = {**CREDENTIALS, "consumer_secret": "cs_of_nobody"}
    unknown_order = "999999"
    most_set = CONNECTOR.abilities.most_set
    rereads_open = CONNECTOR.abilities.rereads_open

    def __init__(self, shop: FakeWoo) -> None:
        self.shop = shop
        self.address = shop.url

    def open(self) -> WebShop:
        return open_shop(self.shop, self.credentials)

    def open_with(self, credentials: Mapping[str, str]) -> WebShop:
        return open_shop(self.shop, credentials)

    def add_item(self, sku: str | None, name: str, level: int, price: int = 1500) -> str:
        return self.shop.add(name, level, sku=sku or "", price=f"{price / 100:.2f}")

    def level(self, shop_id: str) -> int:
        return int(self.shop.level(shop_id) or 0)

    def put_level(self, shop_id: str, level: int) -> None:
        body = {"manage_stock": True, "stock_quantity": level}
        self.shop.catalog.write(self.shop.catalog.named(shop_id), body, is_checked=True)

    def order(self, lines: Mapping[str, int]) -> str:
        return str(self.shop.book.place(dict(lines)).id)

    def cancel(self, external_id: str, lines: Mapping[str, int] | None = None) -> None:
        order = self.shop.book.orders[int(external_id)]
        if lines is None:
            self.shop.book.move(order, "cancelled")
        else:
            self.shop.book.refund(order, dict(lines), restock=True)

    def edit(self, external_id: str, lines: Mapping[str, int]) -> None:
        self.shop.book.change(self.shop.book.orders[int(external_id)], dict(lines))

    def fulfil(self, external_id: str) -> None:
        self.shop.book.move(self.shop.book.orders[int(external_id)], "completed")

    def remove(self, shop_id: str) -> None:
        self.shop.catalog.remove(self.shop.catalog.named(shop_id))

    def calls(self) -> Sequence[str]:
        return tuple(self.shop.calls)

    def stop(self) -> None:
        self.shop.stop()

    def start(self) -> None:
        self.shop.start()
