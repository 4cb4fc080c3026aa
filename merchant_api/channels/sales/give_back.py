"""What the shop has no more is let go of: units leave our orders, or come back into stock, and `sold` falls with them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from merchant_api.channels.sale_models import Sale
from merchant_api.channels.sales import sold
from merchant_api.channels.sales.applied import Applied
from merchant_api.channels.sales.leave import leave
from merchant_api.channels.sales.plan import LineWish
from merchant_api.channels.sales.put_back import put_back
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.standing import orders_of
from merchant_api.orders.move import Locked
from merchant_api.stock.lock import lock_products


def give_back(reading: Reading, sale: Sale, applied: Applied, asked: Sequence[LineWish]) -> None:
    """Let go of what the shop has no more, and note how far our stock follows it."""
    source, gone = reading.source, [each for each in asked if _gives(each)]
    if gone:
        lines = {each.key: applied.lines[each.key] for each in gone if each.key in applied.lines}
        held = orders_of(source, applied)
        lock_products(source.merchant_id, {line.product_id for line in lines.values()})
        by_hand = leave(source, applied, gone, held, restores=reading.restores)
        put_back(source, _found(gone, applied, held, restores=reading.restores), reading.order.name)
        units: dict[UUID, int] = {}
        for each in gone:
            less = each.restocked + each.found_restocked + each.found_sold
            line = lines[each.key]
            line.taken -= less
            units[line.product_id] = units.get(line.product_id, 0) - less
        sold.move(source, units)
        sold.tell(source, by_hand | (set() if reading.restores else {each for each in units if units[each]}))
    sale.applied = applied.written()


def _gives(each: LineWish) -> bool:
    return bool(each.leaves or each.found_restocked or each.found_sold)


def _found(
    gone: Sequence[LineWish], applied: Applied, held: Mapping[UUID, Locked], *, restores: bool
) -> dict[UUID, int]:
    """Units that come back into stock without leaving an order, of products whose stock is counted."""
    units: dict[UUID, int] = {}
    for each in gone:
        line = applied.lines[each.key]
        number = each.found_sold + (each.found_restocked if restores else 0)
        ours = [
            row for part in line.parts for row in held[part.order_id].lines if row.line == part.line and row.is_tracked
        ]
        if ours:
            units[line.product_id] = units.get(line.product_id, 0) + number
    return units
