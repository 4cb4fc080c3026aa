"""Bring what we did for a sale into line with what its shop says, as far as it needs no new order of ours.

In one transaction, under the lock of the sale, then of its orders, then of cells: what leaves, what comes back, what is
paid, what is delivered. What is left is to be taken (`take.py`), and then it is settled once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from merchant_api.channels.sale_models import Sale
from merchant_api.channels.sales import row
from merchant_api.channels.sales.applied import AppliedSale
from merchant_api.channels.sales.find import products_of
from merchant_api.channels.sales.give_back import give_back
from merchant_api.channels.sales.plan import adopt, wishes
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.standing import follow, problems_of
from merchant_api.channels.sales.take import Taking
from merchant_api.channels.states import SaleState

NOTHING_LEFT = "Nothing of it is sold any more, and nothing was taken of it here."


@dataclass(frozen=True, slots=True)
class SaleStands:
    """What became of a shop's order. `state` None: nothing of it is sold, and it is not kept.

    `is_new`: it was never seen before. `is_stale`: a newer reading was applied before, and nothing was changed.
    """

    state: SaleState | None
    order_id: UUID | None = None
    why: str | None = None
    is_new: bool = False
    is_stale: bool = False


def settle(reading: Reading) -> SaleStands | Taking | None:
    """Do what can be done, and give what became of it or what is still to be taken; None: there may be more to do."""
    source, order = reading.source, reading.order
    sale = row.locked(source.merchant_id, source.channel_id, order.external_id)
    if sale is None and not any(line.taken > 0 for line in order.lines):
        return SaleStands(None)
    if sale is not None and sale.read_at > reading.read_at:
        return replace(stands(sale), is_stale=True)
    if sale is not None and sale.state is SaleState.IGNORED:
        row.stand(sale, order, reading.read_at, SaleState.IGNORED, sale.why)
        return stands(sale)
    applied = AppliedSale.read({} if sale is None else sale.applied)
    found = products_of(source, order, applied)
    adopt(order, applied, found.products)
    asked = wishes(order, applied, is_known=not found.problems)
    if sale is not None:
        is_step = give_back(reading, applied, asked)
        sale.applied = applied.written()
        if is_step:
            return None
    takes = [each for each in asked if each.takes]
    known = [each for each in takes if each.key in found.products]
    problems = problems_of(source, order, takes) if takes else []
    if known and not problems and (applied.orders or not found.problems):
        basis = {} if sale is None else sale.applied
        return Taking(source, order, reading.read_at, known, found.products, basis, is_first=sale is None)
    kept = sale or row.made(source, order, reading.read_at)
    _end(reading, kept, applied, [*found.problems, *problems])
    return replace(stands(kept), is_new=sale is None)


def stands(sale: Sale) -> SaleStands:
    """How a row says that it stands."""
    return SaleStands(sale.state, sale.order_id, sale.why)


def park(reading: Reading, why: str) -> SaleStands:
    """Keep the order with what is wrong, for somebody to solve."""
    sale = row.made(reading.source, reading.order, reading.read_at)
    if sale.state is not SaleState.IGNORED:
        row.stand(sale, reading.order, reading.read_at, SaleState.PARKED, why)
    return stands(sale)


def _end(reading: Reading, sale: Sale, applied: AppliedSale, problems: Sequence[str]) -> None:
    """Nothing is to be taken, or nothing of it can be: say where the sale stands."""
    order = reading.order
    follow(reading.source, order, applied)
    if problems:
        row.stand(sale, order, reading.read_at, SaleState.PARKED, " ".join(problems))
    elif sale.order_id is None:
        row.stand(sale, order, reading.read_at, SaleState.TAKEN, NOTHING_LEFT)
    else:
        row.stand(sale, order, reading.read_at, SaleState.TAKEN, " ".join(order.notes))
