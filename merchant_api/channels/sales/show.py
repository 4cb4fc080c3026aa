"""A channel's order as people see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.channels.sale_models import Sale
from merchant_api.channels.sales.applied import AppliedSale
from merchant_api.channels.sales.seen import read
from merchant_api.channels.states import SaleState


@dataclass(frozen=True, slots=True)
class SaleView:
    """The row, with its lines and our orders."""

    external_id: str
    name: str
    state: SaleState
    why: str | None
    order_id: UUID | None
    order_ids: Sequence[UUID]
    is_open: bool
    placed_at: datetime
    read_at: datetime
    lines: Sequence[Mapping[str, Any]]


def view(sale: Sale) -> SaleView:
    """How a sale is shown."""
    order, applied = read(sale.seen), AppliedSale.read(sale.applied)
    products = {key: line.product_id for key, line in applied.lines.items()} | applied.chosen
    lines = [
        {
            "line": number,
            "sku": line.sku,
            "shop_id": line.shop_id,
            "name": line.name,
            "quantity": line.quantity,
            "taken": line.taken,
            "cancelled": line.cancelled,
            "product_id": products.get(line.key, line.product_id),
        }
        for number, line in enumerate(order.lines, 1)
    ]
    return SaleView(
        external_id=sale.external_id,
        name=sale.name,
        state=sale.state,
        why=sale.why,
        order_id=sale.order_id,
        order_ids=[order_id for order_id, _ in applied.orders],
        is_open=sale.is_open,
        placed_at=sale.placed_at,
        read_at=sale.read_at,
        lines=lines,
    )
