"""The lines of an order, and per line what the shop has sold and not given back to its stock.

`currentQuantity` is what is left after refunds, edits and cancellation; a refund's lines say of their units whether
they went back to stock. Units that are gone and that no refund explains count as not given back, and are told: too
little in stock shows as drift, too much would be sold twice. Gift cards and tips are no goods.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.kinds.shopify.amounts import shop_money
from merchant_api.channels.kinds.shopify.gids import number
from merchant_api.channels.shop_orders import ShopLine

GIVEN_BACK = frozenset({"CANCEL", "RETURN", "LEGACY_RESTOCK"})


def lines(
    nodes: Sequence[Mapping[str, Any]], refunded: Sequence[Mapping[str, Any]]
) -> tuple[list[ShopLine], list[str]]:
    """An order's goods, and notes on what is odd."""
    told: Counter[str] = Counter()
    back: Counter[str] = Counter()
    for refund in refunded:
        of = refund["lineItem"]["id"]
        told[of] += refund["quantity"]
        back[of] += refund["quantity"] if refund["restockType"] in GIVEN_BACK else 0
    goods = [node for node in nodes if _is_goods(node)]
    notes = [_unexplained(node, told[node["id"]]) for node in goods]
    return [_line(node, back[node["id"]]) for node in goods], [note for note in notes if note]


def _line(node: Mapping[str, Any], back: int) -> ShopLine:
    quantity, left = node["quantity"], node["currentQuantity"]
    counted = (node["variant"] or {}).get("inventoryItem")
    return ShopLine(
        key=number(node["id"]),
        shop_id=counted["id"] if counted else None,
        sku=node["sku"],
        name=node["name"],
        quantity=quantity,
        taken=max(quantity - back, 0),
        cancelled=min(max(quantity - left, 0), quantity),
        unit_price=shop_money(node["discountedUnitPriceAfterAllDiscountsSet"]),
    )


def _unexplained(node: Mapping[str, Any], told: int) -> str | None:
    gone = node["quantity"] - node["currentQuantity"] - told
    if gone <= 0:
        return None
    return f"Shopify took {gone} of «{node['name']}» off the order and does not say whether that is in stock again."


def _is_goods(node: Mapping[str, Any]) -> bool:
    is_nothing_to_send = node["variant"] is None and not node["sku"] and not node["requiresShipping"]
    return not (node["isGiftCard"] or is_nothing_to_send)
