"""An order of the stand-in as a row: totals by the decimals of the moment, prices with the noise of a float."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tests.channels.woocommerce.stand_in_catalog import Catalog
from tests.channels.woocommerce.stand_in_php import Row, gmt, local


@dataclass
class OrderedLine:
    id: int
    thing: int
    parent: int
    name: str
    sku: str
    quantity: int | float
    total: Decimal
    reduced: list[int] = field(default_factory=list)
    restocked: int = 0


@dataclass
class Ordered:
    id: int
    status: str
    lines: list[OrderedLine]
    created: datetime
    modified: datetime
    paid: datetime | None = None
    currency: str = "NPR"
    refunds: list[Row] = field(default_factory=list)


def order_row(order: Ordered, catalog: Catalog, decimals: int) -> Row:
    return {
        "id": order.id,
        "number": str(order.id),
        "status": order.status,
        "currency": order.currency,
        "date_created_gmt": gmt(order.created),
        "date_modified": local(order.modified),
        "date_modified_gmt": gmt(order.modified),
        "date_paid_gmt": gmt(order.paid),
        "billing": {"first_name": "Asha", "last_name": "Rai", "email": "asha@example.com", "phone": "9800000000"},
        "shipping": {"first_name": "", "last_name": ""},
        "line_items": [_line_row(line, line.thing in catalog.things, decimals) for line in order.lines],
        "refunds": [{"id": each["id"], "reason": "", "total": "-1.00"} for each in order.refunds],
    }


def _line_row(line: OrderedLine, is_there: bool, decimals: int) -> Row:
    """Of a product that was deleted for good the line keeps its name only."""
    meta = [{"id": n, "key": "_reduced_stock", "value": str(units)} for n, units in enumerate(line.reduced)]
    meta += [{"id": 9, "key": "_restock_refunded_items", "value": str(line.restocked)}] if line.restocked else []
    return {
        "id": line.id,
        "name": line.name,
        "product_id": (line.parent or line.thing) if is_there else 0,
        "variation_id": line.thing if line.parent and is_there else 0,
        "sku": line.sku if is_there else None,
        "quantity": line.quantity,
        "total": f"{line.total:.{decimals}f}",
        "price": math.nextafter(float(line.total) / float(line.quantity or 1), 0),
        "meta_data": meta,
    }
