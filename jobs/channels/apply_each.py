"""Orders of a shop applied one by one, each in transactions of its own: one that can't be keeps nobody else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from jobs.sweep import guarded, in_halves
from merchant_api.channels.sales.apply import apply
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.seen import storable
from merchant_api.channels.sales.settle import park
from merchant_api.channels.sales.source import Source
from merchant_api.channels.shop_orders import ShopOrder
from merchant_api.core.db import in_transaction
from merchant_api.core.tenancy import of

NAME = "channel_orders"
NOT_APPLIED = "It could not be applied, for a reason that is in the log of this installation: tell who runs it."


@dataclass(slots=True)
class Told:
    """An order to be applied; logs name it by its id alone."""

    id: str
    reading: Reading
    is_stale: bool = False


def apply_each(source: Source, orders: Iterable[ShopOrder], read_at: datetime, keep: Callable[[], None]) -> list[str]:
    """Apply orders that were read at an instant; gives the ids of those of which something newer was told meanwhile.

    `keep` is called before each, and what it raises ends it.
    """
    again = []
    for order in orders:
        keep()
        told = Told(order.external_id, Reading(source, order, read_at))
        in_halves(NAME, [told], _apply, _leave)
        if told.is_stale:
            again.append(told.id)
    return again


def _apply(told: list[Told]) -> int:
    for each in told:
        each.is_stale = apply(each.reading).is_stale
    return len(told)


def _leave(told: Told) -> None:
    """It is shown to people as far as it can be kept at all."""
    reading = told.reading
    kept = Reading(reading.source, storable(reading.order), reading.read_at)
    guarded(NAME, lambda: in_transaction(partial(park, kept, NOT_APPLIED), of(reading.source.merchant_id)))
