"""Pages that cost more than Shopify answers at once are asked for in smaller ones; the size is kept for a day."""

from collections.abc import Callable
from typing import Any

from merchant_api.channels.kinds.shopify import kept
from merchant_api.channels.kinds.shopify.refusals import TooDear

KEPT_S = 86_400.0


def in_smaller(name: str, first: int, ask: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """The page of `first`, or of a half, a quarter and so on; raises TooDear where one row is too much."""
    first = min(first, int(kept.get(name) or first))
    while True:
        try:
            return ask(first)
        except TooDear:
            if first == 1:
                raise
            first //= 2
            kept.keep(name, str(first), KEPT_S)
