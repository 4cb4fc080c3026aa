"""A shop that answers our signed calls, each a POST to its one address with {type, timestamp, data}.

It has to answer `levels.set`; what else it answers it says to `ping`. To what it does not know it answers 404 or 405
(5xx is a shop that is away): its orders come as events then.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError

from merchant_api.channels.connector import Checked, ShopAccess
from merchant_api.channels.faults import ShopDenies, ShopOdd
from merchant_api.channels.kinds.webhook.bodies import ItemToldIn, OrderToldIn, item_of, order_of
from merchant_api.channels.kinds.webhook.outcomes import by_item, found_of, outcomes_of
from merchant_api.channels.shop_items import ItemPage
from merchant_api.channels.shop_levels import ItemGone, ItemRef, LevelOutcome, LevelWanted, Response, ShopLevel
from merchant_api.channels.shop_orders import OrderFeed, ShopOrder
from merchant_api.channels.wire import ShopAnswer, ShopWire
from merchant_api.core import clock
from merchant_api.core.ids import new_id
from merchant_api.core.schema import rfc3339
from merchant_api.providers import standard_webhooks

UNKNOWN = (404, 405)
CAN = {"levels", "orders", "items"}


class WebhookShop:
    """A shop that was opened; asks nobody until it is asked something."""

    def __init__(self, access: ShopAccess, wire: ShopWire) -> None:
        self._secret, self._wire = access.credentials["secret"].split()[0], wire

    def check(self) -> Checked:
        """Who answers, and what it can; a shop that says nothing takes levels and tells of orders."""
        said = self._asked("ping", {})
        told = said if isinstance(said, dict) else {}
        can = {str(each) for each in told.get("can") or ("levels", "orders")} & CAN
        named = {name: told[name] for name in ("account", "currency") if isinstance(told.get(name), str)}
        return Checked(named.get("account"), None, frozenset(can | {"events"}), named.get("currency"))

    def set_levels(self, wanted: Sequence[LevelWanted]) -> Sequence[LevelOutcome]:
        """One call for all; without a word about a row its 2xx stands for it."""
        rows = [{"shop_id": each.ref.shop_id, "location": each.ref.location, "level": each.level} for each in wanted]
        answer = self._post("levels.set", {"levels": rows})
        if answer.status in UNKNOWN:
            raise ShopOdd("The shop does not answer levels.set at this address.", answer.text, answer.status)
        return outcomes_of(wanted, answer)

    def read_levels(self, refs: Sequence[ItemRef]) -> Sequence[ShopLevel | ItemGone]:
        """What it says of each; an item that it leaves out is gone."""
        shop_ids = list(dict.fromkeys(each.shop_id for each in refs))
        found = by_item(self._asked("levels.read", {"shop_ids": shop_ids}, "levels"))
        return [self._level(each, found_of(each, found)) for each in refs]

    def items(self, cursor: str | None) -> ItemPage:
        """A page, as long as the shop likes."""
        said = self._asked("items.read", {"cursor": cursor})
        if not isinstance(said, dict):
            raise ShopOdd("To items.read the shop answers something else than {items, cursor}.")
        items = [item_of(each) for each in _loaded(ItemToldIn(), said.get("items"), "items.read")]
        following = said.get("cursor")
        return ItemPage(items, None if following is None else str(following))

    def orders(self, mark: Mapping[str, Any]) -> OrderFeed:
        """What changed since, where the shop can tell; its own mark is kept and given back."""
        answer = self._post("orders.read", {"mark": mark.get("shop")})
        if answer.status in UNKNOWN:
            return OrderFeed((), dict(mark))
        said = self._read("orders.read", answer)
        if not isinstance(said, dict):
            raise ShopOdd("To orders.read the shop answers something else than {orders, mark}.")
        return OrderFeed(_orders(said.get("orders")), {"shop": said.get("mark")}, said.get("has_more") is True)

    def orders_by_id(self, external_ids: Sequence[str]) -> Sequence[ShopOrder]:
        """Those of them that the shop has; none where it can't tell."""
        answer = self._post("orders.read", {"ids": list(external_ids)})
        if answer.status in UNKNOWN:
            return ()
        said = self._read("orders.read", answer)
        return _orders(said.get("orders") if isinstance(said, dict) else None)

    def listen(self, url: str, secret: str) -> None:
        """Tell it where its events go, signed with the secret of both; who knows no such call goes on."""
        self._post("listen", {"url": url})

    def _level(self, ref: ItemRef, told: Mapping[str, Any] | None) -> ShopLevel | ItemGone:
        if told is None:
            return ItemGone(ref, Response("levels.read was answered without this item"))
        level = told.get("level")
        if level is None:
            return ShopLevel(ref, None, None, why="The shop does not count stock of this item.")
        if not isinstance(level, int) or isinstance(level, bool):
            raise ShopOdd(f"The shop says a level of {level!r:.40} for {ref.shop_id}: a whole number is needed.")
        return ShopLevel(ref, level, level)

    def _asked(self, type_: str, data: Mapping[str, Any], member: str | None = None) -> Any:
        answer = self._post(type_, data)
        if answer.status in UNKNOWN and type_ != "ping":
            raise ShopOdd(f"The shop does not answer {type_}.", answer.text, answer.status)
        said = self._read(type_, answer)
        if member is None:
            return said
        rows = said.get(member) if isinstance(said, dict) else None
        if not isinstance(rows, list):
            raise ShopOdd(f"To {type_} the shop answers something else than {{{member}: [...]}}.", answer.text)
        return rows

    def _read(self, type_: str, answer: ShopAnswer) -> Any:
        if not 200 <= answer.status < 300:
            raise ShopOdd(f"The shop answered {answer.status} to {type_}.", answer.text, answer.status)
        return answer.json() if answer.body.strip() else None

    def _post(self, type_: str, data: Mapping[str, Any]) -> ShopAnswer:
        now = clock.now()
        text = json.dumps({"type": type_, "timestamp": rfc3339(now), "data": data})
        signed = standard_webhooks.headers(self._secret, f"msg_{new_id().hex}", text, now)
        answer = self._wire.ask("POST", "", body=text.encode(), headers=signed)
        if answer.status in (401, 403):
            why = "The shop does not take our signature: both sides need the same secret."
            raise ShopDenies(why, answer.text, answer.status)
        return answer


def _orders(told: Any) -> list[ShopOrder]:
    return [order_of(each) for each in _loaded(OrderToldIn(), told, "orders.read")]


def _loaded(schema: Schema, told: Any, type_: str) -> list[dict[str, Any]]:
    try:
        loaded: list[dict[str, Any]] = schema.load(told if isinstance(told, list) else [told], many=True)
    except ValidationError as error:
        raise ShopOdd(f"What the shop answers to {type_} can't be read: {json.dumps(error.messages)[:300]}") from None
    return loaded
