"""Ids that listings keep: "12" for a product, "12/34" for the variation 34 of the product 12.

A variation is written below its parent only, so both are needed. One that sells from its parent's stock is no item:
its level is the parent's, "12".
"""

import re
from dataclasses import dataclass

_FORM = re.compile(r"([1-9][0-9]{0,17})(?:/([1-9][0-9]{0,17}))?")
FORM_WANTED = "An item of WooCommerce is named 12, or 12/34 for the variation 34 of the product 12."


@dataclass(frozen=True, slots=True)
class WooId:
    """A product, or a variation of it."""

    product: int
    variation: int | None = None

    @property
    def own(self) -> int:
        """The id that the shop's answers show."""
        return self.variation or self.product

    def __str__(self) -> str:
        return f"{self.product}/{self.variation}" if self.variation else str(self.product)


def woo_id(shop_id: str) -> WooId | None:
    """An id, read; None where it is none."""
    found = _FORM.fullmatch(shop_id.strip())
    return WooId(int(found[1]), int(found[2]) if found[2] else None) if found else None


def instead(found: WooId) -> str:
    """What to do about a listing of a variation that sells from its parent's stock."""
    return f"This variation sells from the stock of its product: list {found.product} in its place."
