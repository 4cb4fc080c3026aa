"""Drives the stand-in for the kit, as its merchant and its shoppers would."""

from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.connector import PASS_S, ShopAccess, WebShop
from merchant_api.channels.kinds.webhook.connector import CONNECTOR
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.wire import ShopWire
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach
from tests.channels.webhook.stand_in import SECRET, WebhookStandIn, now


class WebhookDriver:
    """See the kit."""

    kind = ChannelKind.WEBHOOK
    currency = "NPR"
    credentials: Mapping[str, str] = {"secret": SECRET}
    wrong_credentials: Mapping[str, str] = {"secret": "whsec_" + "b3RoZXIgc2VjcmV0IG9mIDI0IGJ5dGVzIG1vcmU="}
    abilities = frozenset({"cancel", "cancel_part", "edit", "fulfil", "stop"})
    unknown_order = "nobody-ordered-this"
    most_set = CONNECTOR.abilities.most_set
    rereads_open = CONNECTOR.abilities.rereads_open

    def __init__(self, shop: WebhookStandIn) -> None:
        self.shop, self.trade = shop, shop.trade
        self.address, self._host = shop.url, shop.host

    def open(self) -> WebShop:
        return self.open_with(self.credentials)

    def open_with(self, credentials: Mapping[str, str]) -> WebShop:
        calls = Calls(Outside(Reach(opened=frozenset({self._host}))), PASS_S)
        access = ShopAccess(self.address, credentials, self.currency)
        return CONNECTOR.open(access, ShopWire(calls, self.address, {}))

    def add_item(self, sku: str | None, name: str, level: int, price: int = 1500) -> str:
        shop_id = f"item-{len(self.trade.items) + 1}"
        money = {"amount": price, "currency": self.currency}
        self.trade.items[shop_id] = {"shop_id": shop_id, "sku": sku, "name": name, "price": money, "level": level}
        return shop_id

    def level(self, shop_id: str) -> int:
        return int(self.trade.items[shop_id]["level"])

    def put_level(self, shop_id: str, level: int) -> None:
        self.trade.items[shop_id]["level"] = level

    def order(self, lines: Mapping[str, int]) -> str:
        with self.trade.lock:
            number = f"#{1000 + len(self.trade.orders)}"
            told = [self._line(f"l{key}", shop_id, units) for key, (shop_id, units) in enumerate(lines.items())]
            order: dict[str, Any] = {"id": number, "placed_at": now(), "currency": self.currency, "is_paid": True}
            self.trade.orders[number] = order | {
                "lines": told,
                "customer": {"name": "Asha", "email": "asha@example.com"},
            }
            self.trade.touch(self.trade.orders[number])
            for shop_id, units in lines.items():
                self.trade.take(shop_id, units)
        return number

    def cancel(self, external_id: str, lines: Mapping[str, int] | None = None) -> None:
        with self.trade.lock:
            order = self.trade.orders[external_id]
            for line in order["lines"]:
                units = line["quantity"] - line["cancelled"] if lines is None else lines.get(line["shop_id"], 0)
                line["cancelled"] += units
                self.trade.take(line["shop_id"], -units)
            self.trade.touch(order)

    def edit(self, external_id: str, lines: Mapping[str, int]) -> None:
        with self.trade.lock:
            order = self.trade.orders[external_id]
            for line in order["lines"]:
                units = lines.get(line["shop_id"], line["quantity"])
                self.trade.take(line["shop_id"], units - line["quantity"])
                line["quantity"] = units
            self.trade.touch(order)

    def fulfil(self, external_id: str) -> None:
        self.trade.orders[external_id] |= {"is_delivered": True, "is_open": False}
        self.trade.touch(self.trade.orders[external_id])

    def remove(self, shop_id: str) -> None:
        del self.trade.items[shop_id]

    def calls(self) -> Sequence[str]:
        return [type_ for type_, _ in self.shop.asked]

    def stop(self) -> None:
        self.shop.is_away = True

    def start(self) -> None:
        self.shop.is_away = False

    def _line(self, key: str, shop_id: str, units: int) -> dict[str, Any]:
        item = self.trade.items[shop_id]
        known = {"shop_id": shop_id, "sku": item["sku"], "name": item["name"], "unit_price": item["price"]}
        return known | {"key": key, "quantity": units, "cancelled": 0}
