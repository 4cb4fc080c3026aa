"""What the shop has let go of: units leave our orders, or come back into stock, and `sold` falls with them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from merchant_api.channels.mark import mark
from merchant_api.channels.sales import sold
from merchant_api.channels.sales.applied import AppliedSale
from merchant_api.channels.sales.leave import LeavesTo, leave, next_step
from merchant_api.channels.sales.plan import LineWish
from merchant_api.channels.sales.put_back import put_back
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.standing import orders_of
from merchant_api.orders.move import Locked


def give_back(reading: Reading, applied: AppliedSale, asked: Sequence[LineWish]) -> bool:
    """Do the next step of it, and note it in `applied`; gives whether there was one, so that there may be more."""
    gone = [each for each in asked if each.leaves or each.found_restocked or each.found_sold]
    if not gone:
        return False
    held = orders_of(reading.source, applied)
    if any(each.leaves for each in gone):
        _leave(reading, applied, gone, held)
    else:
        _find(reading, applied, gone, held)
    return True


def _leave(reading: Reading, applied: AppliedSale, gone: Sequence[LineWish], held: Mapping[UUID, Locked]) -> None:
    step = next_step(applied, gone, held, restores=reading.restores)
    leave(reading.source, held, step)
    units: dict[UUID, int] = {}
    for each in step:
        each.part.units -= each.units
        each.line.taken -= each.back
        units[each.line.product_id] = units.get(each.line.product_id, 0) - each.back
    sold.move(reading.source, units)
    _look(reading, {each.line.product_id for each in step if each.back and each.to is not LeavesTo.STOCK})


def _find(reading: Reading, applied: AppliedSale, gone: Sequence[LineWish], held: Mapping[UUID, Locked]) -> None:
    """Units that were written off come back into stock without leaving an order; those of products that are counted."""
    back: dict[UUID, int] = {}
    units: dict[UUID, int] = {}
    for each in gone:
        line = applied.lines[each.key]
        number = each.found_sold + (each.found_restocked if reading.restores else 0)
        if _is_counted(each.key, applied, held):
            back[line.product_id] = back.get(line.product_id, 0) + number
        line.taken -= each.found_restocked + each.found_sold
        units[line.product_id] = units.get(line.product_id, 0) - each.found_restocked - each.found_sold
    put_back(reading.source, back, reading.order.name)
    sold.move(reading.source, units)
    _look(reading, {product_id for product_id, change in units.items() if change and not back.get(product_id)})


def _is_counted(key: str, applied: AppliedSale, held: Mapping[UUID, Locked]) -> bool:
    return any(
        row.is_tracked
        for part in applied.lines[key].parts
        for row in held[part.order_id].lines
        if row.line == part.line
    )


def _look(reading: Reading, product_ids: set[UUID]) -> None:
    """Where the shop's level moved and ours did not, nobody else would look at the listing again."""
    if product_ids:
        source = reading.source
        mark(source.merchant_id, channel_id=source.channel_id, product_ids=sorted(product_ids))
