"""The stand-in's inventorySetQuantities: all rows or none, compared with what is there, each key once.

What the schema allows and Shopify refuses when it runs: a row that leaves `changeFromQuantity` out, and a call without
`@idempotent`.
"""

import json
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, get_directive_values

from tests.channels.shopify.stand_in_goods import Item
from tests.channels.shopify.stand_in_trade import Trade

HIGHEST = 1_000_000_000


class Stock:
    """Sets levels; `at_work` are keys whose first call is not over yet, `failed` those whose first one broke."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self.done: dict[str, tuple[str, Any]] = {}
        self.at_work: int = 0
        self.failed: int = 0
        self.sales_between: list[tuple[Item, int]] = []  # sold after levels were read and before they are set
        self.when_done: Callable[[], object] = lambda: None
        self.says_where = True
        self.shows_changes = True
        self.set: list[list[tuple[str, int]]] = []

    def set_quantities(self, info: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002  # as it is published
        """The mutation."""
        key = _key(info)
        if any("changeFromQuantity" not in row for row in input["quantities"]):
            raise GraphQLError("changeFromQuantity is required", extensions={"code": "BAD_REQUEST"})
        with self.trade.lock:
            asked = json.dumps(input, sort_keys=True)
            if self.at_work:
                self.at_work -= 1
                return _refused("IDEMPOTENCY_CONCURRENT_REQUEST")
            if self.failed:
                self.failed -= 1
                self.done[key] = asked, _refused("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED")
            if key in self.done:
                before, answer = self.done[key]
                return answer if before == asked else _refused("IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
            answer = self._set(input)
            self.done[key] = asked, answer
            self.when_done()
            return answer

    def _set(self, asked: dict[str, Any]) -> dict[str, Any]:
        while self.sales_between:
            item, units = self.sales_between.pop()
            self.trade.order({item.number: units})
        rows = asked["quantities"]
        errors = [(place, code) for place, row in enumerate(rows) if (code := self._wrong(row))]
        if errors:
            return _refused(*(code for _, code in errors), places=[place for place, _ in errors], where=self.says_where)
        self.set.append([(row["inventoryItemId"], row["quantity"]) for row in rows])
        changes = [self._change(row) for row in rows]
        group = {"id": "gid://shopify/InventoryAdjustmentGroup/1", "changes": lambda _info, **_: changes}
        return {"inventoryAdjustmentGroup": group if self.shows_changes else None, "userErrors": []}

    def _wrong(self, row: dict[str, Any]) -> str | None:
        item, quantity, place = self.trade.goods.item(row["inventoryItemId"]), row["quantity"], row["locationId"]
        if place not in self.trade.goods.places:
            return "INVALID_LOCATION"
        if item is None:
            return "INVALID_INVENTORY_ITEM"
        if not item.is_mutable:
            return "NON_MUTABLE_INVENTORY_ITEM"
        if place not in item.available:
            return "ITEM_NOT_STOCKED_AT_LOCATION"
        if not 0 <= quantity <= HIGHEST:
            return "INVALID_QUANTITY_NEGATIVE" if quantity < 0 else "INVALID_QUANTITY_TOO_HIGH"
        expected = row["changeFromQuantity"]
        return "CHANGE_FROM_QUANTITY_STALE" if expected not in (None, item.available[place]) else None

    def _change(self, row: dict[str, Any]) -> dict[str, Any]:
        item, place = self.trade.goods.item(row["inventoryItemId"]), row["locationId"]
        assert item
        before = item.available[place]
        item.available[place] = before if item.is_deaf else row["quantity"]
        self.trade.events.level(item, place, item.available[place])
        return {
            "name": "available",
            "delta": item.available[place] - before,
            "quantityAfterChange": None,
            "item": {"id": item.id},
            "location": {"id": place},
        }


def _key(info: Any) -> str:
    directive = info.schema.get_directive("idempotent")
    given = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    if not given:
        raise GraphQLError("The @idempotent directive is required", extensions={"code": "BAD_REQUEST"})
    return str(given["key"])


def _refused(*codes: str, places: list[int] | None = None, where: bool = True) -> dict[str, Any]:
    errors = [
        {
            "code": code,
            "message": code.capitalize().replace("_", " "),
            "field": ["input", "quantities", str(places[number]), "quantity"] if places and where else ["input"],
        }
        for number, code in enumerate(codes)
    ]
    return {"inventoryAdjustmentGroup": None, "userErrors": errors}
