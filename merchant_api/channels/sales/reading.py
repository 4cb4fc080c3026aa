"""A shop's order as it was read: whose it is, when that was, and what somebody said of its stock."""

from dataclasses import dataclass
from datetime import datetime

from merchant_api.channels.sales.source import Source
from merchant_api.channels.shop_orders import ShopOrder


@dataclass(frozen=True, slots=True)
class Reading:
    """A shop's order as it was read at an instant. `restock`, where somebody says so, stands for the setting."""

    source: Source
    order: ShopOrder
    read_at: datetime
    restock: bool | None = None

    @property
    def restores(self) -> bool:
        """Whether what the shop restocks is for sale here again."""
        return self.source.restores if self.restock is None else self.restock
