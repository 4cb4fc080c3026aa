"""Pages that cost more than Shopify answers at once are asked for in smaller ones."""

from collections.abc import Callable
from typing import Any

from merchant_api.channels.kinds.shopify.refusals import TooDear


def in_smaller(first: int, ask: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """The page of `first`, or of a half, a quarter and so on; raises TooDear where one row is too much."""
    while True:
        try:
            return ask(first)
        except TooDear:
            if first == 1:
                raise
            first //= 2
