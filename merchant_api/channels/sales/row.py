"""The row of a sale: made once, locked by whoever applies what its shop says, before any order and any cell."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.channels.sale_models import Sale
from merchant_api.channels.sales.seen import written
from merchant_api.channels.sales.source import Source
from merchant_api.channels.shop_orders import ShopOrder
from merchant_api.channels.states import SaleState
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id

BEING_TAKEN = "It was not taken yet: it is tried again when the shop tells of it."
LONGEST_WHY = 2000


def locked(merchant_id: UUID, channel_id: UUID, external_id: str) -> Sale | None:
    """The row under its lock, or None where the order was never seen."""
    if "\0" in external_id:  # no shop has such an id, and no database takes it
        return None
    rows = select(Sale).where(
        Sale.merchant_id == merchant_id, Sale.channel_id == channel_id, Sale.external_id == external_id
    )
    return session().execute(rows.with_for_update(), execution_options={"populate_existing": True}).scalar_one_or_none()


def made(source: Source, order: ShopOrder, read_at: datetime) -> Sale:
    """The row under its lock, made where it is not there; who makes it at the same moment is waited for."""
    row = {
        "merchant_id": source.merchant_id,
        "id": new_id(),
        "channel_id": source.channel_id,
        "external_id": order.external_id,
        "name": order.name,
        "state": SaleState.PARKED,
        "why": BEING_TAKEN,
        "order_id": None,
        "seen": written(order),
        "applied": {},
        "is_open": order.is_open,
        "placed_at": order.placed_at,
        "read_at": read_at,
        "created_at": clock.now(),
    }
    session().execute(insert(Sale).values(row).on_conflict_do_nothing())
    found = locked(source.merchant_id, source.channel_id, order.external_id)
    if found is None:
        raise AssertionError("a sale vanished")
    return found


def stand(sale: Sale, order: ShopOrder, read_at: datetime, state: SaleState, why: str | None) -> None:
    """Note what the shop says now, and what became of it."""
    sale.name, sale.is_open = order.name, order.is_open
    sale.seen = written(order)
    sale.read_at = max(sale.read_at, read_at)
    say(sale, state, why)


def say(sale: Sale, state: SaleState, why: str | None) -> None:
    """Note what became of it."""
    sale.state = state
    sale.why = None if not why else why[:LONGEST_WHY]
