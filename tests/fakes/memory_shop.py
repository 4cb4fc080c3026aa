"""A web shop in memory, behind the port of all connectors: what runs and looks ask, with levels that can move."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from merchant_api.channels.connector import Abilities, Checked, CredentialField, ShopAccess
from merchant_api.channels.faults import ShopFault
from merchant_api.channels.shop_items import ItemPage, ShopItem
from merchant_api.channels.shop_levels import ItemGone, ItemRef, Response, ShopLevel
from merchant_api.channels.shop_orders import OrderFeed, ShopOrder


@dataclass
class MemoryShop:
    """`levels` by shop id, None where stock is not counted; `before` runs at each call, and may raise a ShopFault."""

    levels: dict[str, int | None] = field(default_factory=dict)
    catalogue: list[ShopItem] = field(default_factory=list)
    page_size: int = 2
    calls: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda _call: None
    abilities: Abilities = field(default_factory=lambda: Abilities([CredentialField("key", "Key")], most_read=50))

    def open(self, _access: ShopAccess, _wire: object) -> "MemoryShop":
        return self

    def check(self) -> Checked:
        return Checked("memory", None, frozenset({"levels", "orders", "items"}))

    def read_levels(self, refs: Sequence[ItemRef]) -> Sequence[ShopLevel | ItemGone]:
        self._called("levels")
        return [self._read(ref) for ref in refs]

    def items(self, cursor: str | None) -> ItemPage:
        self._called(f"items {cursor}")
        start = int(cursor or 0)
        end = start + self.page_size
        following = str(end) if end < len(self.catalogue) else None
        return ItemPage(self.catalogue[start:end], following, len(self.catalogue))

    def orders(self, mark: Mapping[str, Any]) -> OrderFeed:
        self._called("orders")
        return OrderFeed([], dict(mark))

    def orders_by_id(self, external_ids: Sequence[str]) -> Sequence[ShopOrder]:
        self._called(f"orders {external_ids}")
        return []

    def _read(self, ref: ItemRef) -> ShopLevel | ItemGone:
        if ref.shop_id not in self.levels:
            return ItemGone(ref, Response("not found", 404))
        return ShopLevel(ref, self.levels[ref.shop_id], self.levels[ref.shop_id])

    def _called(self, call: str) -> None:
        self.calls.append(call)
        self.before(call)


def away(_call: str) -> None:
    """A shop that is away: use it as `before`."""
    raise ShopFault("The shop can't be reached.")
