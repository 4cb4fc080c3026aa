"""Record what happened, in the transaction in which it happened, with its payload frozen.

A payload carries a version `v` and ids, not people's data (DESIGN.md 4.9). What changed in stock is told to no person:
it is noted for those who gather it (`noted.py`), and no worker that fans out ever claims it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.outbox.models import Event, EventState

VERSION = 1
STOCK_CHANGED = "stock.changed"
GATHERED = frozenset({STOCK_CHANGED})


@dataclass(frozen=True, slots=True)
class Happening:
    """An event before it is a row; `type` as `order.accepted`."""

    merchant_id: UUID
    type: str
    order_id: UUID | None
    payload: Mapping[str, Any]

    def values(self) -> dict[str, Any]:
        """The columns of the row, for a statement that writes many."""
        instant = clock.now()
        return {
            "merchant_id": self.merchant_id,
            "id": new_id(),
            "type": self.type,
            "order_id": self.order_id,
            "payload": {"v": VERSION, **self.payload},
            "happened_at": instant,
            "state": first_state(self.type),
            "due_at": instant,
            "lease_token": None,
            "attempts": 0,
        }


def first_state(type_: str) -> EventState:
    """Pending, for who fans it out; noted, what is gathered by its products."""
    return EventState.NOTED if type_ in GATHERED else EventState.PENDING


def record(happening: Happening) -> None:
    """Add the event to the caller's transaction."""
    session().add(Event(**happening.values()))
