"""A channel's order cancelled by a call, whole or in part: what the shop has taken falls, and our orders follow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from merchant_api.channels.sales import row
from merchant_api.channels.sales.applied import AppliedSale
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.report import LineTold
from merchant_api.channels.sales.seen import read
from merchant_api.channels.sales.settle import SaleStands, settle, stands
from merchant_api.channels.sales.source import source
from merchant_api.channels.shop_orders import ShopLine
from merchant_api.core import clock
from merchant_api.core.errors import NotFound
from merchant_api.core.names import key
from merchant_api.orders.errors import MoreThanLeft, UnknownLine


@dataclass(frozen=True, slots=True)
class CancelTold:
    """Which units of which lines (none named: all), and whether they go back into stock (None: as the channel says)."""

    lines: Sequence[LineTold] = ()
    restock: bool | None = None


def cancel(merchant_id: UUID, channel_id: UUID, external_id: str, told: CancelTold) -> SaleStands:
    """Cancel what is left of an order, or a part; what was cancelled before is not again.

    Raises NotFound, UnknownLine, MoreThanLeft.
    """
    asked = source(merchant_id, channel_id)
    sale = row.locked(merchant_id, channel_id, external_id)
    if sale is None:
        raise NotFound
    order, applied = read(sale.seen), AppliedSale.read(sale.applied)
    less = _less(order.lines, applied, told) if told.lines else {line.key: _left(line) for line in order.lines}
    lines = tuple(_cancelled(line, less.get(line.key, 0), keeps=told.restock is False) for line in order.lines)
    reading = Reading(asked, replace(order, lines=lines), max(clock.now(), sale.read_at), told.restock)
    found = settle(reading)
    while found is None:
        found = settle(reading)
    if isinstance(found, SaleStands):
        return found
    row.stand(sale, reading.order, reading.read_at, sale.state, sale.why or row.BEING_TAKEN)
    return stands(sale)


def _left(line: ShopLine) -> int:
    return max(0, line.quantity - line.cancelled)


def _cancelled(line: ShopLine, units: int, *, keeps: bool) -> ShopLine:
    """`keeps`: the shop has taken the units for good."""
    return replace(line, cancelled=line.cancelled + units, taken=line.taken if keeps else max(0, line.taken - units))


def _less(lines: Sequence[ShopLine], applied: AppliedSale, told: CancelTold) -> dict[str, int]:
    """Units by the keys of lines; those of one product go from its first line on."""
    less: dict[str, int] = {}
    for number, wanted in enumerate(told.lines):
        mine = [line for line in lines if _is_meant(line, wanted, applied)]
        if not mine:
            raise UnknownLine(errors={"lines": {str(number): ["This order has no such line."]}})
        units = wanted.quantity
        for line in mine:
            some = min(units, _left(line) - less.get(line.key, 0))
            less[line.key] = less.get(line.key, 0) + some
            units -= some
        if units:
            raise MoreThanLeft(lines=[{"line": number, "wanted": wanted.quantity, "left": wanted.quantity - units}])
    return less


def _is_meant(line: ShopLine, wanted: LineTold, applied: AppliedSale) -> bool:
    if wanted.product_id is not None:
        taken = applied.lines.get(line.key)
        return wanted.product_id == (line.product_id if taken is None else taken.product_id)
    if wanted.shop_id is not None:
        return line.shop_id == wanted.shop_id
    return line.sku is not None and wanted.sku is not None and key(line.sku) == key(wanted.sku)
