"""Levels of a Vendure: read as what it sells, set as on hand, which is the level and all that the shop holds back.

A row that is refused refuses the whole call, so the rows are then sent one by one, and a zero shares no call with
others. There is no compare-and-set: units that were sent out between our read and our write show as an allocation that
fell, and then what we wrote is too much and is done again. One that rose is a sale, which our level does not know yet.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from merchant_api.channels.kinds.vendure import stock
from merchant_api.channels.kinds.vendure.admin_api import AdminApi, VendureError
from merchant_api.channels.kinds.vendure.documents import SET_STOCK
from merchant_api.channels.kinds.vendure.stock import NOT_COUNTED, ShopPlaces, VariantStock
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemLater,
    ItemRef,
    ItemRefused,
    LevelOutcome,
    LevelWanted,
    Overtaken,
    Response,
    ShopLevel,
)

_MOST = 2**31 - 1
_GONE = Response("The shop's answer does not have this item.", 200)
_IGNORED = "The shop took the level and kept its own: something there sets its stock, which has to be switched off."
_REFUSED = frozenset({"USER_INPUT_ERROR", "BAD_USER_INPUT"})


@dataclass(frozen=True, slots=True)
class _Row:
    """A level that can be sent: where, on what was read, and the figure that is set."""

    wanted: LevelWanted
    location: str
    before: VariantStock

    @property
    def stands(self) -> int:
        return self.wanted.level + self.before.allocated + self.before.threshold

    @property
    def input(self) -> dict[str, Any]:
        levels = [{"stockLocationId": self.location, "stockOnHand": self.stands}]
        return {"id": self.wanted.ref.shop_id, "stockLevels": levels}


def read_levels(api: AdminApi, refs: Sequence[ItemRef], location: str | None) -> list[ShopLevel | ItemGone]:
    """What the shop sells of these items at their place."""
    found, variants = stock.read(api, [ref.shop_id for ref in refs])
    return [_level(ref, variants.get(ref.shop_id), found.place(ref.location or location), found) for ref in refs]


def set_levels(api: AdminApi, wanted: Sequence[LevelWanted], location: str | None) -> list[LevelOutcome]:
    """One outcome for each, in their order."""
    found, variants = stock.read(api, [each.ref.shop_id for each in wanted])
    seen = [_seen(each, variants.get(each.ref.shop_id), found, location) for each in wanted]
    rows = [each for each in seen if isinstance(each, _Row)]
    sent: dict[int, LevelOutcome] = {}
    for some in ([row for row in rows if not row.wanted.level], [row for row in rows if row.wanted.level]):
        if some:
            sent |= dict(zip(map(id, some), _send(api, some), strict=True))
    return [sent[id(each)] if isinstance(each, _Row) else each for each in seen]


def _level(ref: ItemRef, variant: Mapping[str, Any] | None, place: str, found: ShopPlaces) -> ShopLevel | ItemGone:
    if variant is None:
        return ItemGone(ref, _GONE)
    if place not in found.locations:
        return ShopLevel(ref, None, None, why=found.no_such(place))
    here = stock.at(variant, place, found)
    if not here.is_counted:
        return ShopLevel(ref, None, None, why=NOT_COUNTED)
    return ShopLevel(ref, here.sells, here.on_hand, here.allocated)


def _seen(
    wanted: LevelWanted, variant: Mapping[str, Any] | None, found: ShopPlaces, location: str | None
) -> _Row | LevelOutcome:
    """A row to send, or what can be said of it without sending."""
    ref, place = wanted.ref, found.place(wanted.ref.location or location)
    if variant is None:
        return ItemGone(ref, _GONE)
    read = Response(json.dumps(variant, default=str), 200)
    if place not in found.locations:
        return ItemRefused(ref, found.no_such(place), read)
    row = _Row(wanted, place, stock.at(variant, place, found))
    if not row.before.is_counted:
        return ItemRefused(ref, NOT_COUNTED, read, is_ignored=True)
    if not -_MOST <= row.stands <= _MOST:
        return ItemRefused(ref, f"The shop takes no figure as large as {row.stands}: show fewer there.", read)
    if row.stands == row.before.on_hand:
        return Acknowledged(ref, wanted.level, row.stands, read)
    return row


def _send(api: AdminApi, rows: Sequence[_Row]) -> list[LevelOutcome]:
    try:
        data = api.ask(SET_STOCK, input=[row.input for row in rows])
    except VendureError as error:
        if len(rows) > 1:
            return [outcome for row in rows for outcome in _send(api, [row])]
        return [_failed(rows[0].wanted.ref, error)]
    answered = {str(each["id"]): each for each in data["updateProductVariants"] if each is not None}
    return [_came_of(row, answered.get(row.wanted.ref.shop_id)) for row in rows]


def _came_of(row: _Row, answered: Mapping[str, Any] | None) -> LevelOutcome:
    ref = row.wanted.ref
    if answered is None:
        return Overtaken(ref, Response("The shop's answer does not show the item.", 200))
    on_hand, allocated = stock.level_at(answered, row.location)
    response = Response(json.dumps(answered, default=str), 200)
    if on_hand != row.stands and on_hand == row.before.on_hand:
        return ItemRefused(ref, _IGNORED, response, is_ignored=True)
    if on_hand != row.stands or allocated < row.before.allocated:
        return Overtaken(ref, response)
    return Acknowledged(ref, row.wanted.level, on_hand, response)


def _failed(ref: ItemRef, error: VendureError) -> LevelOutcome:
    response = Response(error.text, error.status)
    if error.code == "ENTITY_NOT_FOUND":
        return ItemGone(ref, response)
    if error.code in _REFUSED:
        return ItemRefused(ref, str(error), response)
    return ItemLater(ref, response)  # the words of a database: what it was busy with may pass
