"""Somebody says how it goes on with a parked order: which products its lines are, or that it is to be left alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from sqlalchemy import select

from merchant_api.catalog.models import Product
from merchant_api.channels.sale_models import Sale
from merchant_api.channels.sales import row
from merchant_api.channels.sales.applied import AppliedSale
from merchant_api.channels.sales.apply import apply
from merchant_api.channels.sales.errors import SaleSolved
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.seen import read
from merchant_api.channels.sales.settle import SaleStands, stands
from merchant_api.channels.sales.source import source
from merchant_api.channels.states import SaleState
from merchant_api.core import tenancy
from merchant_api.core.db import in_transaction, session
from merchant_api.core.errors import NotFound
from merchant_api.orders.errors import UnknownLine, UnknownProduct


@dataclass(frozen=True, slots=True)
class SaleSolution:
    """Products by the numbers of lines, from 1 on (none: try again with what is listed by now), or why to ignore it."""

    lines: Mapping[int, UUID] = field(default_factory=dict)
    ignore: bool = False
    reason: str | None = None


def solve(merchant_id: UUID, channel_id: UUID, external_id: str, wish: SaleSolution) -> SaleStands:
    """Try the order again with the products that were named, or ignore it. Opens its transactions.

    Raises NotFound, SaleSolved for one that was taken, UnknownLine, UnknownProduct.
    """
    note = partial(_note, merchant_id, channel_id, external_id, wish)
    found = in_transaction(note, tenancy.of(merchant_id))
    return found if isinstance(found, SaleStands) else apply(found)


def _note(merchant_id: UUID, channel_id: UUID, external_id: str, wish: SaleSolution) -> SaleStands | Reading:
    asked = source(merchant_id, channel_id)
    sale = row.locked(merchant_id, channel_id, external_id)
    if sale is None:
        raise NotFound
    if sale.state is SaleState.TAKEN:
        raise SaleSolved
    if wish.ignore:
        row.say(sale, SaleState.IGNORED, wish.reason)
        return stands(sale)
    _choose(sale, wish.lines)
    row.say(sale, SaleState.PARKED, row.BEING_TAKEN)
    return Reading(asked, read(sale.seen), sale.read_at)


def _choose(sale: Sale, lines: Mapping[int, UUID]) -> None:
    order, applied = read(sale.seen), AppliedSale.read(sale.applied)
    rows = select(Product.id).where(Product.merchant_id == sale.merchant_id, Product.id.in_(sorted(lines.values())))
    there = set(session().execute(rows).scalars()) if lines else set()
    for number, product_id in lines.items():
        if not 1 <= number <= len(order.lines) or order.lines[number - 1].key in applied.lines:
            raise UnknownLine(errors={"lines": {str(number): ["There is no line of this number to be solved."]}})
        if product_id not in there:
            raise UnknownProduct(errors={"lines": {str(number): ["This merchant has no such product."]}})
        applied.chosen[order.lines[number - 1].key] = product_id
    sale.applied = applied.written()
