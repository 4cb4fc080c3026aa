"""What a shop answered to the writing of a level, and what that means: 200 proves nothing, the figures do."""

from dataclasses import dataclass

from merchant_api.channels.kinds.woocommerce.rest import Row
from merchant_api.channels.kinds.woocommerce.woo_id import WooId, instead
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemLater,
    ItemRefused,
    LevelOutcome,
    LevelWanted,
    Response,
)

GONE = ("_invalid_id", "_invalid_parent")
A_VARIATION = "woocommerce_rest_invalid_product_id"
SWITCH_ON = (
    "The shop took it and changed nothing: switch on stock management under WooCommerce > Settings > Products >"
    " Inventory."
)


@dataclass(frozen=True, slots=True)
class WooTold:
    """The row that an answer shows, or the refusal that stands in its place; both empty: nothing was said of it."""

    response: Response
    row: Row | None = None
    code: str = ""
    message: str = ""


def outcome(wanted: LevelWanted, found: WooId, told: WooTold) -> LevelOutcome:
    """What came of a level that was sent."""
    if told.row is None:
        return _refused(wanted, told)
    row, ref, response = told.row, wanted.ref, told.response
    if row.get("status") == "trash":
        return ItemGone(ref, response)
    managed, figure = row.get("manage_stock"), row.get("stock_quantity")
    if managed == "parent":
        return ItemRefused(ref, instead(found), response, is_ignored=True)
    if managed is not True:
        kind = row.get("type")
        why = f"A product of the type {kind} has no stock of its own." if kind in ("grouped", "external") else SWITCH_ON
        return ItemRefused(ref, why, response, is_ignored=True)
    if isinstance(figure, int) and not isinstance(figure, bool) and figure == wanted.level:
        return Acknowledged(ref, wanted.level, figure, response)
    # A sale came between writing and answering, or something in the shop rounds: it is shown, and tried again.
    return ItemLater(ref, response)


def _refused(wanted: LevelWanted, told: WooTold) -> LevelOutcome:
    ref, response = wanted.ref, told.response
    if told.code.endswith(GONE):
        return ItemGone(ref, response)
    if told.code == A_VARIATION:
        why = "This is a variation: list it by the id of its product and its own, as 12/34."
        return ItemRefused(ref, why, response)
    if not told.code or (response.status or 0) >= 500:
        return ItemLater(ref, response)
    return ItemRefused(ref, f"The shop refuses it: {told.message or told.code}", response)
