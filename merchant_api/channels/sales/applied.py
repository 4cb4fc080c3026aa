"""How far our stock follows a sale, as its row keeps it: per line of the shop what was taken, and what of it stands.

Units that the shop took are ours to deliver as long as they stand in an order of ours (`parts`); the others were
cancelled without coming back into stock. A line keeps its product and its price for good.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID


@dataclass(slots=True)
class TakenPart:
    """Units of a line of ours: `units` of the `placed` ones still stand, as far as the shop is concerned."""

    order_id: UUID
    line: int
    placed: int
    units: int


@dataclass(slots=True)
class AppliedLine:
    """A line of the shop: `taken` is what it had taken when our stock was moved last."""

    product_id: UUID
    price: int | None
    taken: int = 0
    parts: list[TakenPart] = field(default_factory=list)

    @property
    def stands(self) -> int:
        """Units that are to be delivered."""
        return sum(part.units for part in self.parts)


@dataclass(slots=True)
class AppliedSale:
    """All of a sale: our orders with their ids at the shop, its lines by their keys, and products chosen by hand."""

    orders: list[tuple[UUID, str]] = field(default_factory=list)
    lines: dict[str, AppliedLine] = field(default_factory=dict)
    chosen: dict[str, UUID] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What the row says; a new one says nothing."""
        return cls(
            orders=[(UUID(order_id), external_id) for order_id, external_id in kept.get("orders", [])],
            lines={key: _line(line) for key, line in kept.get("lines", {}).items()},
            chosen={key: UUID(product_id) for key, product_id in kept.get("chosen", {}).items()},
        )

    def written(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {
            "orders": [[str(order_id), external_id] for order_id, external_id in self.orders],
            "lines": {key: _written(line) for key, line in self.lines.items()},
            "chosen": {key: str(product_id) for key, product_id in self.chosen.items()},
        }


def _line(kept: Mapping[str, Any]) -> AppliedLine:
    parts = [TakenPart(UUID(order_id), *figures) for order_id, *figures in kept["parts"]]
    return AppliedLine(UUID(kept["product_id"]), kept["price"], kept["taken"], parts)


def _written(line: AppliedLine) -> dict[str, Any]:
    return {
        "product_id": str(line.product_id),
        "price": line.price,
        "taken": line.taken,
        "parts": [[str(part.order_id), part.line, part.placed, part.units] for part in line.parts],
    }
