"""Drives the stand-in for the kit, as a merchant and shoppers of a Shopify shop would."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from merchant_api.channels.connector import PASS_S, ShopAccess, WebShop
from merchant_api.channels.kinds.shopify.connector import CONNECTOR
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.wire import ShopWire
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach
from tests.channels.shopify.stand_in import CLIENT_SECRET, TOKEN, ShopifyStandIn
from tests.channels.shopify.stand_in_goods import MAIN, Order


class ShopifyDriver:
    """See the kit."""

    kind = ChannelKind.SHOPIFY
    currency = "NPR"
    abilities = frozenset({"cancel", "cancel_part", "edit", "fulfil", "stop"})
    wrong_credentials: Mapping[str, str] = {"access_token": "shpat_of_nobody"}
    unknown_order = "999999"
    most_set = CONNECTOR.abilities.most_set
    rereads_open = CONNECTOR.abilities.rereads_open

    def __init__(self, shop: ShopifyStandIn) -> None:
        self.shop = shop
        self.trade = shop.trade
        self.credentials: Mapping[str, str] = {"access_token": TOKEN, "client_secret": CLIENT_SECRET}
        self.address = shop.url
        self._host = shop.host

    def open(self, deadline_s: float = PASS_S, location: str | None = None, **options: Any) -> WebShop:
        access = ShopAccess(self.address, self.credentials, self.currency, location, options)
        return CONNECTOR.open(access, self._wire(deadline_s))

    def open_with(self, credentials: Mapping[str, str]) -> WebShop:
        access = ShopAccess(self.address, credentials, self.currency)
        return CONNECTOR.open(access, self._wire(PASS_S))

    def _wire(self, deadline_s: float) -> ShopWire:
        calls = Calls(Outside(Reach(opened=frozenset({self._host}))), deadline_s)
        return ShopWire(calls, self.address, {})

    def add_item(self, sku: str | None, name: str, level: int, price: int = 1500) -> str:
        return self.trade.add(sku, name, level, str(Decimal(price).scaleb(-2))).id

    def level(self, shop_id: str) -> int:
        item = self.trade.goods.item(shop_id)
        return item.available[MAIN] if item else 0

    def put_level(self, shop_id: str, level: int) -> None:
        item = self.trade.goods.item(shop_id)
        assert item
        item.available[MAIN] = level

    def order(self, lines: Mapping[str, int]) -> str:
        return str(self.trade.order({_number(shop_id): units for shop_id, units in lines.items()}).number)

    def cancel(self, external_id: str, lines: Mapping[str, int] | None = None) -> None:
        order = self.order_of(external_id)
        if lines is None:
            self.trade.cancel(order)
        else:
            self.trade.refund(order, {_number(shop_id): units for shop_id, units in lines.items()}, "CANCEL")

    def edit(self, external_id: str, lines: Mapping[str, int]) -> None:
        self.trade.edit(self.order_of(external_id), {_number(shop_id): units for shop_id, units in lines.items()})

    def fulfil(self, external_id: str) -> None:
        self.trade.send(self.order_of(external_id))

    def remove(self, shop_id: str) -> None:
        del self.trade.goods.items[_number(shop_id)]

    def calls(self) -> Sequence[str]:
        return [f"POST {operation}" for operation in self.shop.asked]

    def stop(self) -> None:
        self.shop.stop()

    def start(self) -> None:
        self.shop.start()
        self.address, self._host = self.shop.url, self.shop.host

    def order_of(self, external_id: str) -> Order:
        """An order by its id."""
        return self.trade.goods.orders[int(external_id)]


def _number(shop_id: str) -> int:
    return int(shop_id.rpartition("/")[2])
