"""Levels that are written: products together, variations by their parent, zeros in front.

A product's stock management is switched on with the level, for without it the shop sells without end and answers 200.
A variation's is not, at first: it may sell from its parent's stock, and would be torn from it. Only one that the
answer shows to count nothing is switched on, by a second call.
There is no compare-and-set of any kind; a sale that a level crosses is healed by the next one (`channels.md`).
"""

import time
from collections import defaultdict
from collections.abc import Sequence

from merchant_api.channels.kinds.woocommerce.rest import Row, WooRest
from merchant_api.channels.kinds.woocommerce.send import send
from merchant_api.channels.kinds.woocommerce.told import WooTold, outcome
from merchant_api.channels.kinds.woocommerce.woo_id import FORM_WANTED, WooId, woo_id
from merchant_api.channels.shop_levels import ItemLater, ItemRef, ItemRefused, LevelOutcome, LevelWanted, Response

SLICE_S = 10.0  # after which no further product's variations are begun in a pass
NOT_REACHED = Response("The shop was too slow for all levels of this call: this one was not sent yet.")
Wanted = tuple[LevelWanted, WooId]


def write(rest: WooRest, wanted: Sequence[LevelWanted]) -> list[LevelOutcome]:
    """One outcome for each. Levels are absolute, so that a call that broke off is simply made again."""
    outcomes: dict[ItemRef, LevelOutcome] = {}
    families: dict[int | None, list[Wanted]] = defaultdict(list)
    for each in sorted(wanted, key=lambda each: each.level > 0):
        found = woo_id(each.ref.shop_id)
        if found is None:
            outcomes[each.ref] = ItemRefused(each.ref, FORM_WANTED, Response("not sent"))
        else:
            families[found.product if found.variation else None].append((each, found))
    until = time.monotonic() + SLICE_S
    for number, (parent, some) in enumerate(families.items()):
        if number and time.monotonic() > until:
            outcomes |= {each.ref: ItemLater(each.ref, NOT_REACHED) for each, _ in some}
        else:
            outcomes |= _write_family(rest, parent, some)
    return [outcomes[each.ref] for each in wanted]


def _write_family(rest: WooRest, parent: int | None, some: list[Wanted]) -> dict[ItemRef, LevelOutcome]:
    if parent is None:
        told = send(rest, "/products", [_body(each, found, is_managed=True) for each, found in some])
    else:
        told = _write_variations(rest, f"/products/{parent}/variations", some)
    return {each.ref: outcome(each, found, told[found.own]) for each, found in some}


def _write_variations(rest: WooRest, path: str, some: list[Wanted]) -> dict[int, WooTold]:
    told = send(rest, path, [_body(each, found) for each, found in some])
    uncounted = [_body(each, found, is_managed=True) for each, found in some if _is_uncounted(told[found.own])]
    return told | send(rest, path, uncounted) if uncounted else told


def _body(each: LevelWanted, found: WooId, *, is_managed: bool = False) -> Row:
    return {"id": found.own, "stock_quantity": int(each.level)} | ({"manage_stock": True} if is_managed else {})


def _is_uncounted(told: WooTold) -> bool:
    return told.row is not None and told.row.get("manage_stock") is False and told.row.get("status") != "trash"
