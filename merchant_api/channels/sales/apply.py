"""Apply what a shop says of an order, as often as it is told and by whatever way: the same in the end (DESIGN.md 8).

Settled and taken in turn, each in a transaction of its own that leaves the sale's row saying how far it came: a process
that is killed between two of them loses nothing, as whoever reads the order again goes on from there.
"""

from dataclasses import replace
from functools import partial

from merchant_api.channels.sales.applied import AppliedSale
from merchant_api.channels.sales.errors import SaleMoved
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.seen import storable
from merchant_api.channels.sales.settle import SaleStands, park, settle
from merchant_api.channels.sales.take import Taking, placement
from merchant_api.core import tenancy
from merchant_api.core.db import in_transaction
from merchant_api.core.errors import Refusal
from merchant_api.orders.errors import SeenBefore
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Placed, Refused

MOST_TURNS = 200


def apply(told: Reading) -> SaleStands:
    """Bring stock, orders and money into line with a shop's order; what can't be is parked. Opens its transactions."""
    reading = replace(told, order=storable(told.order))
    whose, passed_over, is_new = tenancy.of(reading.source.merchant_id), 0, False
    for _ in range(MOST_TURNS):
        try:
            found = in_transaction(partial(settle, reading), whose)
            if isinstance(found, SaleStands):
                return replace(found, is_new=found.is_new or is_new)
            refusal = None if found is None else _take(found, passed_over)
            is_new = is_new or (found is not None and found.is_first and refusal is None)
        except Refusal as refused:
            refusal = refused
        if isinstance(refusal, SeenBefore):  # another order of the shop has this id, which ends in a number as ours do
            passed_over += 1
        elif refusal is not None and not isinstance(refusal, SaleMoved):
            return in_transaction(partial(park, reading, f"It could not be taken: {refusal.detail}"), whose)
    return in_transaction(partial(park, reading, "It changed again and again while it was taken."), whose)


def _take(taking: Taking, passed_over: int) -> Refusal | None:
    """Place the order; gives the refusal where it does not stand."""
    source = taking.source
    number = len(AppliedSale.read(taking.basis).orders) + 1 + passed_over
    wanted = in_transaction(partial(placement, taking, number), tenancy.of(source.merchant_id))
    (result,) = place(source.merchant_id, [wanted])
    if isinstance(result, Refused):
        return result.refusal
    if not isinstance(result, Placed):
        raise AssertionError("placed without a key, and replayed")
    return None
