"""What Shopify says against a row of a batch: the place of the row is in the path of the error."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from merchant_api.channels.shop_levels import (
    ItemGone,
    ItemRefused,
    LevelOutcome,
    LevelWanted,
    Overtaken,
    Response,
)

STALE = frozenset({"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"})
SAME_KEY_LATER = "IDEMPOTENCY_CONCURRENT_REQUEST"
NEW_KEY = frozenset({"IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"})
NOT_YET = NEW_KEY | {SAME_KEY_LATER}
NO_LOCATION = "INVALID_LOCATION"
_WHY = {
    "ITEM_NOT_STOCKED_AT_LOCATION": "It is not stocked at this location: tick the location at the item in Shopify.",
    "NON_MUTABLE_INVENTORY_ITEM": "Shopify lets nobody set its stock, as of a bundle: list its parts, or pause it.",
    "INVALID_QUANTITY_NEGATIVE": "Shopify takes no level below zero.",
    "INVALID_QUANTITY_TOO_HIGH": "Shopify takes no level above 1,000,000,000: set a «most» for the channel.",
    "INVALID_QUANTITY_TOO_LOW": "Shopify takes no level that low.",
}


def place_of(error: Mapping[str, Any], rows: int) -> int | None:
    """Which row an error is about; None where it does not say."""
    path = error.get("field") or []
    for before, part in pairwise(path):
        if before == "quantities" and str(part).isdigit() and int(part) < rows:
            return int(part)
    return None


def outcome(error: Mapping[str, Any], wanted: LevelWanted, response: Response) -> LevelOutcome:
    """What an error means for its row."""
    code = error.get("code")
    if code in STALE:
        return Overtaken(wanted.ref, response)
    if code == "INVALID_INVENTORY_ITEM":
        return ItemGone(wanted.ref, response)
    why = _WHY.get(str(code)) or f"Shopify refuses the level: {error.get('message')}"
    return ItemRefused(wanted.ref, why, response)
