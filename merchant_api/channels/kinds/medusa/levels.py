"""Reads and sets levels. What is set is what is stocked, so that what is reserved is read first and added.

One bad row refuses a whole batch: what is refused is tried again in halves, until the bad row stands alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from merchant_api.channels.kinds.medusa.admin import MedusaAdmin, read_row
from merchant_api.channels.kinds.medusa.amounts import read_figure, whole_units
from merchant_api.channels.kinds.medusa.places import missing_places
from merchant_api.channels.kinds.medusa.stocks import NOT_COUNTED, MedusaStock, read_stocks
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemRef,
    ItemRefused,
    LevelOutcome,
    LevelWanted,
    Overtaken,
    Response,
    ShopLevel,
)
from merchant_api.channels.wire import ShopAnswer

BATCH = "/admin/inventory-items/location-levels/batch"
GONE = Response("Medusa has no such inventory item any more, or no variant that sells it: import its items again.")


@dataclass(frozen=True, slots=True)
class MedusaRow:
    """A level on its way: stocked so that `wanted` can be sold beside what is reserved."""

    wanted: LevelWanted
    location: str
    stock: MedusaStock

    @property
    def stocked(self) -> int:
        """What is reserved in fractions leaves no whole unit less."""
        return self.wanted.level - whole_units(-self.stock.reserved)

    @property
    def key(self) -> tuple[str, str]:
        return self.wanted.ref.shop_id, self.location

    def as_sent(self) -> dict[str, Any]:
        item, location = self.key
        return {"inventory_item_id": item, "location_id": location, "stocked_quantity": self.stocked}


def read_levels(admin: MedusaAdmin, refs: Sequence[ItemRef], location: str) -> list[ShopLevel | ItemGone]:
    """What is sold of each, at its own location or at this one."""
    stocks = read_stocks(admin, [(ref.shop_id, ref.location or location) for ref in refs])
    return [_as_level(ref, stocks.get((ref.shop_id, ref.location or location))) for ref in refs]


def _as_level(ref: ItemRef, stock: MedusaStock | None) -> ShopLevel | ItemGone:
    if stock is None:
        return ItemGone(ref, GONE)
    if not stock.is_counted:
        return ShopLevel(ref, None, None, why=NOT_COUNTED)
    return ShopLevel(ref, stock.sells, whole_units(stock.stocked), -whole_units(-stock.reserved))


def set_levels(admin: MedusaAdmin, wanted: Sequence[LevelWanted], location: str) -> list[LevelOutcome]:
    """Set them all, and say of each what came of it."""
    keys = [(each.ref.shop_id, each.ref.location or location) for each in wanted]
    stocks = read_stocks(admin, keys)
    rows = [
        MedusaRow(each, key[1], stocks[key])
        for each, key in zip(wanted, keys, strict=True)
        if key in stocks and stocks[key].is_counted
    ]
    nowhere = missing_places(admin, {row.location for row in rows if not row.stock.has_level})
    lost = {row.key: _refuse_place(row) for row in rows if row.location in nowhere}
    rows = [row for row in rows if row.key not in lost]
    came: dict[tuple[str, str], LevelOutcome] = lost | (_send(admin, rows) if rows else {})
    return [came.get(key) or _left_out(each.ref, stocks.get(key)) for each, key in zip(wanted, keys, strict=True)]


def _refuse_place(row: MedusaRow) -> LevelOutcome:
    why = f"Medusa has no stock location {row.location}: choose another for this listing, or for the channel."
    return ItemRefused(row.wanted.ref, why, Response("There is no such stock location."))


def _left_out(ref: ItemRef, stock: MedusaStock | None) -> LevelOutcome:
    if stock is None:
        return ItemGone(ref, GONE)
    return ItemRefused(ref, NOT_COUNTED, Response("manage_inventory: false"), is_ignored=True)


def _send(admin: MedusaAdmin, rows: Sequence[MedusaRow]) -> dict[tuple[str, str], LevelOutcome]:
    body = {
        "create": [row.as_sent() for row in rows if not row.stock.has_level],
        "update": [row.as_sent() for row in rows if row.stock.has_level],
    }
    answer = admin.post(BATCH, body)
    if answer.status < 400:
        told = answer.json()
        levels = [each for name in body for each in read_row(told, f"{name}d") or ()]
        shown = {(read_row(each, "inventory_item_id"), read_row(each, "location_id")): each for each in levels}
        return {row.key: _acknowledge(row, shown.get(row.key), answer) for row in rows}
    if len(rows) == 1:
        return {rows[0].key: _read_refusal(rows[0], answer)}
    middle = len(rows) // 2
    return _send(admin, rows[:middle]) | _send(admin, rows[middle:])


def _acknowledge(row: MedusaRow, shown: Any, answer: ShopAnswer) -> LevelOutcome:
    """Only what the answer shows is true: another figure came in between."""
    ref = row.wanted.ref
    if shown is None:
        return Overtaken(ref, Response(answer.text, answer.status))
    response = Response(json.dumps(shown, default=str), answer.status)
    if read_figure(shown, "stocked_quantity") != Decimal(row.stocked):
        return Overtaken(ref, response)
    return Acknowledged(ref, row.wanted.level, row.stocked, response)


def _read_refusal(row: MedusaRow, answer: ShopAnswer) -> LevelOutcome:
    """A level that was there and is not, or the other way round, is read anew; an item that is not there is gone."""
    ref, response = row.wanted.ref, Response(answer.text, answer.status)
    if answer.status == 404:
        return Overtaken(ref, response) if row.stock.has_level else ItemGone(ref, response)
    told = str(read_row(answer.json(), "message") or "")
    if "already exists" in told:
        return Overtaken(ref, response)
    return ItemRefused(ref, f"Medusa refuses the level: {told}", response)
